import type { OperatorName } from '../iam/conditions/operators.ts';
import { type Json, JsonNumber, JsonObject } from '../iam/json.ts';
import { parseAwsPrincipal } from '../iam/principals.ts';
import { isAccountId, splitArn } from '../model/arn.ts';
import { addCondition } from './condition-edits.ts';
import { listOf, memberOf, oneOrList, withMember } from './policy-json.ts';
import { refuse, SPELL_OUT } from './refusal.ts';
import type { DerivedStatement } from './remediation.ts';

/** A statement, and the principal that `*` was written for when it was another. */
export type SpeltStatement = Pick<DerivedStatement, 'object' | 'wildcard'>;

function asIs(object: JsonObject): SpeltStatement {
  return { object, wildcard: null };
}

/** The statement with principals that IAM saves: several when some were written with wildcards. */
export function repairPrincipals(
  statement: JsonObject,
  where: string,
  rewritten: (sentence: string) => void,
): readonly SpeltStatement[] {
  const name = memberOf(statement, 'Principal') === undefined ? 'NotPrincipal' : 'Principal';
  const element = memberOf(statement, name);
  if (name === 'NotPrincipal' && memberOf(statement, 'Effect') === 'Deny')
    refuse(
      `${where} is a Deny with NotPrincipal, which IAM does not save in a trust policy`,
      'deny `{"AWS": "*"}` with a condition on aws:PrincipalArn instead',
    );
  if (element === '*') {
    rewritten(`IAM does not save the principal \`"*"\`; in ${where} it is written \`{"AWS": "*"}\`.`);
    return [asIs(withMember(statement, name, new JsonObject([['AWS', '*']])))];
  }
  if (!(element instanceof JsonObject)) refuse(`the ${name} of ${where} is no object`, SPELL_OUT);
  for (const type of element.repeated)
    refuse(`\`${type}\` occurs more than once in the ${name} of ${where}`, SPELL_OUT);
  const globs: string[] = [];
  const kept: Json[] = [];
  for (const [type, value] of element.members) {
    if (type !== 'AWS' && type !== 'Service' && type !== 'Federated')
      refuse(`\`${type}\` in ${where} is no kind of principal that a trust policy can have`, SPELL_OUT);
    for (const item of listOf(value)) {
      const text = item instanceof JsonNumber ? item.text : item;
      if (typeof text !== 'string') refuse(`${where} has a principal that is no text`, SPELL_OUT);
      if (type !== 'AWS') continue;
      const principal = parseAwsPrincipal(text);
      if (principal === null) refuse(`${where} has an empty principal`, SPELL_OUT);
      if (principal.kind !== 'undefined') kept.push(item);
      else if (principal.glob) globs.push(text);
      else refuse(`\`${text}\` in ${where} is no principal that AWS defines`, SPELL_OUT);
    }
  }
  if (globs.length === 0) return [asIs(statement)];
  if (name !== 'Principal' || memberOf(statement, 'Effect') !== 'Allow')
    refuse(
      `${where} has wildcards in ${quoted(globs)}, which IAM does not save`,
      'write `{"AWS": "*"}` with an ArnLike condition on aws:PrincipalArn instead',
    );
  const others = element.members.flatMap((member): readonly (readonly [string, Json])[] => {
    if (member[0] !== 'AWS') return [member];
    return kept.length === 0 ? [] : [['AWS', oneOrList(kept)]];
  });
  rewritten(
    `IAM does not save wildcards in a principal; in ${where} ${quoted(globs)} ${globs.length === 1 ? 'is' : 'are'} written as a condition on aws:PrincipalArn.`,
  );
  const rest = others.length === 0 ? [] : [asIs(withMember(statement, 'Principal', new JsonObject(others)))];
  return [...rest, ...statementsOfGlobs(statement, globs, where)];
}

/** Operators that compare ARNs with wildcards, the one that stays within the parts of an ARN first. */
const ARN_OPERATORS: readonly OperatorName[] = ['ArnLike', 'ArnEquals', 'StringLike'];

/**
 * A principal with wildcards as AWS advises to write it: the whole account, or everybody, together with a condition
 * on aws:PrincipalArn (https://repost.aws/knowledge-center/iam-trust-policy-error). One statement for each account.
 */
function statementsOfGlobs(
  statement: JsonObject,
  globs: readonly string[],
  where: string,
): readonly SpeltStatement[] {
  const byPrincipal = new Map<string, string[]>();
  for (const glob of new Set(globs)) {
    const arn = splitArn(glob);
    if (arn?.service !== 'iam' || !/^(?:user|role)\/./.test(arn.resource)) {
      refuse(
        `\`${glob}\` in ${where} has wildcards that cannot be written as a condition on aws:PrincipalArn`,
        'name the roles and users that are meant, or their whole account',
      );
    }
    const principal =
      isAccountId(arn.account) && !/[*?]/.test(arn.partition)
        ? `arn:${arn.partition}:iam::${arn.account}:root`
        : '*';
    byPrincipal.set(principal, [...(byPrincipal.get(principal) ?? []), glob]);
  }
  return [...byPrincipal].map(([principal, patterns]) => {
    const narrowed = withMember(statement, 'Principal', new JsonObject([['AWS', principal]]));
    const conditioned = addCondition(narrowed, ARN_OPERATORS, 'aws:PrincipalArn', oneOrList(patterns));
    const object =
      conditioned ??
      refuse(
        `${where} tests aws:PrincipalArn under every operator that could take \`${patterns[0]}\``,
        'name the roles and users that are meant',
      );
    return { object, wildcard: patterns[0] ?? null };
  });
}

/** Texts of the policy in a sentence. */
export function quoted(texts: readonly string[]): string {
  return texts.map((text) => `\`${text}\``).join(', ');
}

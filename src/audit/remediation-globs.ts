import { isAccountId, splitArn } from '../iam/arn.ts';
import { JsonObject } from '../iam/json.ts';
import { addCondition } from './remediation-conditions.ts';
import { oneOrList, withMember } from './remediation-json.ts';
import { refuse } from './remediation-refusal.ts';
import type { DerivedStatement } from './remediation-types.ts';

/** Operators that compare ARNs with wildcards, the one that stays within the parts of an ARN first. */
const ARN_OPERATORS = ['ArnLike', 'ArnEquals', 'StringLike'];

/**
 * A principal with wildcards as AWS advises to write it: the whole account, or everybody, together with a condition
 * on aws:PrincipalArn (https://repost.aws/knowledge-center/iam-trust-policy-error). One statement for each account.
 */
export function statementsOfGlobs(
  statement: JsonObject,
  globs: readonly string[],
  where: string,
): readonly Pick<DerivedStatement, 'object' | 'wildcard'>[] {
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

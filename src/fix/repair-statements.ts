import { actionCovers, TRUST_ACTIONS } from '../iam/actions.ts';
import { spellOperator } from '../iam/conditions/operators.ts';
import { parseConditions } from '../iam/conditions/parse.ts';
import { JsonObject } from '../iam/json.ts';
import { spellElement } from '../iam/trust-policy.ts';
import { listOf, memberOf, oneOrList, renameMember, withMember, withoutMember } from './policy-json.ts';
import { refuse, SPELL_OUT } from './refusal.ts';
import type { DerivedStatement, PolicyChange } from './remediation.ts';
import { quoted, repairPrincipals, type SpeltStatement } from './repair-principals.ts';

/**
 * Brings a trust policy into the form that IAM saves: a policy it would refuse cannot be put in place. Only what has
 * one obvious reading is rewritten, and never so that more requests get in than by the most generous reading of the
 * original. Everything else is refused with advice.
 */
export function repairStatements(document: JsonObject): {
  readonly statements: readonly DerivedStatement[];
  readonly changes: readonly PolicyChange[];
} {
  const changes: PolicyChange[] = [];
  for (const key of document.repeated) {
    refuse(`\`${key}\` occurs more than once in the policy`, SPELL_OUT);
  }
  for (const [key] of document.members) {
    if (key !== 'Version' && key !== 'Id' && key !== 'Statement')
      refuse(`\`${key}\` is no element of a policy`, SPELL_OUT);
  }
  const version = memberOf(document, 'Version');
  if (version !== undefined && version !== '2012-10-17' && version !== '2008-10-17')
    refuse(
      'the Version of the policy is none that AWS defines',
      'write `2012-10-17`, and judge the policy with `trustsieve check`',
    );
  const items = listOf(memberOf(document, 'Statement'));
  const statements = items.flatMap((item, origin) => {
    if (!(item instanceof JsonObject)) refuse(`statement ${origin} is not a JSON object`, SPELL_OUT);
    return repairStatement(item, origin, changes).map(({ object, wildcard }, part) => ({
      origin,
      object,
      suffix: part === 0 ? '' : 'Pattern',
      wildcard,
    }));
  });
  return { statements, changes };
}

function repairStatement(
  item: JsonObject,
  origin: number,
  changes: PolicyChange[],
): readonly SpeltStatement[] {
  const where = `statement ${origin}`;
  const rewritten = (sentence: string): void => {
    changes.push({ statement: origin, kind: 'rewritten', sentence });
  };
  let statement = spellElements(item, where, rewritten);
  const effect = memberOf(statement, 'Effect');
  if (effect !== 'Allow' && effect !== 'Deny')
    refuse(`the Effect of ${where} is neither Allow nor Deny`, SPELL_OUT);
  statement = repairActions(statement, where, rewritten);
  statement = repairConditions(statement, where, rewritten);
  return repairPrincipals(statement, where, rewritten);
}

function spellElements(item: JsonObject, where: string, rewritten: (sentence: string) => void): JsonObject {
  let statement = item;
  const seen = new Set<string>();
  for (const [key] of item.members) {
    const name = spellElement(key);
    if (name === null) {
      if (key !== 'Resource' && key !== 'NotResource')
        refuse(`${where} has an element \`${key}\` that no statement has`, SPELL_OUT);
      statement = withoutMember(statement, key);
      rewritten(`\`${key}\` has no place in a trust policy and is left out of ${where}.`);
      continue;
    }
    if (seen.has(name)) refuse(`\`${name}\` occurs more than once in ${where}`, SPELL_OUT);
    seen.add(name);
    if (name === key) continue;
    statement = renameMember(statement, key, name);
    rewritten(`IAM knows no element \`${key}\`; in ${where} it is spelt \`${name}\`.`);
  }
  for (const name of ['Principal', 'Action']) {
    if (seen.has(name) && seen.has(`Not${name}`))
      refuse(`${where} has both ${name} and Not${name}`, SPELL_OUT);
    if (!seen.has(name) && !seen.has(`Not${name}`)) refuse(`${where} has no ${name}`, SPELL_OUT);
  }
  return statement;
}

function repairActions(
  statement: JsonObject,
  where: string,
  rewritten: (sentence: string) => void,
): JsonObject {
  const name = memberOf(statement, 'Action') === undefined ? 'NotAction' : 'Action';
  const actions = listOf(memberOf(statement, name)).map((action) =>
    typeof action === 'string' ? action : refuse(`${where} has an action that is no text`, SPELL_OUT),
  );
  const foreign = actions.filter((action) => !/^sts:/i.test(action));
  if (foreign.length === 0 && actions.length > 0) return statement;
  if (name === 'NotAction') refuse(`${where} has a NotAction that IAM would not save`, SPELL_OUT);
  const spelt = actions.flatMap((action) =>
    foreign.includes(action) ? TRUST_ACTIONS.filter((known) => actionCovers(action, known)) : [action],
  );
  if (spelt.length === 0) refuse(`${where} has no action that a trust policy can have`, SPELL_OUT);
  rewritten(
    `A trust policy may name STS actions only; in ${where} ${quoted(foreign)} is spelt out as what it covers of them.`,
  );
  return withMember(statement, name, oneOrList([...new Set(spelt)]));
}

function repairConditions(
  statement: JsonObject,
  where: string,
  rewritten: (sentence: string) => void,
): JsonObject {
  const condition = memberOf(statement, 'Condition');
  if (condition === undefined) return statement;
  if (!(condition instanceof JsonObject)) refuse(`the Condition of ${where} is no object`, SPELL_OUT);
  for (const operator of condition.repeated)
    refuse(`the operator \`${operator}\` occurs more than once in ${where}`, SPELL_OUT);
  let repaired = condition;
  for (const [operator, block] of condition.members) {
    const spelt = spellOperator(operator);
    if (spelt === null) refuse(`\`${operator}\` in ${where} is no condition operator`, SPELL_OUT);
    if (!(block instanceof JsonObject))
      refuse(`the operator \`${operator}\` in ${where} has no object of keys and values`, SPELL_OUT);
    const keys = block.members.map(([key]) => key.toLowerCase());
    const repeated = block.members.find(([key], at) => keys.indexOf(key.toLowerCase()) !== at);
    if (repeated !== undefined)
      refuse(
        `the key \`${repeated[0]}\` occurs more than once under \`${operator}\` in ${where}`,
        `${SPELL_OUT}: names of condition keys ignore case`,
      );
    if (spelt === operator) continue;
    if (memberOf(repaired, spelt) !== undefined)
      refuse(`${where} has the operators \`${operator}\` and \`${spelt}\``, SPELL_OUT);
    repaired = renameMember(repaired, operator, spelt);
    rewritten(`IAM knows no operator \`${operator}\`; in ${where} it is spelt \`${spelt}\`.`);
  }
  if (parseConditions(repaired, 'variables').some(({ kind }) => kind === 'undefined'))
    refuse(`the Condition of ${where} has a value that is neither text, number nor boolean`, SPELL_OUT);
  return repaired === condition ? statement : withMember(statement, 'Condition', repaired);
}

import { PRINCIPAL_ACCOUNT, PRINCIPAL_ARN, PRINCIPAL_TYPE, USERNAME } from '../iam/conditions/keys.ts';
import type { Condition, ConditionValue } from '../iam/conditions/parse.ts';
import { type Json, JsonNumber, JsonObject } from '../iam/json.ts';
import type { Principal } from '../iam/principals.ts';
import { isAccountId, splitInSix } from '../model/arn.ts';
import type { Subject } from './guard-plans.ts';
import { listOf, memberOf, oneOrList, renameMember, withMember } from './policy-json.ts';

/** The statement for these AWS principals alone. */
export function withPrincipals(statement: JsonObject, principals: readonly Json[]): JsonObject {
  const named = renameMember(statement, 'NotPrincipal', 'Principal');
  return withMember(named, 'Principal', new JsonObject([['AWS', oneOrList(principals)]]));
}

/** The statement without some of its AWS principals; null when none of any kind is left. */
export function withoutPrincipals(statement: JsonObject, gone: ReadonlySet<string>): JsonObject | null {
  const element = memberOf(statement, 'Principal');
  if (!(element instanceof JsonObject)) return null;
  const members = element.members.flatMap((member): readonly (readonly [string, Json])[] => {
    if (member[0] !== 'AWS') return [member];
    const kept = listOf(member[1]).filter((item) => !gone.has(textOf(item)));
    return kept.length === 0 ? [] : [['AWS', oneOrList(kept)]];
  });
  return members.length === 0 ? null : withMember(statement, 'Principal', new JsonObject(members));
}

function textOf(item: Json): string {
  return item instanceof JsonNumber ? item.text : String(item);
}

/** Who can come in through a principal, as far as the principal and the statement's conditions tell. */
export function callersOf(
  principal: Principal['kind'],
  conditions: readonly Condition[],
): Subject['callers'] {
  if (principal === 'user') return 'users';
  if (principal !== 'account' && principal !== 'anyone') return 'roles';
  for (const condition of conditions) {
    const values = acceptedValues(condition);
    if (values === null) continue;
    const all = (wanted: RegExp): boolean => values.every(({ text }) => wanted.test(text));
    if (condition.key === PRINCIPAL_ARN) {
      if (all(/^arn:[^:]*:iam::[^:]*:role\//)) return 'roles';
      if (all(/^arn:[^:]*:iam::[^:]*:user\//)) return 'users';
    }
    if (condition.key === PRINCIPAL_TYPE) {
      if (all(/^AssumedRole$/)) return 'roles';
      if (all(/^User$/)) return 'users';
    }
    if (condition.key === USERNAME && condition.kind === 'compare' && !condition.ifExists) return 'users';
  }
  return 'both';
}

/** The values that a request's key must be among; null when the condition does not confine it to values. */
function acceptedValues(condition: Condition): readonly ConditionValue[] | null {
  if (condition.kind !== 'compare' || condition.negated || condition.quantifier === 'for-all') return null;
  return condition.values.length === 0 ? null : condition.values;
}

/**
 * The accounts that conditions on the caller's account or ARN name in so many words, even where their wildcards
 * reach further (`arn:*:iam::111122223333:*` also matches a crafted path of a foreign role). Null when they name none.
 */
export function accountsNamed(conditions: readonly Condition[], own: string): readonly string[] | null {
  let named: ReadonlySet<string> | null = null;
  for (const condition of conditions) {
    if (condition.key !== PRINCIPAL_ACCOUNT && condition.key !== PRINCIPAL_ARN) continue;
    const values = acceptedValues(condition);
    if (values === null) continue;
    const accounts = values.map(({ text }) =>
      condition.key === PRINCIPAL_ACCOUNT ? accountOf(text, own) : accountInArn(text),
    );
    if (accounts.includes(null)) continue;
    const these = accounts as readonly string[];
    named = new Set(named === null ? these : these.filter((account) => named?.has(account)));
  }
  return named === null ? null : [...named].sort();
}

function accountOf(text: string, own: string): string | null {
  if (/^\$\{\s*aws:resourceaccount\s*\}$/i.test(text)) return own;
  return isAccountId(text) ? text : null;
}

/** The account in an ARN pattern: in its fifth part, or where a wildcard stands for the parts before it. */
function accountInArn(pattern: string): string | null {
  if (pattern.includes('${')) return null;
  const parts = splitInSix(pattern);
  if (parts !== null) {
    const account = parts[4] as string;
    return isAccountId(account) ? account : null;
  }
  const [, account] = /^(?:arn:[^:]*)?\*[^\d]*(\d{12})(?![\d])(?=[:*]|$)/.exec(pattern) ?? [];
  return account !== undefined && /[:*]$/.test(pattern.slice(0, pattern.indexOf(account))) ? account : null;
}

import { ORGANISATION_KEYS, PRINCIPAL_ACCOUNT } from '../iam/conditions/keys.ts';
import type { OperatorName } from '../iam/conditions/operators.ts';
import type { Condition } from '../iam/conditions/parse.ts';
import type { JsonObject } from '../iam/json.ts';
import type { Statement } from '../iam/trust-policy.ts';
import { isAccountId } from '../model/arn.ts';
import { addCondition, replaceCondition } from './condition-edits.ts';
import { type Draft, pathsWith } from './draft.ts';
import { refuse } from './refusal.ts';
import type { DerivedStatement } from './remediation.ts';
import { accountsNamed, withPrincipals } from './statement-principals.ts';

/** What a statement for everybody comes down to when its conditions are taken at their word. */
export interface Narrowed {
  /** The wildcard, for sentences. */
  readonly wildcard: string;
  /** Other accounts that are to be named instead. */
  readonly outside: readonly string[];
  /** The statement for the own account alone; null when the own account does not come in this way. */
  readonly inside: JsonObject | null;
}

const NAME_THEM = 'name the accounts that are meant as principals';

/**
 * Narrows a wildcard or NotPrincipal to the accounts that the conditions confine it to, or name in so many words;
 * refuses where they do neither, since only a person can say who is meant.
 */
export function narrow(draft: Draft, index: number, principals: readonly string[]): Narrowed {
  const { exceptPrincipals } = draft.parsed[index] as Statement;
  const { origin, wildcard } = draft.statements[index] as DerivedStatement;
  const what = exceptPrincipals ? 'NotPrincipal' : `the principal \`${wildcard ?? '*'}\``;
  const reached = draft.paths.filter(
    (path) => path.statement === index && principals.includes(path.principal),
  );
  const accounts = accountsBehind(draft, index, new Set(reached.map(({ account }) => account)), what);
  return {
    wildcard: `${what} of statement ${origin}`,
    outside: accounts.filter((account) => account !== draft.own),
    inside: ownPart(draft, index, accounts),
  };
}

function accountsBehind(
  draft: Draft,
  index: number,
  reached: ReadonlySet<string>,
  what: string,
): readonly string[] {
  const { conditions, exceptPrincipals, principals } = draft.parsed[index] as Statement;
  const { origin } = draft.statements[index] as DerivedStatement;
  const accounts = reached.has('*') ? accountsNamed(conditions, draft.own) : [...reached].sort();
  if (accounts === null) {
    if (conditions.some(({ key }) => ORGANISATION_KEYS.has(key)))
      refuse(`${what} of statement ${origin} lets in every account of an organisation`, NAME_THEM);
    refuse(
      `${what} of statement ${origin} lets in accounts that no condition names`,
      `${NAME_THEM}; an external ID is no secret and does not keep the world out`,
    );
  }
  const inPart = principals.find(
    (except) =>
      'account' in except &&
      except.kind !== 'account' &&
      except.account !== null &&
      (accounts.includes(except.account) || except.account === draft.own),
  );
  if (exceptPrincipals && inPart !== undefined) {
    refuse(
      `NotPrincipal of statement ${origin} leaves out \`${inPart.text}\` only, and IAM does not save it`,
      'name the principals that are meant, and deny the others by a Deny with a condition on aws:PrincipalArn',
    );
  }
  return accounts.filter(isAccountId);
}

/**
 * What a statement for everybody says to the own account, said to it alone. It stays a wildcard with a condition,
 * because naming the account would ask its principals for permissions of their own
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).
 */
function ownPart(draft: Draft, index: number, accounts: readonly string[]): JsonObject | null {
  const { own, text } = draft;
  const { object, origin } = draft.statements[index] as DerivedStatement;
  const { conditions, exceptPrincipals, principals } = draft.parsed[index] as Statement;
  const excepted = principals.some((except) => except.kind === 'account' && except.account === own);
  if (exceptPrincipals && excepted) return null;
  // The own account's ways in show when the policy is judged as if somebody else owned the role.
  const somebody = ['999999999999', '888888888888', '777777777777'].find(
    (account) => account !== own && !text.includes(account),
  );
  const byResource = /resourceaccount/i.test(text);
  if (somebody !== undefined && !byResource && !accounts.includes(own)) {
    if (pathsWith(draft, index, withPrincipals(object, [own]), somebody).length === 0) return null;
  }
  return (
    confinedTo(own, withPrincipals(object, ['*']), conditions) ??
    refuse(
      `statement ${origin} tests aws:PrincipalAccount under every operator that could confine it`,
      NAME_THEM,
    )
  );
}

/** With a condition that only the account meets; null when every operator that could hold it is taken. */
function confinedTo(
  account: string,
  statement: JsonObject,
  conditions: readonly Condition[],
): JsonObject | null {
  const named = conditions.find(
    (condition) =>
      condition.operator === 'StringEquals' &&
      condition.key === PRINCIPAL_ACCOUNT &&
      condition.kind === 'compare' &&
      condition.values.some(({ text }) => text === account),
  );
  if (named !== undefined) return replaceCondition(statement, named, named.operator, account);
  const operators: readonly OperatorName[] = ['StringEquals', 'StringEqualsIgnoreCase', 'StringLike'];
  return addCondition(statement, operators, 'aws:PrincipalAccount', account);
}

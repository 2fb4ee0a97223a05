import { type ExternalIdWeakness, externalIdWeakness, tellsName } from '../iam/external-id-strength.ts';
import { externalIdsOf } from '../iam/external-ids.ts';
import type { PathIn } from '../model/exposure.ts';
import type { AccountRelations } from '../model/relations.ts';
import type { GradedPath, PolicyVerdict, VerdictObject } from '../model/verdict.ts';

export interface WeakExternalId {
  readonly value: string;
  readonly weakness: ExternalIdWeakness;
}

/**
 * The external ids that a policy accepts and that are to be replaced, each once, in the order of the policy.
 *
 * @param paths the ways into a role of `account` that the policy leaves
 * @param names of the accounts, as far as they are known
 */
export function weakExternalIds(
  policyText: string,
  account: string,
  paths: readonly PathIn[],
  names: readonly string[],
): readonly WeakExternalId[] {
  if (!paths.some(({ guards }) => guards.includes('external-id'))) return [];
  const accounts = new Set([account, ...paths.map((path) => path.account)]);
  const found = new Map<string, WeakExternalId>();
  for (const { value } of externalIdsOf(policyText)) {
    const weakness =
      externalIdWeakness(value, accounts) ??
      (names.some((name) => tellsName(value, name)) ? 'guessable' : null);
    if (weakness !== null) found.set(value, { value, weakness });
  }
  return [...found.values()];
}

/**
 * The external ids that had better be replaced in a policy that needs no change all the same.
 *
 * @param policy null when there is none that can be read
 */
export function weakIdsOfPass(
  { verdict, severity, account, paths }: Pick<VerdictObject, 'verdict' | 'severity' | 'account' | 'paths'>,
  policy: string | null,
  relations: AccountRelations,
): readonly WeakExternalId[] {
  if (verdict !== 'pass' || severity === null || policy === null) return [];
  const accounts = [account, ...paths.map((path) => path.account)];
  const names = new Set(accounts.map((one) => relations.accounts.get(one)?.name));
  const known = [...names].filter((name) => name != null);
  return weakExternalIds(policy, account, paths, known);
}

/** What is to be done about it, as a sentence. */
export function weaknessSentence({ value, weakness }: WeakExternalId): string {
  return weakness === 'placeholder'
    ? `Replace the external ID \`${value}\`, which is a placeholder.`
    : `Replace the external ID \`${value}\`, which can be guessed, by a longer random one.`;
}

/**
 * Is an external id that a pass rests on the name of the account that owns the role or of one that gets in? Whoever
 * knows the two knows it too.
 *
 * @param policyText null when there is none that can be read
 */
export function namesExternalId(
  { verdict }: Pick<PolicyVerdict, 'verdict'>,
  paths: readonly GradedPath[],
  own: string,
  policyText: string | null,
  relations: AccountRelations,
): boolean {
  if (verdict !== 'pass' || policyText === null || relations.accounts.size === 0) return false;
  const guarded = paths.filter((path) => path.guards.includes('external-id'));
  if (guarded.length === 0) return false;
  const names = new Set([relations.accounts.get(own)?.name, ...guarded.map((path) => path.accountName)]);
  const known = [...names].filter((name) => name != null);
  return (
    known.length > 0 &&
    externalIdsOf(policyText).some(({ value }) => known.some((name) => tellsName(value, name)))
  );
}

import { pathKey } from '../audit/path-key.ts';
import type { PolicyVerdict } from '../audit/verdict.ts';

/** What can become of a finding, in the order summaries list it. */
export const CHANGES = ['new', 'resolved', 'changed', 'reopened', 'unchanged', 'not-comparable'] as const;
export type Change = (typeof CHANGES)[number];

/** Why; docs/history.md describes each. */
export type ChangeCause =
  | 'role-created'
  | 'policy-changed'
  | 'guard-added'
  | 'path-removed'
  | 'role-deleted'
  | 'role-recreated'
  | 'account-not-covered'
  | 'incomplete-evidence'
  | 'rule-changed';

/** Why a role that is still there no longer fails. Rules that know no ways in only tell that the policy changed. */
export function causeOfResolution(before: PolicyVerdict, after: PolicyVerdict): ChangeCause {
  const open = before.paths.filter((path) => path.guards.length === 0);
  if (open.length === 0) return 'policy-changed';
  const guardedBefore = new Set(before.paths.filter((path) => path.guards.length > 0).map(pathKey));
  const accounts = new Set(open.map((path) => path.account));
  // Who could come from anywhere may now have to come from one account.
  const guarded = after.paths.some(
    (path) =>
      path.guards.length > 0 &&
      !guardedBefore.has(pathKey(path)) &&
      (accounts.has(path.account) || accounts.has('*')),
  );
  return guarded ? 'guard-added' : 'path-removed';
}

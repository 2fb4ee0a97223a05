import { type Outcome, pathKey } from '../../model/exposure.ts';
import { CONFINED_NOTES } from '../../model/grading.ts';
import type { ChangeCounts } from '../../model/trend.ts';
import type { PolicyVerdict } from '../../model/verdict.ts';
import type { HeldVerdict } from '../look/judge.ts';

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
  | 'guardrail-added'
  | 'guardrail-changed'
  | 'guardrail-removed'
  | 'guardrails-unknown'
  | 'account-not-covered'
  | 'incomplete-evidence'
  | 'rule-changed';

/** What became of a finding between two looks at its account. */
export interface FindingChange {
  readonly change: Change;
  /** Null when unchanged. */
  readonly cause: ChangeCause | null;
  readonly rule: string;
  readonly arn: string;
  readonly roleId: string;
  /** The verdicts that count; null where the role did not exist, or where it or its verdict is not known. */
  readonly fromVerdict: Outcome | null;
  readonly toVerdict: Outcome | null;
  /** The verdict of the earlier side as last seen, also where that look leaves open whether it still held. */
  readonly stood: Outcome | null;
  /** There is no earlier look at the account and rule. */
  readonly baseline: boolean;
  /** Files of one moment disagree on the role, at one of the looks. */
  readonly disputed: boolean;
  readonly roleName: string;
  /** What the rule says at the earlier look; null as `fromVerdict`. */
  readonly past: HeldVerdict | null;
  /** What the rule says at the later look; null as `toVerdict`. */
  readonly present: HeldVerdict | null;
  /** The policies that were judged; null as the verdicts are. */
  readonly pastPolicy: number | null;
  readonly presentPolicy: number | null;
}

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

/** True when an account gets in that did not before, or anyone where not anyone did. */
export function letsMoreIn(past: HeldVerdict | null, present: HeldVerdict | null): boolean {
  if (past === null || present === null) return true;
  const isConfined = ({ notes }: HeldVerdict): boolean => notes.some((note) => CONFINED_NOTES.has(note));
  const before = openAccounts(past);
  if (before.has('*') && !isConfined(past)) return false;
  const after = openAccounts(present);
  if (after.has('*') && !isConfined(present)) return true;
  return [...after].some((account) => !before.has(account));
}

/** Accounts that get in unguarded; `*`: any. */
function openAccounts({ paths }: HeldVerdict): ReadonlySet<string> {
  return new Set(paths.filter(({ guards }) => guards.length === 0).map(({ account }) => account));
}

/** What a change is counted by. */
export type CountedChange = Pick<FindingChange, 'change' | 'baseline'>;

/** Counts changes. */
export interface ChangeTally {
  /** @param times how many there are of it */
  add(change: CountedChange, times?: number): void;
  counts(): ChangeCounts;
}

export function openChangeTally(): ChangeTally {
  const counts = {
    new: 0,
    resolved: 0,
    changed: 0,
    reopened: 0,
    unchanged: 0,
    notComparable: 0,
    baseline: 0,
  };
  return {
    add({ change, baseline }, times = 1) {
      counts[change === 'not-comparable' ? 'notComparable' : change] += times;
      if (baseline) counts.baseline += times;
    },
    counts: () => ({ ...counts }),
  };
}

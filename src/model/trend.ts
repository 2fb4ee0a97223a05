import type { Severity } from './verdict.ts';

export const TREND_PERIODS = ['day', 'week', 'month', 'quarter', 'year'] as const;
export type TrendPeriod = (typeof TREND_PERIODS)[number];

/** How it stood at the end of one calendar period (UTC; weeks end on Sunday) that has a capture. */
export interface TrendPoint {
  /** The last day of the period, `2026-03-31`. */
  readonly at: string;
  /** Accounts captured by then. */
  readonly accounts: number;
  /** Those of them with no capture within the period: they stand as last captured. */
  readonly carriedForward: number;
  readonly roles: number;
  /** Failing roles. */
  readonly fail: number;
  /**
   * `fail / roles`, from 0 to 1; 0 when there are no roles. Null where none of them could be decided, or none is shown and
   * some may be missing.
   */
  readonly failRate: number | null;
  /** Roles that could not be decided: each may fail. */
  readonly error: number;
  /** Findings since the point before that were not there then, in accounts covered at both; reopened ones too. */
  readonly new: number;
  /** Findings of the point before that are gone, in accounts covered at both. */
  readonly resolved: number;
  /** Failing roles by severity, graded by who is known now; they add up to `fail`. */
  readonly severities: Readonly<Record<Severity, number>>;
  /** Accounts that the first point covers too: like with like. */
  readonly comparableAccounts: number;
  /** The roles of these accounts, and the failing ones. */
  readonly comparableRoles: number;
  readonly comparableFail: number;
  readonly comparableError: number;
  /** Accounts of which the evidence by then may not show all roles. */
  readonly incompleteAccounts: number;
  /** Day of the newest capture by then. */
  readonly captured: string;
  /** The period was not over at the newest capture of all: it may still change. */
  readonly toDate: boolean;
}

/** What became of findings between two looks at each account. */
export interface ChangeCounts {
  readonly new: number;
  readonly resolved: number;
  readonly changed: number;
  readonly reopened: number;
  readonly unchanged: number;
  readonly notComparable: number;
  /** Those of `notComparable` of whose account and rule there is no earlier look. */
  readonly baseline: number;
}

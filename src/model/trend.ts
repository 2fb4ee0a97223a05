export const TREND_PERIODS = ['day', 'week', 'month', 'quarter'] as const;
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
  /** `fail / roles`, from 0 to 1; 0 when there are no roles. */
  readonly failRate: number;
  /** Findings since the point before that were not there then, in accounts covered at both; reopened ones too. */
  readonly new: number;
  /** Findings of the point before that are gone, in accounts covered at both. */
  readonly resolved: number;
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

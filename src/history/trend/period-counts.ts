import type { TrendPeriod, TrendPoint } from '../../model/trend.ts';
import { SEVERITIES, type Severity } from '../../model/verdict.ts';
import { periodEnd } from '../calendar.ts';

type Counted = Exclude<keyof TrendPoint, 'at' | 'failRate' | 'severities' | 'captured' | 'toDate'>;
export type SeverityCounts = Record<Severity, number>;

/** Of roles and failing ones, by how much they differ from the point before. */
export type PeriodCounts = Record<Counted, number> & { readonly severities: SeverityCounts };

/** One kind of period with its counters. */
export interface Calendar {
  readonly by: TrendPeriod;
  /** Last days, ascending. */
  readonly periods: readonly string[];
  readonly counts: readonly PeriodCounts[];
  /** Days with a capture, ascending. */
  readonly days: readonly string[];
}

/** @param days with a capture, ascending */
export function calendarOf(by: TrendPeriod, days: readonly string[]): Calendar {
  const periods = [...new Set(days.map((day) => periodEnd(day, by)))].sort();
  const counts = periods.map(
    (): PeriodCounts => ({
      accounts: 0,
      carriedForward: 0,
      roles: 0,
      fail: 0,
      new: 0,
      resolved: 0,
      comparableAccounts: 0,
      comparableRoles: 0,
      comparableFail: 0,
      severities: noSeverities(),
    }),
  );
  return { by, periods, counts, days };
}

export function noSeverities(): SeverityCounts {
  return { critical: 0, high: 0, medium: 0, low: 0 };
}

/** Roles, and the failing ones among them by severity. */
export interface RoleCounts {
  readonly roles: number;
  readonly severities: Readonly<SeverityCounts>;
}

/**
 * Adds them to a point, so many times.
 *
 * @param comparable they are of an account that the first point covers
 */
export function countRoles(
  count: PeriodCounts,
  { roles, severities }: RoleCounts,
  times: number,
  comparable: boolean,
): void {
  let fail = 0;
  for (const severity of SEVERITIES) {
    count.severities[severity] += severities[severity] * times;
    fail += severities[severity] * times;
  }
  count.roles += roles * times;
  count.fail += fail;
  if (!comparable) return;
  count.comparableRoles += roles * times;
  count.comparableFail += fail;
}

const RUNNING = ['roles', 'fail', 'comparableRoles', 'comparableFail'] as const;

/** Where these change is written down; a point has what they come to. */
export function pointsOf({ periods, counts, days }: Calendar): readonly TrendPoint[] {
  const sum = { roles: 0, fail: 0, comparableRoles: 0, comparableFail: 0 };
  const severities = noSeverities();
  const newest = days.at(-1) ?? '';
  let day = -1;
  return periods.map((at, index) => {
    const count = counts[index] as PeriodCounts;
    for (const key of RUNNING) sum[key] += count[key];
    for (const severity of SEVERITIES) severities[severity] += count.severities[severity];
    while (day + 1 < days.length && (days[day + 1] as string) <= at) day++;
    return {
      at,
      ...count,
      ...sum,
      failRate: sum.roles === 0 ? 0 : sum.fail / sum.roles,
      severities: { ...severities },
      captured: days[day] as string,
      toDate: newest < at,
    };
  });
}

import type { TrendPeriod, TrendPoint } from '../../model/trend.ts';
import { SEVERITIES, type Severity } from '../../model/verdict.ts';
import { counted } from '../../text/counted.ts';
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
      error: 0,
      new: 0,
      resolved: 0,
      comparableAccounts: 0,
      comparableRoles: 0,
      comparableFail: 0,
      comparableError: 0,
      incompleteAccounts: 0,
      severities: noSeverities(),
    }),
  );
  return { by, periods, counts, days };
}

export function noSeverities(): SeverityCounts {
  return { critical: 0, high: 0, medium: 0, low: 0 };
}

/** Roles, those among them that could not be decided, and the failing ones by severity. */
export interface RoleCounts {
  readonly roles: number;
  readonly error: number;
  readonly severities: Readonly<SeverityCounts>;
}

/**
 * Adds them to a point, so many times.
 *
 * @param comparable they are of an account that the first point covers
 */
export function countRoles(
  count: PeriodCounts,
  { roles, error, severities }: RoleCounts,
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
  count.error += error * times;
  if (!comparable) return;
  count.comparableRoles += roles * times;
  count.comparableFail += fail;
  count.comparableError += error * times;
}

const RUNNING = ['roles', 'fail', 'error', 'comparableRoles', 'comparableFail', 'comparableError'] as const;

/** Where these change is written down; a point has what they come to. */
export function pointsOf({ periods, counts, days }: Calendar): readonly TrendPoint[] {
  const sum = { roles: 0, fail: 0, error: 0, comparableRoles: 0, comparableFail: 0, comparableError: 0 };
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
      failRate: failRateOf(sum, count.incompleteAccounts),
      severities: { ...severities },
      captured: days[day] as string,
      toDate: newest < at,
    };
  });
}

function failRateOf(
  { roles, fail, error }: Pick<TrendPoint, 'roles' | 'fail' | 'error'>,
  incompleteAccounts: number,
): number | null {
  if (roles === 0) return incompleteAccounts > 0 ? null : 0;
  return error === roles ? null : fail / roles;
}

/** Why points before the last are incomplete: what holds for the last one is known of its evidence. */
export function pointReasons(points: readonly TrendPoint[]): readonly string[] {
  const earlier = points.slice(0, -1);
  const undecided = earlier.filter(({ error }) => error > 0);
  const cut = earlier.filter(({ incompleteAccounts }) => incompleteAccounts > 0);
  return [
    ...undecided
      .slice(0, 1)
      .map((point) => `${counted(point.error, 'role')} could not be decided at ${atPoint(point, undecided)}`),
    ...cut
      .slice(0, 1)
      .map(
        (point) =>
          `roles of ${counted(point.incompleteAccounts, 'account')} may be missing at ${atPoint(point, cut)}`,
      ),
  ];
}

function atPoint({ at }: TrendPoint, all: readonly TrendPoint[]): string {
  const more = all.length - 1;
  return more === 0 ? at : `${at}, and some at ${counted(more, 'more point')}`;
}

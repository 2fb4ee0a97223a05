import type { TrendPeriod, TrendPoint } from '../../model/trend.ts';
import type {
  CaptureRow,
  CaptureScope,
  ObservationRow,
  PolicyCount,
  StoreReader,
} from '../../store/index.ts';
import { periodEnd } from '../calendar.ts';
import { compareArn } from '../compare/compare-arn.ts';
import type { ComparedRule } from '../compare/compare-pair.ts';
import type { DisagreementTally } from '../completeness/disagreement-tally.ts';
import { rolesByArn } from '../look/arn-roles.ts';
import { type CurrentRole, currentRoles } from '../look/current-roles.ts';
import { everFailed, type Judge, judgeOf, worstOf } from '../look/judge.ts';
import { type Look, looksAt, turningPoints } from '../look/looks.ts';
import type { KnownRole } from '../look/nameless.ts';
import { type CountedGroup, groupedOver } from '../look/steady.ts';

type PeriodCounts = { -readonly [Key in keyof Omit<TrendPoint, 'at' | 'failRate'>]: number };

/** One kind of period with its counters. */
interface Calendar {
  readonly by: TrendPeriod;
  /** Last days, ascending. */
  readonly periods: readonly string[];
  readonly counts: readonly PeriodCounts[];
}

/**
 * How one built-in rule stood at the end of every calendar period with a capture.
 *
 * @param disagreements takes the roles on which files of one moment disagree, as they stood before the last point
 */
export function trendOf(
  reader: StoreReader,
  scope: CaptureScope,
  rule: string,
  by: TrendPeriod,
  disagreements?: DisagreementTally,
): readonly TrendPoint[] {
  return trendsOf(reader, scope, rule, [by], disagreements).get(by) ?? [];
}

/**
 * The same by several kinds of period. Reads every observation once, whatever the number of kinds, and holds one
 * counter for each period and kind of number.
 */
export function trendsOf(
  reader: StoreReader,
  scope: CaptureScope,
  rule: string,
  kinds: readonly TrendPeriod[],
  disagreements?: DisagreementTally,
): ReadonlyMap<TrendPeriod, readonly TrendPoint[]> {
  const latest = reader.accountLooks(scope);
  const days = new Set<string>();
  for (const { account, at } of latest) {
    for (const capture of reader.capturesOf(account, at)) days.add(periodEnd(capture.at, 'day'));
  }
  const calendars = kinds.map((by) => calendarOf(by, days));
  for (const look of latest) {
    const { account, at } = look;
    const captures = [...reader.capturesOf(account, at)];
    const all = calendars.map(({ by, periods, counts }) => ({
      looks: looksAt(periods, captures, by),
      counts,
    }));
    for (const { looks, counts } of all) countAccount(looks, counts);
    const judge = judgeOf(reader, account, rule);
    // Where there is only one capture nothing changes, and the database counts many times faster.
    const counted = captures.length === 1 ? reader.currentPolicies(look) : null;
    if (counted !== null) {
      const isFailing = (policy: number) => reader.outcomes(policy, account).get(rule)?.verdict === 'fail';
      for (const { looks, counts } of all) countOnce(counted, looks, isFailing, counts);
      continue;
    }
    const compared = [{ rule, judgeFrom: judge, judgeTo: judge }];
    for (const one of countedGroups(reader, account, captures)) {
      const rules = everFailed(reader, account, one.group, compared) ? compared : [];
      for (const { looks, counts } of all) {
        for (const role of countGroup(one, looks, rules, judge, counts)) {
          disagreements?.add({ account, arn: role.arn, roleId: role.roleId });
        }
      }
    }
  }
  return new Map(calendars.map((calendar) => [calendar.by, pointsOf(calendar)]));
}

/** The roles of each ARN; those of which every complete capture shows the same stand for each other, and come first. */
function* countedGroups(
  reader: StoreReader,
  account: string,
  captures: readonly CaptureRow[],
): Iterable<CountedGroup> {
  const complete = captures.filter((capture) => capture.complete);
  const [first, last] = [complete[0]?.at, complete.at(-1)?.at];
  const none = { steady: [], others: () => rolesByArn(reader, account) };
  const { steady, others } =
    first === undefined || last === undefined ? none : groupedOver(reader, account, { first, last });
  yield* steady;
  for (const group of others()) yield { group, count: 1 };
}

function calendarOf(by: TrendPeriod, days: Iterable<string>): Calendar {
  const periods = [...new Set([...days].map((day) => periodEnd(day, by)))].sort();
  const counts = periods.map(
    (): PeriodCounts => ({ accounts: 0, carriedForward: 0, roles: 0, fail: 0, new: 0, resolved: 0 }),
  );
  return { by, periods, counts };
}

function countAccount(looks: readonly (Look | null)[], counts: readonly PeriodCounts[]): void {
  for (const [index, look] of looks.entries()) {
    const count = counts[index];
    if (look === null || count === undefined) continue;
    count.accounts++;
    if (look === looks[index - 1]) count.carriedForward++;
  }
}

/** Adds the roles of an account at its only capture. */
function countOnce(
  policies: readonly PolicyCount[],
  looks: readonly (Look | null)[],
  isFailing: (policy: number) => boolean,
  counts: readonly PeriodCounts[],
): void {
  const count = counts[looks.findIndex((look) => look !== null)];
  if (count === undefined) return;
  for (const { policy, count: roles } of policies) {
    count.roles += roles;
    if (isFailing(policy)) count.fail += roles;
  }
}

/**
 * Adds the roles of one ARN, or of `count` ARNs alike: to `roles` and `fail` by how much they change at each point. Returns
 * those on which files of one moment disagree, of points before the last.
 *
 * @param compared the rule; none where it never failed any of them
 */
function countGroup(
  { group, count: times }: CountedGroup,
  looks: readonly (Look | null)[],
  compared: readonly ComparedRule[],
  judge: Judge,
  counts: readonly PeriodCounts[],
): ReadonlySet<KnownRole> {
  const disputed = new Set<KnownRole>();
  let roles = 0;
  let fail = 0;
  for (const index of turningPoints(observationsOf(group), looks)) {
    const count = counts[index];
    const to = looks[index] ?? null;
    if (count === undefined || to === null) continue;
    const current = currentRoles(group, to);
    const failing = compared.length === 0 ? 0 : current.filter((role) => isFailing(role, judge)).length;
    count.roles += (current.length - roles) * times;
    count.fail += (failing - fail) * times;
    roles = current.length;
    fail = failing;
    for (const { role, disputes } of current) {
      if (disputes.length > 0 && to !== looks.at(-1)) disputed.add(role);
    }
    const from = looks[index - 1] ?? null;
    if (from === null) continue;
    for (const { change } of compareArn(group, { from, to, strict: false }, compared)) {
      if (change === 'new' || change === 'reopened') count.new += times;
      else if (change === 'resolved') count.resolved += times;
    }
  }
  return disputed;
}

function isFailing(role: CurrentRole, judge: Judge): boolean {
  return judge(worstOf(role, judge).policy)?.verdict === 'fail';
}

function* observationsOf(group: readonly KnownRole[]): Iterable<ObservationRow> {
  for (const role of group) yield* role.observations;
}

/** `countGroup` wrote down where `roles` and `fail` change; a point has what they come to. */
function pointsOf({ periods, counts }: Calendar): readonly TrendPoint[] {
  let roles = 0;
  let fail = 0;
  return periods.map((at, index) => {
    const count = counts[index] as PeriodCounts;
    roles += count.roles;
    fail += count.fail;
    const failRate = roles === 0 ? 0 : fail / roles;
    return { at, ...count, roles, fail, failRate };
  });
}

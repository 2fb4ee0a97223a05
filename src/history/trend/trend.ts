import type { Outcome } from '../../model/exposure.ts';
import type { TrendPeriod, TrendPoint } from '../../model/trend.ts';
import type { CaptureRow, CaptureScope, ObservationRow, StoreReader } from '../../store/index.ts';
import { periodEnd } from '../calendar.ts';
import { compareArn } from '../compare/compare-arn.ts';
import type { DisagreementTally } from '../completeness/disagreement-tally.ts';
import { heldCounts } from '../guardrails/held-counts.ts';
import { type MomentJudges, openMomentJudges } from '../guardrails/moments.ts';
import { rolesByArn } from '../look/arn-roles.ts';
import { type CurrentRole, currentRoles } from '../look/current-roles.ts';
import { everFailed, type Judge, worstOf } from '../look/judge.ts';
import { type Look, looksAt, turningPoints } from '../look/looks.ts';
import type { KnownRole } from '../look/nameless.ts';
import { type CountedGroup, groupedOver, type SteadyGroup } from '../look/steady.ts';

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
    const judged = openMomentJudges(reader, account, rule, captures);
    // Where there is only one capture nothing changes, and the database counts many times faster.
    const counted = captures.length === 1 ? reader.currentPolicies(look) : null;
    if (counted !== null) {
      const guardrails = judged.guardrails(at);
      const held =
        guardrails === null
          ? counted.map(({ policy, count }) => ({
              outcome: reader.outcomes(policy, account).get(rule)?.verdict ?? ('none' as const),
              count,
            }))
          : [...heldCounts(reader, look, guardrails)];
      for (const { looks, counts } of all) countOnce(held, looks, counts);
      continue;
    }
    for (const one of countedGroups(reader, account, captures, judged)) {
      const compared = everFailed(reader, account, one.group, [judged]) ? judged : null;
      for (const { looks, counts } of all) {
        for (const role of countGroup(one, looks, compared, counts)) {
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
  judged: MomentJudges,
): Iterable<CountedGroup> {
  const complete = captures.filter((capture) => capture.complete);
  const [first, last] = [complete[0]?.at, complete.at(-1)?.at];
  const grouped =
    first === undefined || last === undefined
      ? null
      : groupedOver(reader, account, { first, last }, judged.inForce);
  const isAlike = ({ policy, group }: SteadyGroup): boolean =>
    judged.isAlike(policy) || !everFailed(reader, account, group, [judged]);
  const { steady, others } =
    grouped?.steady.every(isAlike) === true
      ? grouped
      : { steady: [], others: () => rolesByArn(reader, account) };
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
  held: readonly { readonly outcome: Outcome | 'none'; readonly count: number }[],
  looks: readonly (Look | null)[],
  counts: readonly PeriodCounts[],
): void {
  const count = counts[looks.findIndex((look) => look !== null)];
  if (count === undefined) return;
  for (const { outcome, count: roles } of held) {
    count.roles += roles;
    if (outcome === 'fail') count.fail += roles;
  }
}

/**
 * Adds the roles of one ARN, or of `count` ARNs alike: to `roles` and `fail` by how much they change at each point. Returns
 * those on which files of one moment disagree, of points before the last.
 *
 * @param judged null where the rule never failed any of them
 */
function countGroup(
  { group, count: times }: CountedGroup,
  looks: readonly (Look | null)[],
  judged: MomentJudges | null,
  counts: readonly PeriodCounts[],
): ReadonlySet<KnownRole> {
  const disputed = new Set<KnownRole>();
  let roles = 0;
  let fail = 0;
  const turning = turningPoints(observationsOf(group), looks);
  for (const index of judged?.inForce === true ? withTurns(turning, looks, judged) : turning) {
    const count = counts[index];
    const to = looks[index] ?? null;
    if (count === undefined || to === null) continue;
    const current = currentRoles(group, to);
    const judgeTo = judged?.judgeAt(to.at);
    const failing = judgeTo === undefined ? 0 : current.filter((role) => isFailing(role, judgeTo)).length;
    count.roles += (current.length - roles) * times;
    count.fail += (failing - fail) * times;
    roles = current.length;
    fail = failing;
    for (const { role, disputes } of current) {
      if (disputes.length > 0 && to !== looks.at(-1)) disputed.add(role);
    }
    const from = looks[index - 1] ?? null;
    if (from === null || judged === null || judgeTo === undefined) continue;
    const { rule, judgeAt } = judged;
    const compared = [{ rule, judgeFrom: judgeAt(from.at), judgeTo, judgeAt }];
    for (const { change } of compareArn(group, { from, to, strict: false }, compared)) {
      if (change === 'new' || change === 'reopened') count.new += times;
      else if (change === 'resolved') count.resolved += times;
    }
  }
  return disputed;
}

/** Adds the looks at which other guardrails are in force than at the one before. */
function withTurns(
  points: readonly number[],
  looks: readonly (Look | null)[],
  { guardrails }: MomentJudges,
): readonly number[] {
  const turns = looks.flatMap((look, index) => {
    const before = looks[index - 1] ?? null;
    if (look === null || before === null || look === before) return [];
    return guardrails(look.at)?.number === guardrails(before.at)?.number ? [] : [index];
  });
  return [...new Set([...points, ...turns])].sort((a, b) => a - b);
}

function isFailing(role: CurrentRole, judge: Judge): boolean {
  return judge(worstOf(role, judge), role)?.verdict === 'fail';
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

import type { TrendPeriod, TrendPoint } from '../../model/trend.ts';
import type { CaptureRow, CaptureScope, ObservationRow, StoreReader } from '../../store/index.ts';
import { periodEnd } from '../calendar.ts';
import { compareArn } from '../compare/compare-arn.ts';
import type { DisagreementTally } from '../completeness/disagreement-tally.ts';
import { type MomentJudges, openMomentJudges } from '../guardrails/moments.ts';
import { rolesByArn } from '../look/arn-roles.ts';
import { currentRoles } from '../look/current-roles.ts';
import { everFailed } from '../look/judge.ts';
import { type Look, looksAt, turningPoints } from '../look/looks.ts';
import type { KnownRole } from '../look/nameless.ts';
import { PolicyFacts } from '../look/policy-facts.ts';
import { type CountedGroup, groupedOver, type SteadyGroup } from '../look/steady.ts';
import { calendarOf, countRoles, noSeverities, type PeriodCounts, pointsOf } from './period-counts.ts';
import {
  countTold,
  everUndecided,
  type Grade,
  type GradedCount,
  gradedCounts,
  NONE_TOLD,
} from './told-roles.ts';

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
  const calendars = kinds.map((by) => calendarOf(by, [...days].sort()));
  const relations = reader.relations();
  const isDecided = reader.everyPolicyIsDecided([rule]);
  for (const look of latest) {
    const { account, at } = look;
    const facts = new PolicyFacts(reader, relations, account, new Set());
    const grade: Grade = (verdict, policy) => facts.severity(verdict, policy);
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
      const graded = gradedCounts(reader, look, judged, counted, grade);
      for (const { looks, counts } of all) countOnce(graded, looks, counts);
      continue;
    }
    for (const one of countedGroups(reader, account, captures, judged)) {
      const everFails = everFailed(reader, account, one.group, [judged]);
      const isTold = everFails || (!isDecided && everUndecided(reader, account, one.group, rule));
      for (const { looks, counts } of all) {
        const by = isTold ? { ...judged, grade, everFails } : null;
        for (const role of countGroup(one, looks, by, counts)) {
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
      : // Policies that fail alike may weigh differently.
        groupedOver(reader, account, { first, last }, true);
  const isAlike = ({ policy, group }: SteadyGroup): boolean =>
    judged.isAlike(policy) || !everFailed(reader, account, group, [judged]);
  const { steady, others } =
    grouped?.steady.every(isAlike) === true
      ? grouped
      : { steady: [], others: () => rolesByArn(reader, account) };
  yield* steady;
  for (const group of others()) yield { group, count: 1 };
}

function countAccount(looks: readonly (Look | null)[], counts: readonly PeriodCounts[]): void {
  for (const [index, look] of looks.entries()) {
    const count = counts[index];
    if (look === null || count === undefined) continue;
    count.accounts++;
    if (!look.complete) count.incompleteAccounts++;
    if (isComparable(looks)) count.comparableAccounts++;
    if (look === looks[index - 1]) count.carriedForward++;
  }
}

/** The first point covers the account. */
function isComparable([first]: readonly (Look | null)[]): boolean {
  return first != null;
}

/** Adds the roles of an account at its only capture. */
function countOnce(
  held: readonly GradedCount[],
  looks: readonly (Look | null)[],
  counts: readonly PeriodCounts[],
): void {
  const count = counts[looks.findIndex((look) => look !== null)];
  if (count === undefined) return;
  const severities = noSeverities();
  let roles = 0;
  let error = 0;
  for (const { severity, isError, count: times } of held) {
    roles += times;
    if (isError) error += times;
    if (severity !== null) severities[severity] += times;
  }
  countRoles(count, { roles, error, severities }, 1, isComparable(looks));
}

/**
 * Adds the roles of one ARN, or of `count` ARNs alike: to `roles` and `fail` by how much they change at each point. Returns
 * those on which files of one moment disagree, of points before the last.
 *
 * @param judged null where the rule decided that none of them ever fails
 */
function countGroup(
  { group, count: times }: CountedGroup,
  looks: readonly (Look | null)[],
  judged: (MomentJudges & { readonly grade: Grade; readonly everFails: boolean }) | null,
  counts: readonly PeriodCounts[],
): ReadonlySet<KnownRole> {
  const disputed = new Set<KnownRole>();
  let roles = 0;
  let was = NONE_TOLD;
  const turning = turningPoints(observationsOf(group), looks);
  for (const index of judged?.inForce === true ? withTurns(turning, looks, judged) : turning) {
    const count = counts[index];
    const to = looks[index] ?? null;
    if (count === undefined || to === null) continue;
    const current = currentRoles(group, to);
    const now = judged === null ? NONE_TOLD : countTold(current, judged.judgeAt(to.at), judged.grade);
    const comparable = isComparable(looks);
    countRoles(count, { roles, ...was }, -times, comparable);
    countRoles(count, { roles: current.length, ...now }, times, comparable);
    roles = current.length;
    was = now;
    for (const { role, disputes } of current) {
      if (disputes.length > 0 && to !== looks.at(-1)) disputed.add(role);
    }
    const from = looks[index - 1] ?? null;
    if (from === null || judged?.everFails !== true) continue;
    const { rule, judgeAt } = judged;
    const compared = [{ rule, judgeFrom: judgeAt(from.at), judgeTo: judgeAt(to.at), judgeAt }];
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

function* observationsOf(group: readonly KnownRole[]): Iterable<ObservationRow> {
  for (const role of group) yield* role.observations;
}

import type { StoreReader } from '../store/reader.ts';
import type { ObservedRole } from '../store/role-reader.ts';
import type { CaptureScope } from '../store/scope.ts';
import type { TrendPeriod, TrendPoint } from '../store/types.ts';
import { arnGroups } from './arn-groups.ts';
import { type ComparedRule, compareArn } from './compare.ts';
import { type Judge, judgeOf } from './judging.ts';
import { looksAt, turningPoints } from './looks.ts';
import { periodEnd } from './periods.ts';
import { currentRoles, type Look } from './standing.ts';

type Counts = { -readonly [Key in keyof Omit<TrendPoint, 'at' | 'failRate'>]: number };

/**
 * How one built-in rule stood at the end of every calendar period with a capture. Reads every observation once and
 * holds one counter for each period and kind of number.
 */
export function trendOf(
  reader: StoreReader,
  scope: CaptureScope,
  rule: string,
  by: TrendPeriod,
): readonly TrendPoint[] {
  const moments = reader.accountMoments(scope);
  const days = new Set<string>();
  for (const { account, at } of moments) {
    for (const capture of reader.capturesOf(account, at)) days.add(periodEnd(capture.at, by));
  }
  const periods = [...days].sort();
  const counts = periods.map(
    (): Counts => ({ accounts: 0, carriedForward: 0, roles: 0, fail: 0, new: 0, resolved: 0 }),
  );

  for (const { account, at } of moments) {
    const looks = looksAt(periods, reader.capturesOf(account, at), by);
    looks.forEach((look, index) => {
      const count = counts[index];
      if (look === null || count === undefined) return;
      count.accounts++;
      if (look === looks[index - 1]) count.carriedForward++;
    });
    const judge = judgeOf(reader, account, rule);
    for (const group of arnGroups(reader.observedRoles(account)))
      countGroup(group, looks, rule, judge, counts);
  }

  let before: Counts | null = null;
  return periods.map((at, index) => {
    const count = counts[index] as Counts;
    // `countGroup` writes down where a number changes, not the number.
    count.roles += before?.roles ?? 0;
    count.fail += before?.fail ?? 0;
    before = count;
    const { accounts, carriedForward, roles, fail, resolved } = count;
    const failRate = roles === 0 ? 0 : fail / roles;
    return { at, accounts, carriedForward, roles, fail, failRate, new: count.new, resolved };
  });
}

/** Adds the roles of one ARN: to `roles` and `fail` by how much they change at each point. */
function countGroup(
  group: readonly ObservedRole[],
  looks: readonly (Look | null)[],
  rule: string,
  judge: Judge,
  counts: readonly Counts[],
): void {
  const compared: ComparedRule = { rule, judgeFrom: judge, judgeTo: judge };
  let roles = 0;
  let fail = 0;
  for (const index of turningPoints(observationsOf(group), looks)) {
    const count = counts[index];
    const look = looks[index] ?? null;
    if (count === undefined || look === null) continue;
    const current = currentRoles(group, look);
    const failing = current.reduce((sum, { policy }) => sum + Number(judge(policy)?.verdict === 'fail'), 0);
    count.roles += current.length - roles;
    count.fail += failing - fail;
    roles = current.length;
    fail = failing;
    const looksBeside = { from: looks[index - 1] ?? null, to: look, strict: false };
    if (looksBeside.from === null) continue;
    for (const { change } of compareArn(group, looksBeside, [compared])) {
      if (change === 'new' || change === 'reopened') count.new++;
      else if (change === 'resolved') count.resolved++;
    }
  }
}

function* observationsOf(group: readonly ObservedRole[]) {
  for (const role of group) yield* role.observations;
}

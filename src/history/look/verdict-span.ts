import type { ObservationRow } from '../../store/index.ts';
import type { CurrentRole, Sighting } from './current-roles.ts';
import { type Judge, type Seen, worstOf } from './judge.ts';

/** From when to when a verdict was seen. Column times. */
export interface VerdictSpan {
  readonly firstSeen: string;
  readonly lastSeen: string;
}

/**
 * From when to when a role's present verdict was seen: `firstSeen` is the first time the rule ever said the same of the
 * role, whatever it said in between; `lastSeen` when the role was last seen.
 *
 * @param completeTimes of the complete captures of the account, ascending
 */
export function verdictSpan(
  current: CurrentRole,
  judge: Judge,
  completeTimes: () => readonly string[],
): VerdictSpan {
  const { at, allRows } = current;
  const outcome = (seen: Seen) => judge(seen, current)?.verdict ?? 'error';
  const now = outcome(worstOf(current, judge));
  let firstSeen = at;
  for (const row of allRows) {
    if (row.policy === null || row.first >= firstSeen || outcome({ ...row, policy: row.policy }) !== now)
      continue;
    const first = undisputedSince(row, current, completeTimes, (worst) => outcome(worst) === now, judge);
    if (first !== null && first < firstSeen) firstSeen = first;
  }
  return { firstSeen, lastSeen: at };
}

/** The first time at which the row stands against what other files of that moment show; null when there is none. */
function undisputedSince(
  row: ObservationRow,
  current: CurrentRole,
  completeTimes: () => readonly string[],
  isSame: (worst: Seen) => boolean,
  judge: Judge,
): string | null {
  for (let time: string | undefined = row.first; time !== undefined && time <= row.last; ) {
    const at: string = time;
    const shown = current.allRows.filter(
      (one): one is Sighting =>
        one.policy !== null && one.complete === row.complete && one.first <= at && at <= one.last,
    );
    const [first, ...others] = shown;
    if (first === undefined || isSame(worstOf({ ...current, shown: [first, ...others] }, judge))) return at;
    if (!row.complete) return null;
    time = completeTimes().find((next) => next > at);
  }
  return null;
}

import type { ObservationRow } from '../store/role-reader.ts';
import type { Judge } from './judging.ts';
import { type CurrentRole, type Sighting, worstOf } from './standing.ts';

/** Since when and until when a verdict holds. Column times. */
export interface Life {
  readonly firstSeen: string;
  readonly lastSeen: string;
}

/**
 * The life of a role's present verdict: `firstSeen` is the first time the rule ever said the same of the role, whatever
 * it said in between; `lastSeen` when the role was last seen.
 *
 * @param completeTimes of the complete captures of the account, ascending
 */
export function lifeOf(current: CurrentRole, judge: Judge, completeTimes: () => readonly string[]): Life {
  const { at, life } = current;
  const outcome = (policy: number) => judge(policy)?.verdict ?? 'error';
  const now = outcome(worstOf(current, judge).policy);
  let firstSeen = at;
  for (const row of life) {
    if (row.policy === null || row.first >= firstSeen || outcome(row.policy) !== now) continue;
    const first = undisputedSince(row, life, completeTimes, (worst) => outcome(worst) === now, judge);
    if (first !== null && first < firstSeen) firstSeen = first;
  }
  return { firstSeen, lastSeen: at };
}

/** The first time at which the row stands against what other files of that moment show; null when there is none. */
function undisputedSince(
  row: ObservationRow,
  life: readonly ObservationRow[],
  completeTimes: () => readonly string[],
  isSame: (policy: number) => boolean,
  judge: Judge,
): string | null {
  for (let time: string | undefined = row.first; time !== undefined && time <= row.last; ) {
    const at: string = time;
    const shown = life.filter(
      (one): one is Sighting =>
        one.policy !== null && one.complete === row.complete && one.first <= at && at <= one.last,
    );
    const [first, ...others] = shown;
    if (first === undefined || isSame(worstOf({ shown: [first, ...others] }, judge).policy)) return at;
    if (!row.complete) return null;
    time = completeTimes().find((next) => next > at);
  }
  return null;
}

import type { Judge } from './judging.ts';
import type { CurrentRole } from './standing.ts';

/** Since when and until when a verdict holds. Column times. */
export interface Life {
  readonly firstSeen: string;
  readonly lastSeen: string;
}

/**
 * The life of a role's present verdict. For a failing role `firstSeen` is the first time it ever failed, for any other
 * the first time it was seen.
 */
export function lifeOf({ standing, policy, life }: CurrentRole, judge: Judge): Life {
  const fails = (other: number): boolean => judge(other)?.verdict === 'fail';
  const failing = fails(policy);
  let firstSeen = standing.at;
  for (const row of life) {
    if (row.policy === null || row.first >= firstSeen || (failing && !fails(row.policy))) continue;
    firstSeen = row.first;
  }
  return { firstSeen, lastSeen: standing.at };
}

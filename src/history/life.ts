import type { FindingState } from '../audit/verdict.ts';
import type { JudgedVerdict } from '../store/policy-reader.ts';
import type { ObservationRow } from '../store/role-reader.ts';
import { exposureOf, type Judge } from './judging.ts';
import { type Base, type CurrentRole, standingAt } from './standing.ts';

/** Since when and until when a verdict holds, and how that compares with the look before. Column times. */
export interface Life {
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** Null for a verdict that is not `fail`, or that cannot be compared. */
  readonly state: FindingState | null;
}

/**
 * The life of a role's present verdict. For a failing role: `firstSeen` is the first time it ever failed, and the
 * state compares with the look before, which is the last complete capture or the last mention of the role before the
 * present sighting. `new`: never failed before; `reopened`: failed before, but not at that look; `changed`: failed
 * then too, but others got in. No state when the rule had another text then. For any other role: its first and last
 * observation, and no state.
 *
 * @param previousCompleteAt the complete capture before `base.completeAt`
 */
export function lifeAt(
  current: CurrentRole,
  base: Base,
  previousCompleteAt: string | null,
  judge: Judge,
): Life {
  const { standing, policy, life } = current;
  const present = judge(policy);
  const fails = (other: number): boolean => judge(other)?.verdict === 'fail';
  const failing = present?.verdict === 'fail';
  let firstSeen = standing.at;
  for (const row of life) {
    if (row.policy === null || row.first >= firstSeen || (failing && !fails(row.policy))) continue;
    firstSeen = row.first;
  }
  if (!failing) return { firstSeen, lastSeen: standing.at, state: null };
  return { firstSeen, lastSeen: standing.at, state: stateOf(present) };

  function stateOf(now: JudgedVerdict): FindingState | null {
    const before = policyBefore(
      life,
      standing.at,
      standing.at === base.completeAt ? previousCompleteAt : base.completeAt,
    );
    const then = before === null ? null : judge(before);
    if (then !== null && then.ruleDigest !== now.ruleDigest) return null;
    if (then?.verdict === 'fail') return exposureOf(then) === exposureOf(now) ? 'unchanged' : 'changed';
    return firstSeen < standing.at ? 'reopened' : 'new';
  }
}

/** The policy at the look before `at`; null when the role was not there. */
function policyBefore(life: readonly ObservationRow[], at: string, completeAt: string | null): number | null {
  const earlier = life.filter((row) => row.complete || row.last < at);
  return standingAt(earlier, { at, completeAt })?.row.policy ?? null;
}

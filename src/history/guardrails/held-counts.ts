import type { Outcome } from '../../model/exposure.ts';
import type { AccountLook, StoreReader } from '../../store/index.ts';
import { type HeldVerdict, worstOf } from '../look/judge.ts';
import { standingRoles } from '../look/standing-roles.ts';
import { ANY_ROLE, GUARDED_RULE, type Guardrails, heldJudgeOf } from './guardrails.ts';

/** So many roles with the same policy and the same verdict, guardrails included. */
export interface HeldCount {
  readonly policy: number;
  /** Null: never judged. */
  readonly held: HeldVerdict | null;
  readonly outcome: Outcome | 'none';
  readonly count: number;
}

/**
 * What guardrails make of the verdicts of an account, in no order. Roles are counted by policy in the database; only those
 * are looked at one by one whose verdict hangs on more than their policy.
 */
export function* heldCounts(
  reader: StoreReader,
  look: AccountLook,
  guardrails: Guardrails,
): Iterable<HeldCount> {
  const judge = heldJudgeOf(reader, look.account, GUARDED_RULE, guardrails);
  const counts = reader.currentPolicies(look);
  const single: number[] = [];
  for (const { policy, count } of counts ?? []) {
    const outcome = reader.outcomes(policy, look.account).get(GUARDED_RULE)?.verdict ?? 'none';
    if (outcome !== 'fail' && outcome !== 'pass') yield { policy, held: null, outcome, count };
    else if (guardrails.isAlike(policy)) {
      const held = judge({ policy, role: 0 }, ANY_ROLE);
      yield { policy, held, outcome: held?.verdict ?? 'none', count };
    } else single.push(policy);
  }
  if (counts !== null && single.length === 0) return;
  const wanted = new Set(single);
  for (const current of standingRoles(reader, look, counts === null ? {} : { policies: single })) {
    const worst = worstOf(current, judge);
    if (counts !== null && !wanted.has(worst.policy)) continue;
    const held = judge(worst, current);
    yield { policy: worst.policy, held, outcome: held?.verdict ?? 'none', count: 1 };
  }
}

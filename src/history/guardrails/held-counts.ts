import type { Outcome } from '../../model/exposure.ts';
import type { AccountLook, StoreReader } from '../../store/index.ts';
import { worstOf } from '../look/judge.ts';
import { standingRoles } from '../look/standing-roles.ts';
import { type Decision, GUARDED_RULE, type Guardrails, heldJudgeOf } from './guardrails.ts';

/** So many roles with the same policy and the same verdict, guardrails included. */
export interface HeldCount {
  readonly policy: number;
  /** Of the trust policy alone. */
  readonly trust: Outcome | 'none';
  /** Null where guardrails can change nothing. */
  readonly decision: Decision | null;
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
    const trust = trustOn(reader, look.account, policy);
    if (!isTouched(trust)) yield counted(policy, trust, null, count);
    else if (guardrails.isAlike(policy)) {
      yield counted(policy, trust, guardrails.decisionOfAll(trust, policy), count);
    } else single.push(policy);
  }
  if (counts !== null && single.length === 0) return;
  const wanted = new Set(single);
  for (const current of standingRoles(reader, look, counts === null ? {} : { policies: single })) {
    const worst = worstOf(current, judge);
    const { policy } = worst;
    if (counts !== null && !wanted.has(policy)) continue;
    const trust = trustOn(reader, look.account, policy);
    yield counted(policy, trust, isTouched(trust) ? guardrails.decisionOn(trust, worst, current) : null, 1);
  }
}

function trustOn(reader: StoreReader, account: string, policy: number): HeldCount['trust'] {
  return reader.outcomes(policy, account).get(GUARDED_RULE)?.verdict ?? 'none';
}

function counted(
  policy: number,
  trust: HeldCount['trust'],
  decision: Decision | null,
  count: number,
): HeldCount {
  return { policy, trust, decision, outcome: decision?.exposure?.verdict ?? trust, count };
}

/** Guardrails say something of the verdict. */
function isTouched(outcome: HeldCount['trust']): outcome is 'fail' | 'pass' {
  return outcome === 'fail' || outcome === 'pass';
}

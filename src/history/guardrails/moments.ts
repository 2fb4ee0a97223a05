import type { CaptureRow, StoreReader } from '../../store/index.ts';
import { type Judge, judgeOf } from '../look/judge.ts';
import { GUARDED_RULE, type Guardrails, guardrailsAt, heldJudgeOf } from './guardrails.ts';

/** What one rule says of the roles of one account at each of its captures, guardrails included. */
export interface MomentJudges {
  readonly rule: string;
  /** At one of the captures at least. */
  readonly inForce: boolean;
  /** Those in force when the account was as it was at a column time; null: none. */
  guardrails(at: string): Guardrails | null;
  judgeAt(at: string): Judge;
  /** True where all roles that have the policy have the same verdict at each of the captures. */
  isAlike(policy: number): boolean;
}

export function openMomentJudges(
  reader: StoreReader,
  account: string,
  rule: string,
  captures: readonly CaptureRow[],
): MomentJudges {
  const trust = judgeOf(reader, account, rule);
  const byTime = new Map<string, Guardrails>();
  const byNumber = new Map<number, Guardrails>();
  for (const { at } of rule === GUARDED_RULE ? captures : []) {
    const found = guardrailsAt(reader, account, { at });
    if (found === null) continue;
    const known = byNumber.get(found.number) ?? found;
    byNumber.set(found.number, known);
    byTime.set(at, known);
  }
  const guardrails = (at: string): Guardrails | null => byTime.get(at) ?? null;
  return {
    rule,
    inForce: byTime.size > 0,
    guardrails,
    judgeAt(at) {
      const own = guardrails(at);
      return own === null ? trust : heldJudgeOf(reader, account, rule, own);
    },
    isAlike: (policy) => [...byNumber.values()].every((own) => own.isAlike(policy)),
  };
}

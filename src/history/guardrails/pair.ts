import type { StoreReader } from '../../store/index.ts';
import { BoundedMap } from '../../text/bounded-map.ts';
import { type Judge, judgeOf } from '../look/judge.ts';
import { type Guardrails, guardrailsAt, heldJudgeOf } from './guardrails.ts';
import type { LookMoment } from './in-force.ts';

/** What a rule says at two looks, guardrails included. */
export interface PairJudges {
  readonly judgeFrom: Judge;
  readonly judgeTo: Judge;
  /** With the guardrails in force when the account was as it was at a column time. */
  readonly judgeAt: (at: string) => Judge;
}

/** The guardrails over one account at two looks, or over a ledger, which has none. */
export interface PairGuardrails {
  /** At one of the looks at least. */
  readonly inForce: boolean;
  judges(rule: string): PairJudges;
  /** True where all roles that have the policy have the same verdict at either look. */
  isAlike(policy: number): boolean;
}

/** Moments of one account remembered. */
const REMEMBERED = 64;

/** @param looks null for a ledger */
export function openPairGuardrails(
  reader: StoreReader,
  book: string,
  looks: { readonly from: LookMoment | null; readonly to: LookMoment | null } | null,
): PairGuardrails {
  const of = (look: LookMoment | null | undefined): Guardrails | null =>
    look == null ? null : guardrailsAt(reader, book, look);
  const [from, to] = [of(looks?.from), of(looks?.to)];
  const inForce = from !== null || to !== null;
  const moments = new BoundedMap<string, Guardrails | null>(REMEMBERED);
  const at = (time: string): Guardrails | null => {
    let found = moments.get(time);
    if (found === undefined) {
      found = of({ at: time });
      moments.set(time, found);
    }
    return found;
  };
  return {
    inForce,
    judges(rule) {
      const trust = judgeOf(reader, book, rule);
      if (!inForce) return { judgeFrom: trust, judgeTo: trust, judgeAt: () => trust };
      return {
        judgeFrom: heldJudgeOf(reader, book, rule, from),
        judgeTo: heldJudgeOf(reader, book, rule, to),
        judgeAt: (time) => heldJudgeOf(reader, book, rule, at(time)),
      };
    },
    isAlike: (policy) => from?.isAlike(policy) !== false && to?.isAlike(policy) !== false,
  };
}

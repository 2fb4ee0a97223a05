import type { Outcome } from './exposure.ts';

/** A statement of a resource control policy that closes a way in. */
export interface ClosingStatement {
  /** Of the policy, `p-...`. */
  readonly id: string;
  readonly name: string | null;
  /** Index into the policy's statements, from 0. */
  readonly statement: number;
  /** Where the policy is attached on the path of the account, from the root down. */
  readonly attachedTo: readonly string[];
}

/** The verdict of trust policy and organisation guardrails together; keys are a public contract. */
export interface Guardrail {
  readonly verdict: Outcome;
  /** What closes the ways in that the trust policy leaves open; empty when nothing does. By policy id and statement. */
  readonly policies: readonly ClosingStatement[];
  /** Time of the oldest evidence of the organisation that it rests on, ISO 8601 UTC. */
  readonly capturedAt: string;
}

/** What a verdict says, and what guardrails make of it. */
export interface Guarded {
  /** Of the trust policy alone. */
  readonly verdict: Outcome;
  /** Null where no evidence of the organisation covers the account. */
  readonly guardrail: Guardrail | null;
}

/** The verdict that counts: of trust policy and guardrails together, where these are known. */
export function effectiveVerdict({ verdict, guardrail }: Guarded): Outcome {
  return guardrail?.verdict ?? verdict;
}

/** True for a trust policy that fails, where guardrails close every way in that it leaves open. */
export function isClosedByGuardrail(guarded: Guarded): boolean {
  return guarded.verdict === 'fail' && effectiveVerdict(guarded) !== 'fail';
}

/** The note of a finding some of whose ways in guardrails close, but not all. */
export const GUARDRAILS_NARROW = 'guardrails-narrow';
/** The note of a verdict that stands on the trust policy alone, because guardrails are not known whole. */
export const GUARDRAILS_UNKNOWN = 'guardrails-unknown';

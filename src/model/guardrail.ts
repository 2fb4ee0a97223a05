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
  /** Evidence time of the organisation evidence, ISO 8601 UTC. */
  readonly capturedAt: string;
}

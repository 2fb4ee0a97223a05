import type { Judgement, Outcome, PathIn, Witness } from '../rules/judgement.ts';

export type { Guard, Outcome, PathIn, Witness } from '../rules/judgement.ts';

/** In the order reports list them. */
export const OUTCOMES: readonly Outcome[] = ['fail', 'error', 'pass', 'not-applicable'];

/** The verdict of one rule on one trust policy for one owning account and partition: a pure function of these. */
export interface PolicyVerdict extends Judgement {
  readonly rule: string;
}

export type Relation = 'any' | 'third-party' | 'same-organisation' | 'unknown';
export type Severity = 'critical' | 'high' | 'medium' | 'low';

export interface GradedPath extends PathIn {
  readonly accountName: string | null;
  readonly relation: Relation;
}

export type FindingState = 'new' | 'unchanged' | 'changed' | 'reopened';

/** The product's verdict object; keys are a public contract. `check` leaves out the last five. */
export interface VerdictObject {
  readonly rule: string;
  readonly account: string;
  readonly partition: string;
  readonly arn: string;
  readonly roleName: string;
  readonly roleId: string;
  readonly verdict: Outcome;
  readonly literal: Outcome;
  readonly severity: Severity | null;
  readonly reason: string;
  readonly notes: readonly string[];
  readonly message: string;
  readonly paths: readonly GradedPath[];
  readonly witness: Witness | null;
  readonly evidence: {
    readonly source: string;
    readonly sha256: string;
    readonly offset: number;
    readonly capturedAt: string;
  };
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly state: FindingState | null;
  readonly suppressedBy: string | null;
}

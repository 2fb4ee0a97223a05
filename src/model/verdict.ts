import type { Outcome, PathIn, Witness } from './exposure.ts';
import type { Guardrail } from './guardrail.ts';
import type { Impact } from './role-detail.ts';
import type { Judgement } from './rule.ts';

/** In the order reports list them. */
export const OUTCOMES: readonly Outcome[] = ['fail', 'error', 'pass', 'not-applicable'];

/** The verdict of one rule on one trust policy for one owning account and partition: a pure function of these. */
export interface PolicyVerdict extends Judgement {
  readonly rule: string;
}

/** The verdicts of every rule on one trust policy. */
export interface Evaluated {
  /** '' when they hold for every owning account the policy does not mention, else the one account they hold for. */
  readonly account: string;
  readonly verdicts: readonly PolicyVerdict[];
}

export type Relation = 'any' | 'third-party' | 'same-organisation' | 'unknown';
/** Worst first. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface GradedPath extends PathIn {
  readonly accountName: string | null;
  readonly relation: Relation;
}

/**
 * How a finding compares with the look before at its account and rule; docs/history.md says how that is chosen.
 * `baseline`: there is none. `not-comparable`: there is one, but one of the two leaves open whether the finding was
 * there or the rule's text changed.
 */
export type FindingState = 'new' | 'changed' | 'reopened' | 'unchanged' | 'not-comparable' | 'baseline';

/** The product's verdict object; keys are a public contract. `check` leaves out the last seven. */
export interface VerdictObject {
  readonly rule: string;
  readonly account: string;
  readonly partition: string;
  readonly arn: string;
  readonly roleName: string;
  readonly roleId: string;
  /** Of the trust policy alone; see `effectiveVerdict`. */
  readonly verdict: Outcome;
  readonly literal: Outcome;
  /** By the verdict that counts, and by the ways in that guardrails leave. */
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
  /** Of a finding; also of an `error` where a finding was before. Else null. */
  readonly state: FindingState | null;
  readonly suppressedBy: string | null;
  /** Null for other rules, and where no evidence of the organisation covers the account. */
  readonly guardrail: Guardrail | null;
  /** Of a role whose trust policy fails under D9.AWS.IAM.99; else null. */
  readonly impact: Impact | null;
}

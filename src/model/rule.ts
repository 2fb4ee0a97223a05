import type { Exposure, Outcome } from './exposure.ts';

/** Everything a rule says of itself; the logic text is kept verbatim. */
export interface RuleMetadata {
  readonly id: string;
  readonly title: string;
  /** The rule's own risk level, not the exposure of a finding. */
  readonly riskLevel: 'Low' | 'Medium' | 'High' | 'Critical';
  readonly cloudEntity: string;
  readonly category: string;
  readonly description: string;
  /** GSL text, verbatim. */
  readonly logic: string;
  readonly remediation: {
    readonly console: string;
    readonly terraform: string;
    readonly cli: string;
  };
  /** https URLs. */
  readonly references: readonly string[];
  readonly complianceFrameworks: readonly string[];
}

/** What a rule says of one trust policy; the fields of `Exposure` say it of this rule. */
export interface Judgement extends Exposure {
  /** What the rule's own text says when taken at its word. */
  readonly literal: Outcome;
}

/** A role's trust policy, as the rules get to see it. */
export interface TrustSubject {
  /** As JSON.parse gives it; null when it is not what IAM holds. */
  readonly policy: unknown;
  /** 12 digits: the account that owns the role. */
  readonly account: string;
  readonly exposure: Exposure;
}

/**
 * A rule that judges. `judge` is pure, and compares the account with nothing but what the policy's text and its exposure
 * show of accounts, so that policies that name no account are judged once for all.
 */
export interface Rule {
  readonly metadata: RuleMetadata;
  judge(subject: TrustSubject): Judgement;
}

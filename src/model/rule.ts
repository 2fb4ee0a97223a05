import type { Exposure, Outcome } from './exposure.ts';

/**
 * How well a control fits a rule: `text`: the control's own text asks for it; `same rule`: another tool maps its own version of
 * the rule to it; `near`: a neighbouring check is mapped to it.
 */
export type ControlFit = 'text' | 'same rule' | 'near';

/** A control of a framework that a public source ties to a rule. */
export interface Control {
  readonly framework: string;
  readonly id: string;
  /** Where the tie is published. */
  readonly source: string;
  readonly fit: ControlFit;
}

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
  /** By name alone: which of their sections are meant is not published. */
  readonly complianceFrameworks: readonly string[];
  /** The closest fit first. */
  readonly controls: readonly Control[];
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

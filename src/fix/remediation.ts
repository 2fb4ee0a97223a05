import type { JsonObject } from '../iam/json.ts';
import type { Guard } from '../model/exposure.ts';
import type { PolicyVerdict, Relation } from '../model/verdict.ts';

/** What the proposal is to ask for, and of whom it knows what. */
export interface RemediationOptions {
  /** That of the role's ARN: the proposal is judged in it, and writes principal ARNs of it. */
  readonly partition: string;
  readonly relationOf: (account: string) => Relation;
  /** The guard to ask for wherever it is possible; null: by who comes in. */
  readonly guard: Guard | null;
  /** The external ID to ask every account for; null when none was given. */
  readonly externalId: string | null;
  /** Makes up the external ID of an account; null: a placeholder stands for it. */
  readonly generateExternalId: ((account: string) => string) | null;
}

/** A statement of the proposal and the one of the captured policy that it comes from. */
export interface DerivedStatement {
  readonly origin: number;
  readonly object: JsonObject;
  /** What its Sid adds to the original's; empty for the statement that takes the original's place. */
  readonly suffix: string;
  /** The principal that `*` was written for, when it was another. */
  readonly wildcard: string | null;
}

export type ChangeKind =
  /** Brought into a form that IAM saves, with the same meaning. */
  | 'rewritten'
  /** Wildcard principals replaced by the accounts the conditions name. */
  | 'principal-narrowed'
  /** Principals that need no guard were parted from those that do. */
  | 'split'
  | 'condition-strengthened'
  | 'external-id-added'
  | 'mfa-added';

export interface PolicyChange {
  /** Index of the statement in the policy as captured, from 0. */
  readonly statement: number;
  readonly kind: ChangeKind;
  readonly sentence: string;
}

/** An amended trust policy that was judged again and no longer fails. */
export interface Proposal {
  readonly refused: null;
  /** One line, ready for `--policy-document`. */
  readonly compact: string;
  /** The same laid out, and the captured policy laid out the same way. */
  readonly pretty: string;
  readonly prettyBefore: string;
  readonly changes: readonly PolicyChange[];
  /** Texts in the policy that stand for an external ID still to be agreed. */
  readonly placeholders: readonly string[];
  /** What to think of before applying it, one sentence each. */
  readonly cautions: readonly string[];
  readonly after: PolicyVerdict;
}

/** No proposal can be made with certainty. */
export interface Refusal {
  /** Why, as part of a sentence. */
  readonly refused: string;
  /** What a person should do instead, as part of a sentence. */
  readonly advice: string;
}

export type Remediation = Proposal | Refusal;

/** What a text begins with that stands for an external ID still to be agreed. */
export const EXTERNAL_ID_PLACEHOLDER = 'REPLACE-WITH-THE-EXTERNAL-ID-OF-';

/** Stands where the external ID of an account goes; made of characters that an external ID may have. */
export function externalIdPlaceholder(account: string): string {
  return EXTERNAL_ID_PLACEHOLDER + account;
}

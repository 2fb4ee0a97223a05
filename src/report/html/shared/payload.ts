import type { EvidenceRow, RejectRow } from '../../../model/evidence-row.ts';
import type { RuleMetadata } from '../../../model/rule.ts';
import type { VerdictObject } from '../../../model/verdict.ts';
import type { ExternalAccount } from '../../shared/external-accounts.ts';

/**
 * The page's data: gzip over lines of JSON, each one of these. Strings that repeat stand once in a growing
 * list (`strings` lines append to it) and are named by index; -1 stands for null.
 */
export type PayloadLine =
  | { readonly kind: 'meta'; readonly meta: PayloadMeta }
  | { readonly kind: 'strings'; readonly values: readonly string[] }
  | { readonly kind: 'findings'; readonly columns: FindingColumns }
  | { readonly kind: 'accounts'; readonly rows: readonly AccountLine[] }
  | { readonly kind: 'externals'; readonly rows: readonly ExternalAccount[] }
  | { readonly kind: 'evidence'; readonly rows: readonly EvidenceRow[] }
  | { readonly kind: 'rejects'; readonly rows: readonly RejectRow[] }
  /** The last line; without it, or with other counts, the file was cut short. */
  | { readonly kind: 'end'; readonly findings: number };

export interface PayloadMeta {
  readonly noteSentences: Readonly<Record<string, string>>;
  readonly rules: readonly {
    readonly id: string;
    readonly title: string;
    readonly riskLevel: RuleMetadata['riskLevel'];
    /** See `controlLabels`. */
    readonly controls: readonly string[];
  }[];
}

/** Parallel arrays, one entry for each listed verdict. */
export interface FindingColumns {
  /** Indexes into the strings. */
  readonly rule: readonly number[];
  readonly account: readonly number[];
  readonly partition: readonly number[];
  /** JSON of `FindingDetail`: roles with the same policy share it. */
  readonly detail: readonly number[];
  /** Compact JSON text of the trust policy, or -1. */
  readonly policy: readonly number[];
  readonly source: readonly number[];
  readonly sha256: readonly number[];
  readonly capturedAt: readonly number[];
  readonly firstSeen: readonly number[];
  readonly lastSeen: readonly number[];
  readonly suppressedBy: readonly number[];
  /** Indexes into OUTCOMES, SEVERITIES and STATES. */
  readonly verdict: readonly number[];
  readonly literal: readonly number[];
  readonly severity: readonly number[];
  readonly state: readonly number[];
  /** The verdict that counts, like `verdict`. */
  readonly effective: readonly number[];
  /** JSON of `Impact`, or -1. */
  readonly impact: readonly number[];
  readonly offset: readonly number[];
  readonly roleName: readonly string[];
  readonly roleId: readonly string[];
  /** Empty when it is `arn:<partition>:iam::<account>:role/<role name>`. */
  readonly arn: readonly string[];
}

export interface FindingDetail
  extends Pick<VerdictObject, 'reason' | 'notes' | 'message' | 'paths' | 'witness' | 'guardrail'> {
  /** The ways in that guardrails leave, where they leave some and not all. */
  readonly ways?: VerdictObject['paths'];
}

export interface AccountLine {
  readonly account: string;
  readonly name: string | null;
  readonly capturedAt: string;
  readonly complete: boolean;
  /** See `AccountRow`. */
  readonly carriedForward: number | null;
  readonly roles: number;
  /** In the order of OUTCOMES. */
  readonly verdicts: readonly number[];
  /** See `AccountRow`. */
  readonly closed: number;
  /** Failing verdicts in the order of SEVERITIES. */
  readonly severities: readonly number[];
}

export function plainArn(partition: string, account: string, roleName: string): string {
  return `arn:${partition}:iam::${account}:role/${roleName}`;
}

/** Id of the element that describes the rule of that number; rule ids come from files and may be anything. */
export function ruleAnchor(index: number): string {
  return `rule-${index + 1}`;
}

import type { EvidenceRow, RejectRow } from '../../../model/evidence-row.ts';
import type { Impact } from '../../../model/role-detail.ts';
import type { RuleMetadata } from '../../../model/rule.ts';
import type { VerdictObject } from '../../../model/verdict.ts';
import type { ThirdPartyLine } from './third-party-line.ts';

/**
 * The page's data: gzip over lines of JSON, each one of these. Strings that repeat stand once in a growing
 * list (`strings` lines append to it) and are named by index; -1 stands for null.
 */
export type PayloadLine =
  | { readonly kind: 'meta'; readonly meta: PayloadMeta }
  | { readonly kind: 'strings'; readonly values: readonly string[] }
  | { readonly kind: 'findings'; readonly columns: FindingColumns }
  | { readonly kind: 'accounts'; readonly rows: readonly AccountLine[] }
  | { readonly kind: 'third-parties'; readonly rows: readonly ThirdPartyLine[] }
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
  /** JSON of `SharedImpact`, or -1. */
  readonly impact: readonly number[];
  /** JSON of its tags, or -1 where there is no impact. */
  readonly tags: readonly number[];
  /** Of the impact. */
  readonly created: readonly PackedTime[];
  readonly lastUsed: readonly PackedTime[];
  readonly offset: readonly number[];
  readonly roleName: readonly string[];
  readonly roleId: readonly string[];
  /** Empty when it is `arn:<partition>:iam::<account>:role/<role name>`. */
  readonly arn: readonly string[];
}

/** What many roles have in common; the rest of an impact stands in columns of its own. */
export type SharedImpact = Omit<Impact, 'tags' | 'created' | 'lastUsed'>;

/** Seconds since 1970 where they say the same as the text, which take a third of its place; else the text. */
export type PackedTime = number | string | null;

export function packTime(text: string | null): PackedTime {
  if (text === null) return null;
  const seconds = Date.parse(text) / 1000;
  return Number.isInteger(seconds) && timeOf(seconds) === text ? seconds : text;
}

export function unpackTime(time: PackedTime): string | null {
  return typeof time === 'number' ? timeOf(time) : time;
}

function timeOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
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
}

export function plainArn(partition: string, account: string, roleName: string): string {
  return `arn:${partition}:iam::${account}:role/${roleName}`;
}

/** Id of the element that describes the rule of that number; rule ids come from files and may be anything. */
export function ruleAnchor(index: number): string {
  return `rule-${index + 1}`;
}

import type { EvidenceRow, RejectRow } from '../../../model/evidence-row.ts';
import type { Impact } from '../../../model/role-detail.ts';
import type { RuleMetadata } from '../../../model/rule.ts';
import type { VerdictObject } from '../../../model/verdict.ts';
import type { PackedColumns } from './packing.ts';
import type { ThirdPartyLine } from './third-party-line.ts';

/**
 * The page's data: gzip over lines of JSON, each one of these, as text (see `TextOfBytes`). Strings that repeat stand once in a growing
 * list (`strings` lines append to it) and are named by index; -1 stands for null.
 */
export type PayloadLine =
  | { readonly kind: 'meta'; readonly meta: PayloadMeta }
  | { readonly kind: 'strings'; readonly values: readonly string[] }
  | { readonly kind: 'findings'; readonly columns: PackedColumns }
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

/** What many roles have in common; the rest of an impact stands in columns of its own. */
export type SharedImpact = Omit<Impact, 'tags' | 'created' | 'lastUsed'>;

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

/** Id of the element that describes the rule of that number; rule ids come from files and may be anything. */
export function ruleAnchor(index: number): string {
  return `rule-${index + 1}`;
}

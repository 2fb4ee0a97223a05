import type { Writable } from 'node:stream';
import type { Outcome } from '../../model/exposure.ts';
import type { ReportSource, StoredVerdict } from '../../model/report-source.ts';
import type { RuleMetadata } from '../../model/rule.ts';

export interface ReportOptions {
  /** Outcomes to list; each format has its own default when absent. */
  readonly outcomes?: readonly Outcome[];
  /** Every rule of the run, the built-in ones first: for the formats that describe rules. */
  readonly rules: readonly RuleMetadata[];
  /** A sentence for every note code a verdict can carry. */
  readonly noteSentences: Readonly<Record<string, string>>;
  /** How the questions were answered that the rule language leaves open; for the formats that tell the method. */
  readonly switches?: readonly SwitchSetting[];
  readonly csv?: CsvOptions;
  readonly heading?: ReportHeading;
  /** Where it is given, the page also holds proof and fix of the worst findings, for print. */
  readonly details?: PrintedDetails;
}

export interface PrintedDetails {
  /** What `trustsieve fix` proposes for the role; null where it needs no change. */
  readonly fixOf: (verdict: StoredVerdict) => ShownFix | null;
  /** Findings whose details are printed at most; `PRINTED_DETAILS` when absent. */
  readonly limit?: number;
}

/** Details that are printed unless another number is asked for: some thousand sheets. */
export const PRINTED_DETAILS = 1_000;

/** A proposal as it is shown, or why there is none and what to do instead, as parts of sentences. */
export type ShownFix =
  | { readonly refused: string; readonly advice: string }
  | {
      readonly refused: null;
      /** What is said of the amended policy when it is judged again. */
      readonly message: string;
      /** A sentence for each; backticks mark what belongs into the policy, as in the cautions. */
      readonly changes: readonly string[];
      readonly cautions: readonly string[];
      /** Lines in unified form. */
      readonly difference: readonly string[];
      readonly command: string;
    };

/** What the person who hands a report over says of it; their text, so shown as text of evidence is. */
export interface ReportHeading {
  readonly title?: string;
  readonly client?: string;
  readonly preparedBy?: string;
}

export interface SwitchSetting {
  readonly name: string;
  readonly value: string;
  /** What it decides, as part of a sentence; backticks mark code. */
  readonly decides: string;
}

export interface CsvOptions {
  /** Cells as the evidence has them: no guard against formulas, nothing shown otherwise, nothing shortened. */
  readonly raw?: boolean;
  /** Starts with a byte order mark, by which Excel knows UTF-8. */
  readonly bom?: boolean;
  readonly delimiter?: CsvDelimiter;
}

export type CsvDelimiter = ',' | ';' | '\t' | '|';

/**
 * Renders a source to a stream and leaves the stream open. The bytes depend on the source and the options
 * alone: no clock, no random number, no order of arrival.
 */
export type ReportRenderer = (source: ReportSource, out: Writable, options: ReportOptions) => Promise<void>;

/** What CSV and JSON list unless told otherwise. */
export const DEFAULT_OUTCOMES: readonly Outcome[] = ['fail', 'error'];

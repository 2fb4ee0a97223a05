import type { Writable } from 'node:stream';
import type { Outcome } from '../../model/exposure.ts';
import type { ReportSource } from '../../model/report-source.ts';
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
  /** The page prints proof and fix of each finding that it lists. */
  readonly printDetails?: boolean;
}

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

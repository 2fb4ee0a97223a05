import type { Writable } from 'node:stream';
import type { ReportSource } from '../model/report-source.ts';
import { writeReportFile } from './files/write-file.ts';
import type { CsvOptions, ReportHeading, ReportOptions, ReportRenderer } from './shared/options.ts';

/** Options of the command line that only some formats heed. */
export type FormatOption = 'outcomes' | 'csv' | 'details';

interface Described<Id extends string> {
  /** What `--format` takes; of a report also the option of `scan` that writes it, so a word of small letters. */
  readonly id: Id;
  /** What it writes, to follow "write". */
  readonly description: string;
  /** How its files end, without the dot. */
  readonly extension: string;
  readonly options: readonly FormatOption[];
}

/** All that a format of reports is: commands take their options, help and writers from it. */
export interface ReportFormat<Id extends string = string> extends Described<Id> {
  readonly render: ReportRenderer;
  /** Where a report is more than one file: writes it at a path, and beside it what belongs to it. */
  readonly write?: ReportWriter;
  /** What stands beside a file only, and so is lost in a stream: said where something is missing. */
  readonly besideFile?: string;
  /** How its files begin: a report of before may be written over where other evidence may not. */
  readonly beginnings: readonly RegExp[];
}

/** Errors: `output-unwritable`. */
export type ReportWriter = (
  path: string,
  source: ReportSource,
  options: ReportOptions,
) => Promise<WrittenReport>;

export interface WrittenReport {
  /** Every file, that at the path itself first. */
  readonly files: readonly string[];
  /** What whoever asked for the report should know, a line each. They hold the path as given, so they are hostile text. */
  readonly remarks: readonly string[];
}

/** Writes a report at a path, with all that belongs beside it. Errors: `output-unwritable`. */
export async function writeReport(
  format: ReportFormat,
  path: string,
  source: ReportSource,
  options: ReportOptions,
): Promise<WrittenReport> {
  if (format.write !== undefined) return format.write(path, source, options);
  await writeReportFile(path, (out) => format.render(source, out, options));
  return { files: [path], remarks: [] };
}

/** A format of what `diff` or `trend` found. */
export interface HistoryFormat<Result, Id extends string = string> extends Described<Id> {
  /** The output itself says whether the evidence is complete. */
  readonly saysMissing: boolean;
  readonly render: (result: Result, out: Writable, options: HistoryOptions) => Promise<void>;
}

export interface HistoryOptions {
  readonly csv: CsvOptions;
  readonly heading: ReportHeading;
  /** See `evidenceDigest`. */
  readonly evidenceDigest: string;
}

/** Formats by their id, in the order of the list. */
export function byId<Id extends string, Format extends { readonly id: Id }>(
  formats: readonly Format[],
): Readonly<Record<Format['id'], Format>> {
  return Object.fromEntries(formats.map((format) => [format.id, format])) as Record<Format['id'], Format>;
}

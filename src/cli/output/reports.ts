import { TrustsieveError } from '../../errors.ts';
import { SWITCHES } from '../../gsl/switches.ts';
import type { Report, RuleTotals } from '../../history/report/report.ts';
import { openScopedReport } from '../../history/report/scoped-report.ts';
import type { Completeness } from '../../model/completeness.ts';
import type { ReportSource } from '../../model/report-source.ts';
import type { RuleMetadata } from '../../model/rule.ts';
import { writeEvidenceCsv } from '../../report/csv/files.ts';
import { NO_COMPANION } from '../../report/csv/format.ts';
import {
  type CsvDelimiter,
  type CsvOptions,
  type HistoryOptions,
  REPORT_FORMATS,
  type ReportFormat,
  type ReportFormatId,
  type ReportHeading,
  type ReportOptions,
  writeReport,
} from '../../report/index.ts';
import { evidenceDigest } from '../../report/shared/evidence-digest.ts';
import { PRINTED_DETAILS } from '../../report/shared/options.ts';
import { ALL_NOTE_SENTENCES, RULES } from '../../rules/index.ts';
import type { Store } from '../../store/index.ts';
import { counted, formatCount } from '../../text/counted.ts';
import type { ArgumentsOf, Specs } from '../command.ts';
import type { CliContext } from '../context.ts';
import { say } from './messages.ts';
import type { OutputPlace } from './output-places.ts';

export const FORMAT_NAMES = Object.keys(REPORT_FORMATS) as ReportFormatId[];

const DELIMITERS = { comma: ',', semicolon: ';', tab: '\t', pipe: '|' } as const satisfies Record<
  string,
  CsvDelimiter
>;

/** The options of every command that writes CSV reports. */
export const CSV_OPTIONS = {
  'csv-raw': {
    type: 'boolean',
    default: false,
    describe: 'CSV for programs: cells exactly as in the evidence, without the guard against formulas',
  },
  'csv-bom': {
    type: 'boolean',
    default: false,
    describe: 'CSV that begins with a byte order mark, for Excel',
  },
  'csv-delimiter': {
    choices: Object.keys(DELIMITERS) as (keyof typeof DELIMITERS)[],
    default: 'comma',
    describe: 'what separates the cells of CSV',
  },
} as const satisfies Specs;

type CsvArguments = ArgumentsOf<typeof CSV_OPTIONS>;

function csvOptions(args: CsvArguments): CsvOptions {
  return {
    raw: args.csvRaw,
    bom: args.csvBom,
    delimiter: DELIMITERS[args.csvDelimiter],
  };
}

/** What the formats of `diff` and `trend` are told beside what was found. */
export function historyOptions(store: Store, args: CsvArguments, heading: ReportHeading): HistoryOptions {
  return {
    csv: csvOptions(args),
    heading,
    evidenceDigest: evidenceDigest(openScopedReport(store, {}).evidence()),
  };
}

/**
 * Writes what is missing beside the file of CSV that `diff` or `trend` wrote, as a report does. `source` is of what it
 * tells last.
 */
export async function writeBeside(
  { output }: { readonly output: string },
  source: ReportSource,
  missing: Completeness,
  { csv, heading }: HistoryOptions,
  context: CliContext,
): Promise<void> {
  if (output === '-') return;
  const files = await writeEvidenceCsv(output, source, { csv, heading }, missing);
  if (files.length === 0) say('note', `${output}: ${NO_COMPANION}`, context);
}

/** Of the commands that write the page of findings. */
export const DETAILS_OPTION = {
  'print-details': {
    type: 'boolean',
    default: false,
    describe: `HTML that also holds proof and fix of the worst findings, up to ${formatCount(PRINTED_DETAILS)}, for print`,
  },
} as const satisfies Specs;

/** An option for each format, by which `scan` writes it. */
export const REPORT_OPTIONS = Object.fromEntries(
  Object.values(REPORT_FORMATS).map(({ id, description }) => [
    id,
    { type: 'string', describe: `write ${description}` },
  ]),
) as Readonly<Record<ReportFormatId, { readonly type: 'string'; readonly describe: string }>>;

/** The files that `scan` was asked to write. */
export type ReportFiles = Readonly<Record<ReportFormatId, string | undefined>>;

/** Where the reports go that `scan` was asked for. */
export function reportPlaces(args: ReportFiles): readonly OutputPlace[] {
  return FORMAT_NAMES.flatMap((format) => {
    const path = args[format];
    return typeof path === 'string' ? [{ option: `--${format}`, path }] : [];
  });
}

/**
 * Writes the reports that `scan` was asked for; returns the files written. One that cannot be written keeps none of the
 * others from being.
 *
 * @throws TrustsieveError `output-unwritable` for the last of those
 */
export async function writeReports(
  source: Report,
  args: ReportFiles & CsvArguments,
  further: FurtherOptions,
  context: CliContext,
): Promise<readonly string[]> {
  const written: string[] = [];
  if (reportPlaces(args).length === 0) return written;
  const options = reportOptions(source, args, further);
  let failed: TrustsieveError | null = null;
  for (const format of FORMAT_NAMES) {
    const path = args[format];
    if (typeof path !== 'string') continue;
    try {
      written.push(...(await writeOne(REPORT_FORMATS[format], path, source, options, context)));
    } catch (error) {
      if (!(error instanceof TrustsieveError && error.code === 'output-unwritable')) throw error;
      if (failed !== null) say('error', failed.message, context);
      failed = error;
    }
  }
  if (failed !== null) throw failed;
  return written;
}

/** Writes one report with what belongs beside it; returns the files written. */
export async function writeOne(
  format: ReportFormat,
  path: string,
  source: ReportSource,
  options: ReportOptions,
  context: CliContext,
): Promise<readonly string[]> {
  const { files, remarks } = await writeReport(format, path, source, options);
  for (const remark of remarks) say('note', remark, context);
  return files;
}

/** What a command has found out already before there is a source. */
type FurtherOptions = Pick<ReportOptions, 'outcomes' | 'heading' | 'details'>;

export function reportOptions(source: Report, args: CsvArguments, further: FurtherOptions): ReportOptions {
  return {
    rules: rulesOf(source),
    noteSentences: ALL_NOTE_SENTENCES,
    switches: SWITCHES.map(({ name, default: value, description }) => ({
      name,
      value: String(value),
      decides: description,
    })),
    csv: csvOptions(args),
    ...further,
  };
}

/** The rules that judged: the built-in ones, then those of rule files by id, each with where it could not be evaluated. */
function rulesOf(source: Report): readonly RuleMetadata[] {
  if (source.furtherRules.length === 0) return RULES;
  const further = source.ruleTotals().flatMap((totals): RuleMetadata[] => {
    if (totals.further === null) return [];
    const { metadata } = totals.further;
    const gap = notEvaluated(totals);
    if (gap === null) return [metadata];
    const description = `${metadata.description}\n\nNot evaluated: ${gap}.`.trim();
    return [{ ...metadata, description }];
  });
  return [...RULES, ...further.sort((a, b) => (a.id < b.id ? -1 : 1))];
}

/** Why a rule of a rule file says nothing of some evidence; null when there is no such evidence. */
export function notEvaluated({ further, accountsWithout, entitiesWithout }: RuleTotals): string | null {
  if (further === null) return null;
  if (further.unjudged !== null) return further.unjudged;
  const parts: string[] = [];
  if (accountsWithout > 0)
    parts.push(`the evidence of ${counted(accountsWithout, 'account')} holds no ${further.kind}`);
  if (entitiesWithout > 0)
    parts.push(
      `the evidence of ${counted(entitiesWithout, 'entity', 'entities')} does not hold what it looks at`,
    );
  return parts.length === 0 ? null : parts.join('; ');
}

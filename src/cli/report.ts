import { dirname, join } from 'node:path';
import type { Argv } from 'yargs';
import { ALL_NOTE_SENTENCES } from '../audit/notes.ts';
import type { Outcome } from '../audit/verdict.ts';
import { OUTCOMES } from '../audit/verdict.ts';
import { TrustsieveError } from '../errors.ts';
import { SWITCHES } from '../gsl/switches.ts';
import type { Report } from '../history/report-source.ts';
import { openScopedReport } from '../history/scoped-report.ts';
import {
  type CsvDelimiter,
  type CsvOptions,
  REPORT_FORMATS,
  type ReportFormat,
  type ReportOptions,
  writeCsvFiles,
  writeEvidenceCsv,
  writeHtmlFiles,
  writeReportFile,
} from '../report/index.ts';
import { missingOf } from '../report/shared/missing.ts';
import { RULES } from '../rules/index.ts';
import type { RuleMetadata } from '../rules/types.ts';
import { openScannedStore } from '../store/scanned-store.ts';
import type { ReportSource } from '../store/types.ts';
import { ageFlags, agesArgument, momentArgument, timeArgument } from './arguments.ts';
import type { Arguments, Command } from './command.ts';
import { type CliContext, EXIT, type ExitCode } from './context.ts';
import { exceptionsArgument } from './exception-files.ts';
import { checkOutput, outputFlag } from './output.ts';
import type { OutputPlace } from './output-places.ts';
import { printable } from './printable.ts';
import { notEvaluated } from './summary.ts';

const FORMAT_NAMES = Object.keys(REPORT_FORMATS) as ReportFormat[];

export const reportCommand: Command = {
  name: 'report',
  summary: 'Write a report from the store',
  examples: [
    ['trustsieve report --format csv -o findings.csv', 'findings and errors'],
    ['trustsieve report --format ndjson --status all', 'every role and rule, one object per line'],
    ['trustsieve report --format sarif -o findings.sarif', 'for viewers of analysis results'],
    ['trustsieve report --at 2026-03-31 --format html -o q1.html', 'what stood at the end of a quarter'],
  ],
  options: (parser) =>
    outputFlag(csvFlags(ageFlags(parser)))
      .option('db', { type: 'string', default: 'trustsieve.db', describe: 'the store' })
      .option('format', { choices: FORMAT_NAMES, demandOption: true, describe: 'what to write' })
      .option('run', { type: 'number', describe: 'only what this run read; see `trustsieve runs`' })
      .option('at', {
        type: 'string',
        describe: 'what stood then, in evidence time: a date (to its end, UTC) or a time; not with --run',
      })
      .option('status', {
        type: 'string',
        describe: 'verdicts to list: fail,error,pass,not-applicable or all',
      })
      .option('exceptions', {
        type: 'string',
        describe: 'accepted findings (YAML), instead of those the scan was given',
      })
      .option('as-of', {
        type: 'string',
        describe:
          'the moment to judge exceptions and dates against, whatever the evidence (default: that of the run)',
      }),
  run: report,
};

async function report(args: Arguments, context: CliContext): Promise<ExitCode> {
  const outcomes = outcomesArgument(args['status'] as string | undefined);
  const asOf = timeArgument('as-of', args['asOf'] as string | undefined);
  const accepted = await exceptionsArgument(args['exceptions'] as string | undefined, (text) =>
    context.stderr.write(text),
  );
  await checkOutput(args);
  const ages = agesArgument(args);
  const at = momentArgument('at', args['at'] as string | undefined);
  if (at !== null && args['run'] !== undefined) {
    throw new TrustsieveError('usage', '--at and --run do not go together: a run has moments of its own');
  }
  const store = openScannedStore(args['db'] as string);
  try {
    const source = openScopedReport(store, {
      ...(accepted !== undefined && { exceptions: accepted }),
      run: (args['run'] as number | undefined) ?? null,
      at,
      asOf,
      ...ages,
    });
    const format = args['format'] as ReportFormat;
    const options = reportOptions(source, args, outcomes);
    const output = args['output'] as string;
    const { reasons } = missingOf(source);
    if (output === '-') {
      await REPORT_FORMATS[format](source, context.stdout, options);
      if (format === 'csv' && reasons.length > 0) context.stderr.write(`${NO_COMPANION}\n`);
    } else await writeReport(format, output, source, options, context);
    return reasons.length > 0 ? incomplete(reasons, context) : EXIT.done;
  } finally {
    store.close();
  }
}

/** Says in one line why a result is incomplete. */
export function incomplete(reasons: readonly string[], context: CliContext): ExitCode {
  context.stderr.write(`incomplete (exit 3): ${printable(reasons.join(', '))}\n`);
  return EXIT.incomplete;
}

const NO_COMPANION =
  'rejected records and accounts that are missing stand in a file beside a CSV report (-o FILE); there is none beside standard output or a pipe';

const DELIMITERS = { comma: ',', semicolon: ';', tab: '\t', pipe: '|' } as const satisfies Record<
  string,
  CsvDelimiter
>;

/** The options of every command that writes CSV reports. */
export function csvFlags(parser: Argv): Argv {
  return parser
    .option('csv-raw', {
      type: 'boolean',
      default: false,
      describe: 'CSV for programs: no guard against formulas, cells as the evidence has them',
    })
    .option('csv-bom', { type: 'boolean', default: false, describe: 'CSV with a byte order mark, for Excel' })
    .option('csv-delimiter', {
      choices: Object.keys(DELIMITERS) as (keyof typeof DELIMITERS)[],
      default: 'comma' as const,
      describe: 'what stands between CSV cells',
    });
}

export function csvOptions(args: Arguments): CsvOptions {
  return {
    raw: args['csvRaw'] === true,
    bom: args['csvBom'] === true,
    delimiter: DELIMITERS[args['csvDelimiter'] as keyof typeof DELIMITERS],
  };
}

/** Where the reports go that `scan` was asked for. */
export function reportPlaces(args: Arguments): readonly OutputPlace[] {
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
  args: Arguments,
  context: CliContext,
): Promise<readonly string[]> {
  const written: string[] = [];
  if (reportPlaces(args).length === 0) return written;
  const options = reportOptions(source, args, undefined);
  let failed: TrustsieveError | null = null;
  for (const format of FORMAT_NAMES) {
    const path = args[format];
    if (typeof path !== 'string') continue;
    try {
      written.push(...(await writeReport(format, path, source, options, context)));
    } catch (error) {
      if (!(error instanceof TrustsieveError && error.code === 'output-unwritable')) throw error;
      if (failed !== null) context.stderr.write(`trustsieve: ${printable(failed.message)}\n`);
      failed = error;
    }
  }
  if (failed !== null) throw failed;
  return written;
}

async function writeReport(
  format: ReportFormat,
  path: string,
  source: ReportSource,
  options: ReportOptions,
  context: CliContext,
): Promise<readonly string[]> {
  if (format === 'html') {
    const parts = await writeHtmlFiles(path, source, options);
    if (parts.length > 0) {
      const note = `${path}: more findings than one page carries; it lists the worst, and ${parts.length} parts beside it list all`;
      context.stderr.write(`${printable(note)}\n`);
    }
    return [path, ...parts.map((part) => join(dirname(path), part.path))];
  }
  if (format !== 'csv') {
    await writeReportFile(path, (out) => REPORT_FORMATS[format](source, out, options));
    return [path];
  }
  const files = await writeCsvFiles(path, source, options);
  if (files.length > 1) {
    context.stderr.write(
      printable(
        `${path}: more rows than a spreadsheet opens; it lists the ${files.length} files that hold them`,
      ),
    );
    context.stderr.write('\n');
  }
  const beside = await writeEvidenceCsv(path, source, options);
  if (beside.length === 0) context.stderr.write(`${printable(path)}: ${NO_COMPANION}\n`);
  return [...new Set([path, ...files.map((file) => file.path), ...beside])];
}

function reportOptions(
  source: Report,
  args: Arguments,
  outcomes: readonly Outcome[] | undefined,
): ReportOptions {
  return {
    rules: rulesOf(source),
    noteSentences: ALL_NOTE_SENTENCES,
    switches: SWITCHES.map(({ name, default: value, description }) => ({
      name,
      value: String(value),
      decides: description,
    })),
    csv: csvOptions(args),
    ...(outcomes !== undefined && { outcomes }),
  };
}

/** The rules that judged: the built-in ones, then those of rule files by id, each with where it could not be evaluated. */
function rulesOf(source: Report): readonly RuleMetadata[] {
  if (source.furtherRules.length === 0) return RULES;
  const further = source.ruleStandings().flatMap((standing): RuleMetadata[] => {
    if (standing.further === null) return [];
    const { metadata } = standing.further;
    const gap = notEvaluated(standing);
    if (gap === null) return [metadata];
    const description = `${metadata.description}\n\nNot evaluated: ${gap}.`.trim();
    return [{ ...metadata, description }];
  });
  return [...RULES, ...further.sort((a, b) => (a.id < b.id ? -1 : 1))];
}

function outcomesArgument(text: string | undefined): readonly Outcome[] | undefined {
  if (text === undefined) return undefined;
  if (text === 'all') return OUTCOMES;
  return text.split(',').map((word) => {
    const outcome = OUTCOMES.find((known) => known === word.trim());
    if (outcome !== undefined) return outcome;
    throw new TrustsieveError('usage', `\`${word}\` is no status: use ${OUTCOMES.join(', ')} or all`);
  });
}

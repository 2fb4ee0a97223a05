import type { Outcome } from '../audit/verdict.ts';
import { OUTCOMES } from '../audit/verdict.ts';
import { TrustsieveError } from '../errors.ts';
import { formatTime } from '../formats/times.ts';
import { openReport } from '../history/report-source.ts';
import { REPORT_FORMATS, type ReportFormat, type ReportOptions, writeReportFile } from '../report/index.ts';
import { RULES } from '../rules/index.ts';
import { openStore } from '../store/store.ts';
import type { ReportSource } from '../store/types.ts';
import { timeArgument } from './arguments.ts';
import type { Arguments, Command } from './command.ts';
import { type CliContext, EXIT, type ExitCode } from './context.ts';
import { ALL_NOTE_SENTENCES } from './notes.ts';

const FORMAT_NAMES = Object.keys(REPORT_FORMATS) as ReportFormat[];

export const reportCommand: Command = {
  name: 'report',
  summary: 'Write a report from the store',
  examples: [
    ['trustsieve report --format csv -o findings.csv', 'findings and errors'],
    ['trustsieve report --format ndjson --status all', 'every role and rule, one object per line'],
  ],
  options: (parser) =>
    parser
      .option('db', { type: 'string', default: 'trustsieve.db', describe: 'the store' })
      .option('format', { choices: FORMAT_NAMES, demandOption: true, describe: 'what to write' })
      .option('output', {
        alias: 'o',
        type: 'string',
        default: '-',
        describe: 'a file, or - for standard output',
      })
      .option('run', { type: 'number', describe: 'only what this run read; see `trustsieve runs`' })
      .option('status', {
        type: 'string',
        describe: 'verdicts to list: fail,error,pass,not-applicable or all',
      })
      .option('as-of', {
        type: 'string',
        describe: 'the moment to judge against (default: that of the run)',
      }),
  run: report,
};

async function report(args: Arguments, context: CliContext): Promise<ExitCode> {
  const outcomes = outcomesArgument(args['status'] as string | undefined);
  const asOf = timeArgument('as-of', args['asOf'] as string | undefined);
  const store = openStore(args['db'] as string, { mode: 'read' });
  try {
    const source = openReport(store, {
      asOf: asOf ?? store.listRuns().at(-1)?.asOf ?? formatTime(0),
      ...(args['run'] !== undefined && { run: args['run'] as number }),
    });
    const render = REPORT_FORMATS[args['format'] as ReportFormat];
    const options = reportOptions(outcomes);
    const output = args['output'] as string;
    if (output === '-') await render(source, context.stdout, options);
    else await writeReportFile(output, (out) => render(source, out, options));
    return EXIT.done;
  } finally {
    store.close();
  }
}

/** Writes the reports that `scan` was asked for. */
export async function writeReports(source: ReportSource, args: Arguments): Promise<void> {
  for (const format of FORMAT_NAMES) {
    const path = args[format];
    if (typeof path !== 'string') continue;
    await writeReportFile(path, (out) => REPORT_FORMATS[format](source, out, reportOptions(undefined)));
  }
}

function reportOptions(outcomes: readonly Outcome[] | undefined): ReportOptions {
  return { rules: RULES, noteSentences: ALL_NOTE_SENTENCES, ...(outcomes !== undefined && { outcomes }) };
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

import { TrustsieveError } from '../../errors.ts';
import { openScopedReport } from '../../history/report/scoped-report.ts';
import type { Outcome } from '../../model/exposure.ts';
import { OUTCOMES } from '../../model/verdict.ts';
import { REPORT_FORMATS } from '../../report/index.ts';
import { missingOf } from '../../report/shared/missing.ts';
import { openScannedStore } from '../../store/index.ts';
import { type ArgumentsOf, defineCommand, type Specs } from '../command.ts';
import { type CliContext, EXIT, type ExitCode } from '../context.ts';
import { printedDetails } from '../fix/shown-fix.ts';
import { AGE_OPTIONS, agesArgument, momentArgument, STORE_OPTION, timeArgument } from '../input/arguments.ts';
import { exceptionsArgument } from '../input/exception-files.ts';
import { formatOf } from '../input/format-of.ts';
import { HEADING_OPTIONS, headingArgument } from '../output/heading.ts';
import { say } from '../output/messages.ts';
import { incomplete } from '../output/missing.ts';
import { checkOutput, OUTPUT_OPTION } from '../output/output.ts';
import { CSV_OPTIONS, DETAILS_OPTION, FORMAT_NAMES, reportOptions, writeOne } from '../output/reports.ts';

const OPTIONS = {
  ...STORE_OPTION,
  format: { choices: FORMAT_NAMES, describe: 'what to write (default: what the ending of the file says)' },
  ...OUTPUT_OPTION,
  run: { type: 'number', describe: 'only what this run read; `trustsieve runs` lists them' },
  at: {
    type: 'string',
    describe:
      'what stood at this date (at its end, UTC) or time, by the times of the evidence; not with --run',
  },
  status: {
    type: 'string',
    describe: 'verdicts to list: fail,error,pass,not-applicable or all',
  },
  exceptions: {
    type: 'string',
    describe: 'accepted findings (YAML), instead of those the scan was given',
  },
  'as-of': {
    type: 'string',
    describe: 'what counts as now for exceptions and for dates in policies (default: as in the run)',
  },
  ...AGE_OPTIONS,
  ...HEADING_OPTIONS,
  ...DETAILS_OPTION,
  ...CSV_OPTIONS,
} as const satisfies Specs;

type ReportArguments = ArgumentsOf<typeof OPTIONS>;

export const reportCommand = defineCommand({
  name: 'report',
  summary: 'Write a report from the store',
  examples: [
    ['trustsieve report -o findings.csv', 'findings and errors; the ending says in which format'],
    ['trustsieve report --format ndjson --status all', 'every role and rule, one object per line'],
    ['trustsieve report --format sarif -o findings.sarif', 'for viewers of analysis results'],
    ['trustsieve report --at 2026-03-31 --format html -o q1.html', 'what stood at the end of a quarter'],
  ],
  positionals: {},
  options: OPTIONS,
  run: report,
});

async function report(args: ReportArguments, context: CliContext): Promise<ExitCode> {
  const outcomes = outcomesArgument(args.status);
  const heading = headingArgument(args);
  const asOf = timeArgument('as-of', args.asOf);
  const accepted = await exceptionsArgument(args.exceptions, context);
  const format = REPORT_FORMATS[formatOf(REPORT_FORMATS, args.format, args.output)];
  await checkOutput(args);
  const ages = agesArgument(args);
  const at = momentArgument('at', args.at);
  if (at !== null && args.run !== undefined) {
    throw new TrustsieveError('usage', '--at and --run do not go together: a run has moments of its own');
  }
  const store = openScannedStore(args.db);
  try {
    const source = openScopedReport(store, {
      ...(accepted !== undefined && { exceptions: accepted }),
      run: args.run ?? null,
      at,
      asOf,
      ...ages,
    });
    const options = reportOptions(source, args, {
      heading,
      ...(outcomes !== undefined && { outcomes }),
      ...(args.printDetails && { details: printedDetails(store.reader.relations()) }),
    });
    const output = args.output;
    const { reasons } = missingOf(source);
    if (output === '-') {
      await format.render(source, context.stdout, options);
      if (format.besideFile !== undefined && reasons.length > 0) {
        say('note', format.besideFile, context);
      }
    } else await writeOne(format, output, source, options, context);
    return reasons.length > 0 ? incomplete(reasons, context) : EXIT.done;
  } finally {
    store.close();
  }
}

function outcomesArgument(text: string | undefined): readonly Outcome[] | undefined {
  if (text === undefined) return undefined;
  if (text === 'all') return OUTCOMES;
  return text.split(',').map((word) => {
    const outcome = OUTCOMES.find((known) => known === word.trim());
    if (outcome !== undefined) return outcome;
    throw new TrustsieveError('usage', `\`${word}\` is not a status: use ${OUTCOMES.join(', ')} or all`);
  });
}

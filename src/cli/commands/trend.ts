import { openDisagreementTally } from '../../history/completeness/disagreement-tally.ts';
import { TREND_RULE } from '../../history/report/report.ts';
import { openScopedReport } from '../../history/report/scoped-report.ts';
import { pointReasons } from '../../history/trend/period-counts.ts';
import { trendOf } from '../../history/trend/trend.ts';
import { TREND_PERIODS } from '../../model/trend.ts';
import { TREND_FORMATS } from '../../report/index.ts';
import { standingWords } from '../../report/shared/missing.ts';
import { openScannedStore } from '../../store/index.ts';
import { type ArgumentsOf, defineCommand, type Specs } from '../command.ts';
import type { CliContext, ExitCode } from '../context.ts';
import { STORE_OPTION } from '../input/arguments.ts';
import { formatOf } from '../input/format-of.ts';
import { HEADING_OPTIONS, headingArgument } from '../output/heading.ts';
import { exitWith, missingIn, periodWords } from '../output/missing.ts';
import { checkOutput, OUTPUT_OPTION, productScreen, writeOutput, writeText } from '../output/output.ts';
import { CSV_OPTIONS, historyOptions, writeBeside } from '../output/reports.ts';
import { trendText } from '../output/trend-text.ts';

const FORMAT_NAMES = Object.keys(TREND_FORMATS) as (keyof typeof TREND_FORMATS)[];

const OPTIONS = {
  ...HEADING_OPTIONS,
  ...CSV_OPTIONS,
  ...OUTPUT_OPTION,
  ...STORE_OPTION,
  by: {
    choices: TREND_PERIODS,
    default: 'month',
    describe: 'the calendar period (UTC)',
  },
  format: {
    choices: ['text', ...FORMAT_NAMES],
    describe: 'output format (default: what the ending of the file says, or text)',
  },
} as const satisfies Specs;

type TrendArguments = ArgumentsOf<typeof OPTIONS>;

export const trendCommand = defineCommand({
  name: 'trend',
  summary: 'Count the roles that failed at the end of each day, week, month, quarter or year',
  examples: [
    ['trustsieve trend --by month', 'counts and rates, month by month'],
    ['trustsieve trend --by quarter --format html -o trend.html', 'a chart and a table, for people'],
    ['trustsieve trend --by year', 'the last line is the year to date, where it is not over'],
    ['trustsieve trend --by day --format json', 'for programs'],
  ],
  positionals: {},
  options: OPTIONS,
  run: trend,
});

async function trend(args: TrendArguments, context: CliContext): Promise<ExitCode> {
  const by = args.by;
  const heading = headingArgument(args);
  const format = formatOf({ text: { extension: 'txt' }, ...TREND_FORMATS }, args.format, args.output, 'text');
  await checkOutput(args);
  const store = openScannedStore(args.db);
  try {
    const disagreements = openDisagreementTally();
    const points = trendOf(store.reader, { kind: 'all' }, TREND_RULE, by, disagreements);
    const source = openScopedReport(store, {});
    const missing = missingIn(source, [
      ...pointReasons(points),
      ...disagreements.reasons(' as they stood earlier'),
    ]);
    const evidence = store.reader.evidencePeriod();
    if (format === 'text') {
      const screen = productScreen(args, context);
      const last = [...(evidence === null ? [] : [periodWords(evidence)]), standingWords(missing)];
      const lines = last.flatMap((line) => (line === null ? [] : [`${screen.fitLine(line)}\n`]));
      await writeText(args, context, [trendText(TREND_RULE, points, by, screen), ...lines]);
    } else {
      const toolVersion = store.reader.runFacts(null)?.toolVersion ?? '';
      const result = { rule: TREND_RULE, by, points, evidence, missing, toolVersion };
      const options = historyOptions(store, args, heading);
      await writeOutput(args, context, (out) => TREND_FORMATS[format].render(result, out, options));
      if (format === 'csv') await writeBeside(args, source, missing, options, context);
    }
    return exitWith(missing, format === 'text' || TREND_FORMATS[format].saysMissing, context);
  } finally {
    store.close();
  }
}

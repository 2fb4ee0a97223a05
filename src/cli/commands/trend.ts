import { openDisagreementTally } from '../../history/completeness/disagreement-tally.ts';
import { TREND_RULE } from '../../history/report/report.ts';
import { trendOf } from '../../history/trend/trend.ts';
import { TREND_PERIODS, type TrendPoint } from '../../model/trend.ts';
import { TREND_FORMATS } from '../../report/index.ts';
import { openScannedStore } from '../../store/index.ts';
import { type ArgumentsOf, defineCommand, type Specs } from '../command.ts';
import type { CliContext, ExitCode } from '../context.ts';
import { STORE_OPTION } from '../input/arguments.ts';
import { formatOf } from '../input/format-of.ts';
import { exitWith, missingIn, missingLine, periodLine } from '../output/missing.ts';
import { checkOutput, OUTPUT_OPTION, writeOutput, writeText } from '../output/output.ts';
import { CSV_OPTIONS, csvOptions } from '../output/reports.ts';
import { table } from '../output/table.ts';

const FORMAT_NAMES = Object.keys(TREND_FORMATS) as (keyof typeof TREND_FORMATS)[];

const OPTIONS = {
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
  summary: 'Count the roles that failed at the end of each day, week, month or quarter',
  examples: [
    ['trustsieve trend --by month', 'counts and rates, month by month'],
    ['trustsieve trend --by quarter --format html -o trend.html', 'a chart and a table, for people'],
    ['trustsieve trend --by day --format json', 'for programs'],
  ],
  positionals: {},
  options: OPTIONS,
  run: trend,
});

async function trend(args: TrendArguments, context: CliContext): Promise<ExitCode> {
  const by = args.by;
  await checkOutput(args);
  const store = openScannedStore(args.db);
  try {
    const disagreements = openDisagreementTally();
    const points = trendOf(store.reader, { kind: 'all' }, TREND_RULE, by, disagreements);
    const missing = missingIn(store, disagreements.reasons(' as they stood earlier'));
    const evidence = store.reader.evidencePeriod();
    const format = formatOf(
      { text: { extension: 'txt' }, ...TREND_FORMATS },
      args.format,
      args.output,
      'text',
    );
    if (format === 'text') {
      await writeText(args, context, [trendText(points), periodLine(evidence), missingLine(missing)]);
    } else {
      const result = { rule: TREND_RULE, by, points, evidence, missing };
      const options = { csv: csvOptions(args) };
      await writeOutput(args, context, (out) => TREND_FORMATS[format].render(result, out, options));
    }
    return exitWith(missing, format === 'text' || TREND_FORMATS[format].saysMissing, context);
  } finally {
    store.close();
  }
}

function trendText(points: readonly TrendPoint[]): string {
  if (points.length === 0) return 'the store holds no capture of an account\n';
  const rows = points.map((point) => [
    point.at,
    point.accounts,
    point.carriedForward,
    point.roles,
    point.fail,
    `${(point.failRate * 100).toFixed(1)}%`,
    point.new,
    point.resolved,
  ]);
  const header = ['at', 'accounts', 'carried forward', 'roles', 'fail', 'rate', 'new', 'resolved'];
  const carried = points.some(({ carriedForward }) => carriedForward > 0)
    ? ['\ncarried forward: accounts without a capture in the period, which stand as last captured\n']
    : [];
  return [
    `${TREND_RULE}\n\n`,
    table(header, rows),
    ...carried,
    'new and resolved count findings of accounts that both ends of the period cover\n',
  ].join('');
}

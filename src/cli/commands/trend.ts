import { openDisagreementTally } from '../../history/completeness/disagreement-tally.ts';
import { TREND_RULE } from '../../history/report/report.ts';
import { trendOf } from '../../history/trend/trend.ts';
import { TREND_PERIODS, type TrendPeriod, type TrendPoint } from '../../model/trend.ts';
import { SEVERITIES } from '../../model/verdict.ts';
import { TREND_FORMATS } from '../../report/index.ts';
import { standingWords } from '../../report/shared/missing.ts';
import { openScannedStore } from '../../store/index.ts';
import { counted } from '../../text/counted.ts';
import { wrapped } from '../../text/display-width.ts';
import { type ArgumentsOf, defineCommand, type Specs } from '../command.ts';
import type { CliContext, ExitCode } from '../context.ts';
import { STORE_OPTION } from '../input/arguments.ts';
import { formatOf } from '../input/format-of.ts';
import { HEADING_OPTIONS, headingArgument } from '../output/heading.ts';
import { exitWith, missingIn, periodWords } from '../output/missing.ts';
import { checkOutput, OUTPUT_OPTION, productScreen, writeOutput, writeText } from '../output/output.ts';
import { CSV_OPTIONS, historyOptions } from '../output/reports.ts';
import type { Screen } from '../output/screen.ts';
import { table } from '../output/table.ts';

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
      const screen = productScreen(args, context);
      const last = [...(evidence === null ? [] : [periodWords(evidence)]), standingWords(missing)];
      const lines = last.flatMap((line) => (line === null ? [] : [`${screen.fitLine(line)}\n`]));
      await writeText(args, context, [trendText(points, by, screen), ...lines]);
    } else {
      const toolVersion = store.reader.runFacts(null)?.toolVersion ?? '';
      const result = { rule: TREND_RULE, by, points, evidence, missing, toolVersion };
      const options = historyOptions(store, args, heading);
      await writeOutput(args, context, (out) => TREND_FORMATS[format].render(result, out, options));
    }
    return exitWith(missing, format === 'text' || TREND_FORMATS[format].saysMissing, context);
  } finally {
    store.close();
  }
}

function trendText(points: readonly TrendPoint[], by: TrendPeriod, screen: Screen): string {
  const { fitLine, paint } = screen;
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) {
    return `${fitLine('the store holds no capture of an account, so there is no trend')}\n`;
  }
  const rows = points.map((point) => [
    `${point.at}${point.toDate ? '*' : ''}`,
    point.accounts,
    point.carriedForward,
    point.roles,
    point.fail,
    `${(point.failRate * 100).toFixed(1)}%`,
    ...SEVERITIES.map((severity) => point.severities[severity]),
    point.new,
    point.resolved,
  ]);
  const header = [
    'at',
    'accts',
    'carried',
    'roles',
    'fail',
    'rate',
    'crit',
    'high',
    'med',
    'low',
    'new',
    'gone',
  ];
  const legend = [
    'accts: accounts captured by then; crit, high, med, low: failing by severity',
    ...(points.some(({ carriedForward }) => carriedForward > 0)
      ? ['carried forward: accounts without a capture in the period, which stand as last captured']
      : []),
    'new and gone: findings that came, or were resolved, since the point before in accounts that both cover',
    ...(last.toDate ? [`* ${by} to date: the newest capture is of ${last.captured}`] : []),
    ...(first === last ? [] : [likeForLike(first, last)]),
  ];
  return [
    `${paint('heading', TREND_RULE)}\n\n`,
    table(header, rows, {
      ...(screen.isTerminal && { width: screen.width }),
      paintTitle: (title) => paint('heading', title),
    }),
    '\n',
    ...legend.map((line) => `${wrapped(line, screen.width, 0)}\n`),
  ].join('');
}

function likeForLike({ fail }: TrendPoint, { comparableAccounts, comparableFail }: TrendPoint): string {
  return `like for like, in ${counted(comparableAccounts, 'account')} that the first point covers: ${fail} failed then, ${comparableFail} at the last point`;
}

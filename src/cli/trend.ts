import { openDisagreementTally } from '../history/disagreement-tally.ts';
import { TREND_RULE } from '../history/report-source.ts';
import { trendOf } from '../history/trend.ts';
import { renderTrendHtml, trendCsv, trendJson } from '../report/index.ts';
import { openScannedStore } from '../store/scanned-store.ts';
import { TREND_PERIODS, type TrendPeriod, type TrendPoint } from '../store/types.ts';
import type { Arguments, Command } from './command.ts';
import type { CliContext, ExitCode } from './context.ts';
import { exitWith, missingIn, missingLine } from './missing.ts';
import { checkOutput, outputFlag, writeOutput, writeText } from './output.ts';
import { periodLine } from './period.ts';
import { table } from './printable.ts';
import { csvFlags, csvOptions } from './report.ts';

export const trendCommand: Command = {
  name: 'trend',
  summary: 'How many roles failed at the end of every day, week, month or quarter with a capture',
  examples: [
    ['trustsieve trend --by month', 'counts and rates, month by month'],
    ['trustsieve trend --by quarter --format html -o trend.html', 'a chart and a table, for people'],
    ['trustsieve trend --by day --format json', 'for programs'],
  ],
  options: (parser) =>
    outputFlag(csvFlags(parser))
      .option('db', { type: 'string', default: 'trustsieve.db', describe: 'the store' })
      .option('by', {
        choices: TREND_PERIODS,
        default: 'month' as const,
        describe: 'the calendar period (UTC)',
      })
      .option('format', {
        choices: ['text', 'json', 'csv', 'html'] as const,
        default: 'text' as const,
        describe: 'output format',
      }),
  run: trend,
};

async function trend(args: Arguments, context: CliContext): Promise<ExitCode> {
  const by = args['by'] as TrendPeriod;
  await checkOutput(args);
  const store = openScannedStore(args['db'] as string);
  try {
    const disagreements = openDisagreementTally();
    const points = trendOf(store.reader, { kind: 'all' }, TREND_RULE, by, disagreements);
    const missing = missingIn(store, disagreements.reasons(' as they stood earlier'));
    const evidence = store.reader.evidencePeriod();
    const format = args['format'] as string;
    switch (format) {
      case 'json':
        await writeText(args, context, [trendJson(points, evidence)]);
        break;
      case 'csv':
        await writeText(args, context, trendCsv(points, csvOptions(args)));
        break;
      case 'html':
        await writeOutput(args, context, (out) =>
          renderTrendHtml({ rule: TREND_RULE, by, points, evidence, missing }, out),
        );
        break;
      default:
        await writeText(args, context, [trendText(points), periodLine(evidence), missingLine(missing)]);
    }
    return exitWith(missing, format === 'html' || format === 'text', context);
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

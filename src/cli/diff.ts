import { TrustsieveError } from '../errors.ts';
import { type DiffSide, diffStore, type LooksBefore } from '../history/diff.ts';
import { momentOf } from '../history/moment.ts';
import { diffCsv, renderDiffHtml, renderDiffJson } from '../report/index.ts';
import { openScannedStore } from '../store/scanned-store.ts';
import type { Arguments, Command } from './command.ts';
import type { CliContext, ExitCode } from './context.ts';
import { diffText } from './diff-text.ts';
import { exitWith, missingIn, missingLine } from './missing.ts';
import { checkOutput, outputFlag, writeOutput, writeText } from './output.ts';
import { csvFlags, csvOptions } from './report.ts';

export const diffCommand: Command = {
  name: 'diff <from> <to>',
  summary: 'What became of the findings between two dates of the evidence, or two runs',
  examples: [
    ['trustsieve diff 2026-01-31 2026-03-31', 'a quarter: each account as last captured by these days'],
    ['trustsieve diff 3 7 --format csv -o changes.csv', 'what run 3 and what run 7 read'],
    ['trustsieve diff previous latest', 'each account since the look before: the states in reports'],
    ['trustsieve diff 2026-01-31 2026-03-31 --format html -o changes.html', 'one page, for people'],
  ],
  options: (parser) =>
    outputFlag(csvFlags(parser))
      .positional('from', {
        type: 'string',
        demandOption: true,
        describe: 'a date, a time, the number of a run (see `trustsieve runs`), or `previous`',
      })
      .positional('to', {
        type: 'string',
        demandOption: true,
        describe: 'a date, a time, the number of a run, or `latest`',
      })
      .option('db', { type: 'string', default: 'trustsieve.db', describe: 'the store' })
      .option('format', {
        choices: ['text', 'json', 'csv', 'html'] as const,
        default: 'text' as const,
        describe: 'output format',
      })
      .option('all', { type: 'boolean', default: false, describe: 'list unchanged findings too' }),
  run: diff,
};

async function diff(args: Arguments, context: CliContext): Promise<ExitCode> {
  const from = fromArgument(args['from'] as string);
  const to = sideArgument(args['to'] as string);
  if (from.scope.kind === 'at' && to.scope.kind === 'at' && from.scope.time > to.scope.time) {
    throw new TrustsieveError(
      'usage',
      `\`${from.label}\` is later than \`${to.label}\`: name the earlier first`,
    );
  }
  await checkOutput(args);
  const store = openScannedStore(args['db'] as string);
  try {
    const result = diffStore(store, from, to, { all: args['all'] === true });
    const missing = missingIn(store, result.disputed);
    const format = args['format'] as string;
    switch (format) {
      case 'json':
        await writeOutput(args, context, (out) => renderDiffJson(result, out));
        break;
      case 'csv':
        await writeText(args, context, diffCsv(result, csvOptions(args)));
        break;
      case 'html':
        await writeOutput(args, context, (out) => renderDiffHtml(result, missing, out));
        break;
      default:
        await writeText(args, context, diffText(result, missingLine(missing)));
    }
    return exitWith(missing, format === 'html' || format === 'text', context);
  } finally {
    store.close();
  }
}

const RUN = /^\d{1,7}$/;

/** As `sideArgument`, or for each account the look before that of the other side. */
function fromArgument(text: string): DiffSide | LooksBefore {
  return text === 'previous' ? { label: text, scope: { kind: 'previous' } } : sideArgument(text);
}

/** A date reaches to the end of its day (UTC); up to seven digits are a run. */
function sideArgument(text: string): DiffSide {
  if (text === 'latest') return { label: text, scope: { kind: 'all' } };
  if (RUN.test(text)) return { label: text, scope: { kind: 'run', run: Number(text) } };
  const moment = momentOf(text);
  if (moment === null) {
    throw new TrustsieveError(
      'usage',
      `\`${text}\` is no date, time or run: write 2026-02-01, 2026-02-01T12:00:00Z, a number that \`trustsieve runs\` lists, or \`previous latest\``,
    );
  }
  return { label: moment.label, scope: { kind: 'at', time: moment.time } };
}

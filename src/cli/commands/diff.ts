import { TrustsieveError } from '../../errors.ts';
import { momentOf } from '../../history/calendar.ts';
import { type DiffSide, diffStore, type LooksBefore } from '../../history/compare/diff.ts';
import { refuseUncovered } from '../../history/compare/remarks.ts';
import { openSide, type ToldDiff, undecidedOn } from '../../history/report/sides.ts';
import { DIFF_FORMATS } from '../../report/index.ts';
import { standingWords } from '../../report/shared/missing.ts';
import { openScannedStore } from '../../store/index.ts';
import { type ArgumentsOf, defineCommand, type Specs } from '../command.ts';
import type { CliContext, ExitCode } from '../context.ts';
import { STORE_OPTION } from '../input/arguments.ts';
import { formatOf } from '../input/format-of.ts';
import { diffText } from '../output/diff-text.ts';
import { HEADING_OPTIONS, headingArgument } from '../output/heading.ts';
import { say } from '../output/messages.ts';
import { exitWith } from '../output/missing.ts';
import { checkOutput, OUTPUT_OPTION, productScreen, writeOutput, writeText } from '../output/output.ts';
import { CSV_OPTIONS, historyOptions, writeBeside } from '../output/reports.ts';
import { missingOnSides } from '../output/sides.ts';

const POSITIONALS = {
  from: {
    type: 'string',
    demandOption: true,
    describe: 'a date, a time, the number of a run (see `trustsieve runs`), or `previous`',
  },
  to: {
    type: 'string',
    demandOption: true,
    describe: 'a date, a time, the number of a run, or `latest`',
  },
} as const satisfies Specs;

const FORMAT_NAMES = Object.keys(DIFF_FORMATS) as (keyof typeof DIFF_FORMATS)[];

const OPTIONS = {
  ...HEADING_OPTIONS,
  ...CSV_OPTIONS,
  ...OUTPUT_OPTION,
  ...STORE_OPTION,
  format: {
    choices: ['text', ...FORMAT_NAMES],
    describe: 'output format (default: what the ending of the file says, or text)',
  },
  all: { type: 'boolean', default: false, describe: 'list unchanged findings too' },
} as const satisfies Specs;

type DiffArguments = ArgumentsOf<typeof POSITIONALS & typeof OPTIONS>;

export const diffCommand = defineCommand({
  name: 'diff <from> <to>',
  summary: 'Say what became of the findings between two dates of the evidence, or two runs',
  examples: [
    [
      'trustsieve diff 2026-01-31 2026-03-31',
      'a quarter: each account by its latest capture up to each date',
    ],
    ['trustsieve diff 3 7 --format csv -o changes.csv', 'what run 3 and what run 7 read'],
    [
      'trustsieve diff previous latest',
      'each account against its previous look, as the states in reports are',
    ],
    ['trustsieve diff 2026-01-31 2026-03-31 --format html -o changes.html', 'one page, for people'],
    ['trustsieve diff previous latest --format md', 'for a ticket'],
  ],
  positionals: POSITIONALS,
  options: OPTIONS,
  run: diff,
});

async function diff(args: DiffArguments, context: CliContext): Promise<ExitCode> {
  const from = fromArgument(args.from);
  const to = sideArgument(args.to);
  if (from.scope.kind === 'at' && to.scope.kind === 'at' && from.scope.time > to.scope.time) {
    throw new TrustsieveError(
      'usage',
      `\`${from.label}\` is later than \`${to.label}\`: name the earlier first`,
    );
  }
  const heading = headingArgument(args);
  const format = formatOf({ text: { extension: 'txt' }, ...DIFF_FORMATS }, args.format, args.output, 'text');
  await checkOutput(args);
  const store = openScannedStore(args.db);
  try {
    const compared = diffStore(store, from, to, { all: args.all === true });
    refuseUncovered(compared, from, to);
    const [first, second] = [openSide(store, from, to), openSide(store, to, to)];
    const undecided = { from: undecidedOn(first), to: undecidedOn(second) };
    const result: ToldDiff = { ...compared, undecided };
    const missing = missingOnSides(
      store,
      { side: from, report: first },
      { side: to, report: second },
      compared.disputed,
    );
    if (format === 'text') {
      const text = diffText(result, standingWords(missing), productScreen(args, context));
      await writeText(args, context, text);
    } else {
      const options = historyOptions(store, args, heading);
      const toolVersion = store.reader.runFacts(null)?.toolVersion ?? '';
      await writeOutput(args, context, (out) =>
        DIFF_FORMATS[format].render({ diff: result, missing, toolVersion }, out, options),
      );
      if (format === 'csv') await writeBeside(args, second, missing, options, context);
    }
    const told = format === 'text' || DIFF_FORMATS[format].saysMissing;
    if (!told) for (const remark of result.remarks) say('note', remark, context);
    return exitWith(missing, told, context);
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
      `\`${text}\` is not a date, time or run: write 2026-02-01, 2026-02-01T12:00:00Z, a number that \`trustsieve runs\` lists, or \`previous latest\``,
    );
  }
  return { label: moment.label, scope: { kind: 'at', time: moment.time } };
}

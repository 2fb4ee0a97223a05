import { TrustsieveError } from '../../errors.ts';
import { openReport } from '../../history/report/report.ts';
import { settleExposures } from '../../history/report/settle-exposures.ts';
import type { RunRow } from '../../model/report-source.ts';
import { missingPartsSentence, missingPartsText } from '../../report/shared/missing.ts';
import { openStore, type Store } from '../../store/index.ts';
import { counted } from '../../text/counted.ts';
import { visible } from '../../text/hidden-characters.ts';
import { jsonText } from '../../text/json-text.ts';
import { type ArgumentsOf, defineCommand, type Specs } from '../command.ts';
import { type CliContext, EXIT, type ExitCode, write } from '../context.ts';
import { STORE_OPTION, TEXT_OPTION } from '../input/arguments.ts';
import { withStore } from '../output/closing.ts';
import { say } from '../output/messages.ts';
import { incomplete, periodWords } from '../output/missing.ts';
import { screenOf } from '../output/screen.ts';
import { table } from '../output/table.ts';
import { endableBySignal } from '../signals.ts';

const POSITIONALS = {
  action: {
    choices: ['list', 'forget', 'settle'],
    default: 'list',
    describe: 'what to do',
  },
  ids: { type: 'string', array: true, describe: 'numbers of runs, for forget' },
} as const satisfies Specs;

const OPTIONS = {
  ...STORE_OPTION,
  ...TEXT_OPTION,
  check: {
    type: 'boolean',
    default: false,
    describe: 'check the file of the store in full, instead of listing',
  },
  repair: {
    type: 'boolean',
    default: false,
    describe: 'rebuild a damaged or lost store of the evidence that is still there',
  },
  manifest: {
    type: 'string',
    array: true,
    describe: 'for --repair: manifests that the scans wrote, oldest first',
  },
  key: {
    type: 'string',
    describe: 'for --repair: the public Ed25519 key (PEM) of whoever must have signed the manifests',
  },
} as const satisfies Specs;

type RunsArguments = ArgumentsOf<typeof POSITIONALS & typeof OPTIONS>;

export const runsCommand = defineCommand({
  name: 'runs [action] [ids..]',
  summary: 'List the scans that the store holds, check the store, take a scan back, or settle its SQL views',
  examples: [
    [
      'trustsieve runs',
      'every scan, oldest first: from when to when its evidence is, and what that comes to',
    ],
    ['trustsieve runs --format json', 'and when each scan ran, as of when, by which version'],
    ['trustsieve runs forget 7', 'take run 7 back, as if what only it read had never been scanned'],
    ['trustsieve runs settle', 'make up for what an interrupted scan left out of the SQL views'],
    ['trustsieve runs --repair', 'rebuild a damaged store; the old one is kept as STORE.damaged'],
    ['trustsieve runs --check', 'whether the store is sound: `ok`, or what is wrong with it (exit 2)'],
  ],
  positionals: POSITIONALS,
  options: OPTIONS,
  run: runs,
});

async function runs(args: RunsArguments, context: CliContext): Promise<ExitCode> {
  const ids = (args.ids ?? []).map(runArgument);
  const forget = args.action === 'forget';
  const settle = args.action === 'settle';
  if (forget && ids.length === 0)
    throw new TrustsieveError('usage', 'name a run: `trustsieve runs forget 7`');
  if (!forget && ids.length > 0)
    throw new TrustsieveError('usage', `\`runs ${args.action}\` takes no number`);
  if (!args.repair && (args.manifest !== undefined || args.key !== undefined))
    throw new TrustsieveError('usage', '--manifest and --key go with --repair');
  const path = args.db;
  if (args.repair) {
    if (args.action !== 'list' || args.check)
      throw new TrustsieveError('usage', '--repair goes with no other action');
    // What reads evidence is not needed for the rest.
    const { repairStore } = await import('../repair/repair.ts');
    return repairStore({ db: path, manifest: args.manifest, key: args.key }, context);
  }
  // Only an existing store is opened, also for writing.
  const store = openStore(path, { mode: 'read' });
  try {
    if (settle) {
      store.close();
      return await withStore(openStore(path, { mode: 'write' }), (one) => settled(one, context), context);
    }
    if (!forget && args.check === true) {
      const damage = store.damage();
      await write(context.stdout, damage.length === 0 ? 'ok\n' : `${visible(damage.join('\n'))}\n`);
      noteUnsealed(store, context);
      return damage.length === 0 ? EXIT.done : EXIT.usage;
    }
    if (!forget) {
      await list(store, args.format === 'json', context);
      noteUnsealed(store, context);
      const missing = store.reader.missingParts(null).map(missingPartsText);
      return missing.length === 0 ? EXIT.done : incomplete(missing, context);
    }
    const known = new Set(store.listRuns().map(({ id }) => id));
    const unknown = ids.find((id) => !known.has(id));
    if (unknown !== undefined) {
      throw new TrustsieveError(
        'not-found',
        `no run \`${unknown}\` in \`${path}\`: list them with \`trustsieve runs\``,
      );
    }
    store.close();
    return await withStore(
      openStore(path, { mode: 'write' }),
      (one) => forgotten(one, ids, context),
      context,
    );
  } finally {
    store.close();
  }
}

async function settled(store: Store, context: CliContext): Promise<ExitCode> {
  settleExposures(store);
  await write(context.stdout, `the views of \`${visible(store.path)}\` are settled\n`);
  return EXIT.done;
}

async function forgotten(store: Store, ids: readonly number[], context: CliContext): Promise<ExitCode> {
  for (const id of new Set(ids)) {
    const files = store.forgetRun(id);
    await write(context.stdout, `forgot run ${id} and ${counted(files, 'file')} that only it read\n`);
  }
  settleExposures(store);
  return EXIT.done;
}

function noteUnsealed(store: Store, context: CliContext): void {
  if (store.isSealed()) return;
  const why = 'a scan is writing to it or was killed, its disk failed, or another program wrote to it';
  say(
    'note',
    `\`${store.path}\` is not sealed, so damage to it may go unseen: ${why}; when nobody writes, \`trustsieve runs settle\` seals it`,
    context,
  );
}

async function list(store: Store, json: boolean, context: CliContext): Promise<void> {
  const all = store.listRuns();
  if (json) {
    await write(context.stdout, `${jsonText(all, 2)}\n`);
    return;
  }
  const { fitLine, isTerminal, paint, width } = screenOf(context);
  const isWide = width >= WIDE;
  const rows = all.map((run, index) => {
    const isCounted = index >= all.length - COUNTED;
    const counts = isCounted ? endableBySignal(() => countsOf(store, run)) : NOT_COUNTED;
    return [
      run.id,
      ...(isWide ? [run.startedAt] : []),
      run.status,
      dayOf(run.evidenceFrom),
      dayOf(run.evidenceTo),
      ...counts,
      ...(isWide ? [run.files, run.toolVersion] : []),
    ];
  });
  const header = [
    'run',
    ...(isWide ? ['started'] : []),
    'status',
    'from',
    'to',
    'accounts',
    'roles',
    'fail',
    'error',
    ...(isWide ? ['files', 'version'] : []),
  ];
  const status = header.indexOf('status');
  const text = table(header, rows, {
    ...(isTerminal && { width }),
    paintTitle: (title) => paint('heading', title),
    paint: (cell, row, column) =>
      column === status && all[row]?.status !== 'complete' ? paint('doubtful', cell) : cell,
  });
  const earlier = all.length - COUNTED;
  const period = store.reader.evidencePeriod();
  const lines = [
    ...(earlier > 0 ? [`the verdicts of ${counted(earlier, 'earlier run')} are not counted`] : []),
    ...(period === null ? [] : [periodWords(period)]),
    ...store.reader.missingParts(null).map(missingPartsSentence),
  ];
  await write(context.stdout, `${text}${lines.map((line) => `${fitLine(line)}\n`).join('')}`);
}

/** From here on there is room for when a run was and what it read. */
const WIDE = 115;
/** Runs whose verdicts are counted, the latest: it takes seconds where a run read a million roles. */
const COUNTED = 12;
const NOT_COUNTED = ['-', '-', '-', '-'] as const;

/** What the evidence of a run comes to, by the exceptions and guardrails of the run. */
function countsOf(store: Store, { id, asOf }: RunRow): readonly number[] {
  const { accounts, roles, verdicts } = openReport(store, { asOf, run: id }).totals();
  return [accounts, roles, verdicts.fail, verdicts.error];
}

function dayOf(time: string | null): string {
  return time === null ? '-' : time.slice(0, 'YYYY-MM-DD'.length);
}

function runArgument(text: string): number {
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw new TrustsieveError(
    'usage',
    `\`${text}\` is not a run: give a number that \`trustsieve runs\` lists`,
  );
}

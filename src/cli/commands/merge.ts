import { rename, stat } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { TrustsieveError } from '../../errors.ts';
import { openReport, type Report } from '../../history/report/report.ts';
import { settleExposures } from '../../history/report/settle-exposures.ts';
import { OUTCOMES } from '../../model/verdict.ts';
import { forget, temporaryBeside } from '../../report/files/unfinished.ts';
import { recordSum } from '../../report/shared/labels.ts';
import { missingOf } from '../../report/shared/missing.ts';
import {
  errorOfReplacement,
  type Input,
  mergeStores,
  openInput,
  openStore,
  removeDatabase,
  type ShardedRun,
  type Store,
  secure,
  settledFile,
} from '../../store/index.ts';
import { counted, formatCount } from '../../text/counted.ts';
import { visible } from '../../text/hidden-characters.ts';
import { type ArgumentsOf, defineCommand, type Specs } from '../command.ts';
import { type CliContext, EXIT, type ExitCode, write } from '../context.ts';
import { STORE_OPTION } from '../input/arguments.ts';
import { withTemporaryStore } from '../output/closing.ts';
import { commandLine } from '../output/command-line.ts';
import { incomplete } from '../output/missing.ts';
import { checkOutputs, identityOf } from '../output/output-places.ts';
import { screenOf } from '../output/screen.ts';
import { unlessUnread } from '../output/standard-output.ts';
import { missingLines } from '../scan/missing-lines.ts';

const POSITIONALS = {
  store: { type: 'string', array: true, demandOption: true, describe: 'the stores to join' },
} as const satisfies Specs;

const OPTIONS = {
  db: {
    ...STORE_OPTION.db,
    describe: 'where what they hold together goes; a store that is there already is joined with them',
  },
  'same-paths': {
    type: 'boolean',
    default: false,
    describe:
      'a path that several stores name is one place, so that a later scan of it makes up for what an earlier one could not read',
  },
  quiet: { type: 'boolean', default: false, describe: 'no summary' },
} as const satisfies Specs;

type MergeArguments = ArgumentsOf<typeof POSITIONALS & typeof OPTIONS>;

export const mergeCommand = defineCommand({
  name: 'merge <store...>',
  summary: 'Join the stores of several scans, machines or auditors into one',
  examples: [
    [
      'trustsieve merge part-*.db --db all.db',
      'the shards of `scan --shard`, which come to what one scan would',
    ],
    ['trustsieve merge q1.db q2.db q3.db --db year.db', 'the stores of past quarters, for diff and trend'],
    ['trustsieve merge theirs.db --db ours.db', 'one more store into one that is there'],
  ],
  positionals: POSITIONALS,
  options: OPTIONS,
  run: merge,
});

async function merge(args: MergeArguments, context: CliContext): Promise<ExitCode> {
  const out = await identityOf(args.db);
  const stores = await distinct(args.store);
  const given = [...stores.values()];
  const clash = stores.get(out);
  if (clash !== undefined) {
    throw new TrustsieveError(
      'usage',
      `\`${clash}\` is where the result goes, too: name another file with --db, or leave it out of the stores, for what --db holds stays`,
    );
  }
  const isThere = await stat(out).then(
    () => true,
    () => false,
  );
  if (isThere) settledFile(args.db);
  else await checkOutputs([{ option: '--db', path: args.db }], { db: null, files: given });
  const temporaries: string[] = [];
  const temporary = (): string => {
    const path = temporaryBeside(out);
    temporaries.push(path);
    return path;
  };
  const inputs: Input[] = [];
  const file = temporary();
  try {
    for (const path of [...(isThere ? [args.db] : []), ...given]) inputs.push(openInput(path, temporary));
    const { reasons, text } = await written(inputs, file, args, context);
    for (const input of inputs) input.unchanged();
    secure(file);
    await rename(file, out);
    if (!args.quiet) await unlessUnread(() => write(context.stdout, text));
    return reasons.length > 0 ? incomplete(reasons, context) : EXIT.done;
  } catch (error) {
    throw errorOfReplacement(error, file, args.db, 'merge again');
  } finally {
    for (const input of inputs) input.close();
    for (const path of temporaries) {
      removeDatabase(path);
      forget(path);
    }
  }
}

/** Each store once, whatever it is called, by its identity. */
async function distinct(paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  return new Map(await Promise.all(paths.map(async (path) => [await identityOf(path), path] as const)));
}

interface Written {
  /** Why the merged store is incomplete. */
  readonly reasons: readonly string[];
  readonly text: string;
}

/** Writes the merged store, settled, into a new file. Whoever interrupts the program is heard meanwhile. */
async function written(
  inputs: readonly Input[],
  file: string,
  { db, samePaths }: MergeArguments,
  context: CliContext,
): Promise<Written> {
  const steps = mergeStores(inputs, { file, shownAs: db, samePaths });
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) await setImmediate();
  const sharded = step.value;
  return withTemporaryStore(openStore(file, { mode: 'write' }), async (store) => {
    for (const run of sharded) endShards(store, run);
    settleExposures(store);
    const source = reportOf(store, null);
    return { reasons: missingOf(source).reasons, text: summary(source, store, inputs, db, context) };
  });
}

/** How a scan of all the shards would have ended. */
function endShards(store: Store, { id }: ShardedRun): void {
  const source = reportOf(store, id);
  const isWhole = missingOf(source).reasons.length === 0 && source.totals().recordsRead > 0;
  store.endRun(id, isWhole ? 'complete' : 'incomplete');
}

function reportOf(store: Store, run: number | null): Report {
  const asOf = store.reader.runFacts(run)?.asOf ?? '';
  return openReport(store, { asOf, ...(run !== null && { run }) });
}

function summary(
  source: Report,
  store: Store,
  inputs: readonly Input[],
  db: string,
  context: CliContext,
): string {
  const { fitLine, paint } = screenOf(context);
  const totals = source.totals();
  const completeness = { ...source.completeness(), reasons: missingOf(source).reasons };
  const outcomes = OUTCOMES.map((one) => `${formatCount(totals.verdicts[one])} ${one}`).join(', ');
  const lines = [
    `merged: ${counted(inputs.length, 'store')}, ${counted(store.listRuns().length, 'run')}`,
    `${counted(totals.roles, 'role')} in ${counted(totals.accounts, 'account')}: ${outcomes}`,
    `evidence: ${counted(totals.files, 'file')}, ${counted(totals.recordsRead, 'record')} = ${recordSum(totals, String)}`,
    ...missingLines(source, completeness),
  ];
  const next = commandLine(['report', '-o', 'report.html'], db, context);
  return [
    ...lines.map((line) => `${fitLine(line)}\n`),
    `\n${paint('heading', 'written')}\n  store  ${visible(db)}\n`,
    ...(next === null ? [] : [`${paint('heading', 'next')}\n  ${paint('command', next)}\n`]),
  ].join('');
}

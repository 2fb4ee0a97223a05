import { generateKeyPairSync } from 'node:crypto';
import { copyFileSync, cpSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { REPORT_FORMATS } from '../../src/report/index.ts';
import { openStore } from '../../src/store/index.ts';
import { run } from '../cli/built.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { putLarge, putMany, putOrganisation, putSmall, SMALL_NAMES } from './evidence.ts';

/** A command that is disturbed, and run again. It runs in a folder of its own, by names in it. */
export interface Work {
  readonly name: string;
  readonly args: readonly string[];
  /** Puts what the command needs into an empty folder. */
  readonly prepare: (folder: string) => void;
  /** Files that it writes beside the store; what lay there before is `OLD`. */
  readonly outputs: readonly string[];
  /** What it says where it was done before; it then ends with 0. */
  readonly done?: RegExp;
}

/** What lies in the place of every report before the command runs. */
export const OLD = 'of before';
export const DB = 'store.db';
export const AS_OF = ['--as-of', '2026-05-01T00:00:00Z'] as const;
export const FORMATS = Object.keys(REPORT_FORMATS);

const LISTS = ['--accounts', 'accounts.json', '--known-accounts', 'vendors.yaml'];

/** What works begin with, made when it is first needed and never changed. */
const made = new Map<string, Promise<string>>();
function once(name: string, make: (folder: string) => Promise<void> | void): () => Promise<string> {
  return () => {
    let folder = made.get(name);
    if (folder === undefined) {
      const path = temporaryFolder();
      folder = Promise.resolve(make(path)).then(() => path);
      made.set(name, folder);
    }
    return folder;
  };
}

async function scanned(folder: string, args: readonly string[]): Promise<void> {
  const { code, stderr } = await run(['scan', ...args, ...AS_OF, '--quiet'], { cwd: folder });
  if (code !== 0 && code !== 3) throw new Error(`a store could not be made: ${stderr}`);
}

const small = once('small', putSmall);
const large = once('large', putLarge);
const many = once('many', putMany);
const organisation = once('organisation', async (folder) => {
  putOrganisation(folder);
  await scanned(folder, ['in/2026-01-31', '--db', DB, ...LISTS]);
});
const parts = once('parts', async (folder) => {
  putSmall(folder);
  for (const part of [1, 2]) await scanned(folder, ['in', '--shard', `${part}/2`, '--db', `part-${part}.db`]);
});
/** The store of the small evidence, damaged where its verdicts are. */
const damaged = once('damaged', async (folder) => {
  putSmall(folder);
  await scanned(folder, ['in', '--db', DB]);
  damage(join(folder, DB));
});
/** The same with a scan in the log beside it that was killed. */
const damagedWithLog = once('damaged with a log', async (folder) => {
  putSmall(folder);
  await scanned(folder, ['in', '--db', DB]);
  const path = join(folder, DB);
  const store = openStore(path, { mode: 'write' });
  store.beginRun({
    startedAt: AS_OF[1],
    asOf: AS_OF[1],
    toolVersion: '',
    rules: [],
    options: { paths: ['in'] },
  });
  const kept = [path, `${path}-wal`].map((file) => [file, readFileSync(file)] as const);
  store.close();
  for (const [file, bytes] of kept) writeFileSync(file, bytes);
  damage(path);
});
/** No store any more, and the signed manifest of its scan. */
const lost = once('lost', async (folder) => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  writeFileSync(join(folder, 'private.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(join(folder, 'public.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
  putSmall(folder);
  await scanned(folder, ['in', '--db', DB, '--manifest', 'scan.json', '--sign-key', 'private.pem']);
  rmSync(join(folder, DB));
});
const reported = once('reported', async (folder) => {
  putSmall(folder);
  await scanned(folder, ['in', '--db', DB]);
});

/** Zeros over the verdicts, which are not what a store says of its scans. */
function damage(path: string): void {
  const store = new Database(path, { readonly: true });
  const page = Number(
    store.prepare(`SELECT rootpage FROM sqlite_schema WHERE name = 'verdict'`).pluck().get(),
  );
  store.close();
  writeFileSync(path, readFileSync(path).fill(0, (page - 1) * 8192, page * 8192));
}

function start(folder: string, base: string, names: readonly string[]): void {
  for (const name of names) {
    const from = join(base, name);
    if (name === 'in') symlinkSync(from, join(folder, name));
    else if (existsSync(from)) copyFileSync(from, join(folder, name));
  }
}

function scanOf(
  name: string,
  base: string,
  more: readonly string[],
  formats: readonly string[] = ['csv', 'html', 'md'],
): Work {
  const reports = formats.flatMap((format) => [`--${format}`, `report.${format}`]);
  return {
    name,
    args: ['scan', 'in', '--db', DB, ...AS_OF, '--quiet', ...reports, ...more],
    prepare: (folder) => {
      start(folder, base, ['in']);
      writeFileSync(join(folder, 'report.csv'), OLD);
    },
    outputs: formats.map((format) => `report.${format}`),
  };
}

/** Evidence that is read in the main thread. */
export const smallScan = async (): Promise<Work> => scanOf('scan', await small(), []);

/** Its files below `in`. */
export const SMALL_PARTS: readonly string[] = SMALL_NAMES.map((name) => `2026-04-30/${name}`);

/** The same from a copy of the evidence, into a store that has it already. */
export async function ownScan(): Promise<Work> {
  const scan = await smallScan();
  const evidence = join(await small(), 'in');
  const store = join(await reported(), DB);
  return {
    ...scan,
    name: 'scan again',
    prepare: (folder) => {
      cpSync(evidence, join(folder, 'in'), { recursive: true });
      copyFileSync(store, join(folder, DB));
      writeFileSync(join(folder, 'report.csv'), OLD);
    },
  };
}

/** Evidence that is read in threads. */
export const threadedScan = async (jobs: number): Promise<Work> =>
  scanOf(`scan --jobs ${jobs}`, await large(), ['--jobs', String(jobs), '--no-manifest'], ['csv']);

/** One file of more roles than are held in memory. */
export const spillingScan = async (): Promise<Work> =>
  scanOf('scan of many roles', await many(), ['--no-manifest'], ['md']);

/** Of an organisation, into the store of the quarter before. */
export async function organisationScan(): Promise<Work> {
  const base = await organisation();
  const more = ['--organization', 'in/2026-04-30/organization.json', '--exceptions', 'exceptions.yaml'];
  const scan = scanOf('scan --organization', base, [...LISTS, ...more], FORMATS);
  return {
    ...scan,
    prepare: (folder) => {
      scan.prepare(folder);
      start(folder, base, [DB, 'accounts.json', 'vendors.yaml', 'exceptions.yaml']);
    },
  };
}

/** Of the stores of two parts. */
export async function merge(): Promise<Work> {
  const base = await parts();
  const stores = ['part-1.db', 'part-2.db'];
  return {
    name: 'merge',
    args: ['merge', ...stores, '--db', DB, '--quiet'],
    prepare: (folder) => start(folder, base, stores),
    outputs: [],
  };
}

/** Of one more store into one that is there. */
export async function mergeInto(): Promise<Work> {
  const base = await parts();
  return {
    name: 'merge into a store',
    args: ['merge', 'part-2.db', '--db', DB, '--quiet'],
    prepare: (folder) => {
      start(folder, base, ['part-2.db']);
      copyFileSync(join(base, 'part-1.db'), join(folder, DB));
    },
    outputs: [],
  };
}

/** What writes to a store and reads no evidence. */
export async function settle(): Promise<Work> {
  const base = await reported();
  return {
    name: 'runs settle',
    args: ['runs', 'settle', '--db', DB],
    prepare: (folder) => start(folder, base, [DB]),
    outputs: [],
  };
}

/** Of a store that was damaged, of one with a log beside it, or of one that is gone, by a manifest that must be signed. */
export async function repair(of: 'damaged' | 'damaged with a log' | 'lost'): Promise<Work> {
  const base = await { damaged, 'damaged with a log': damagedWithLog, lost }[of]();
  const given = ['scan.json', 'scan.json.dsse.json', 'public.pem'];
  return {
    name: `runs --repair, ${of}`,
    args: [
      ...['runs', '--repair', '--db', DB],
      ...(of === 'lost' ? ['--manifest', 'scan.json', '--key', 'public.pem'] : []),
    ],
    prepare: (folder) => start(folder, base, ['in', DB, `${DB}-wal`, ...given]),
    outputs: [],
    done: /is sound: there is nothing to repair/,
  };
}

export async function report(format: string): Promise<Work> {
  const base = await reported();
  const output = `report.${format}`;
  return {
    name: `report --format ${format}`,
    args: ['report', '--db', DB, ...AS_OF, '--format', format, '--status', 'all', '-o', output],
    prepare: (folder) => {
      start(folder, base, [DB]);
      writeFileSync(join(folder, output), OLD);
    },
    outputs: [output],
  };
}

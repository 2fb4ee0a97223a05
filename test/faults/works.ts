import { copyFileSync, cpSync, existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPORT_FORMATS } from '../../src/report/index.ts';
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
const reported = once('reported', async (folder) => {
  putSmall(folder);
  await scanned(folder, ['in', '--db', DB]);
});

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

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { median, runChild, type Usage } from './child.ts';

/** Whole processes on the same files: trustsieve, which judges and stores every role, and its rivals. */

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const MAIN = here('../../dist/cli/main.js');
const RIVAL = here('rivals/run.js');
const GENERATE = here('generate.js');
const DONE_OR_INCOMPLETE = [0, 3];

type Contender = readonly [name: string, run: (file: string) => Promise<Usage>];

const rival = (name: string): Contender => [name, (file) => runChild(process.execPath, [RIVAL, name, file])];
const scan = (name: string, ...more: readonly string[]): Contender => [
  name,
  (file) => {
    const db = join(tmpdir(), `trustsieve-bench-${process.pid}.db`);
    for (const suffix of ['', '-wal', '-shm']) rmSync(db + suffix, { force: true });
    const args = [MAIN, 'scan', file, '--db', db, '--quiet', '--as-of', '2026-11-01', ...more];
    return runChild(process.execPath, args, DONE_OR_INCOMPLETE);
  },
];
const hash: Contender = ['openssl sha256', (file) => runChild('openssl', ['dgst', '-sha256', file])];

const CONTENDERS: Readonly<Record<string, readonly Contender[]>> = {
  gaad: [rival('stream-json'), rival('json-parse'), rival('duckdb-gaad'), hash, scan('trustsieve')],
  'gaad-compact': [rival('stream-json'), rival('json-parse'), rival('duckdb-gaad'), hash, scan('trustsieve')],
  cloudquery: [rival('stream-json'), rival('json-parse'), rival('duckdb-ndjson'), hash, scan('trustsieve')],
};

export interface WholeOptions {
  /** Size of each file, as the generator takes it. */
  readonly bytes: string;
  readonly runs: number;
}

export async function benchWhole({ bytes, runs }: WholeOptions): Promise<void> {
  if (!existsSync(MAIN)) throw new Error('build the program first: npm run build');
  const folder = mkdtempSync(join(tmpdir(), 'trustsieve-bench-'));
  try {
    for (const [format, contenders] of Object.entries(CONTENDERS)) {
      const file = join(folder, `${format}.json`);
      await runChild(process.execPath, [GENERATE, '--format', format, '--bytes', bytes, '--out', file]);
      await compare(`${format}, ${Math.round(statSync(file).size / 1e6)} MB`, file, contenders, runs);
      rmSync(file);
    }
    await manyFiles(folder, runs);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One organisation in 40 files of one account each, plain and compressed, read by one and by two threads. */
async function manyFiles(folder: string, runs: number): Promise<void> {
  const together = join(folder, 'together.json');
  await runChild(process.execPath, [GENERATE, '--bytes', '200M', '--accounts', '40', '--out', together]);
  const bytes = readFileSync(together);
  rmSync(together);
  for (const kind of ['plain', 'gzip'] as const) {
    const files = join(folder, kind);
    mkdirSync(files);
    for (const [number, document] of documentsOf(bytes).entries()) {
      const path = join(files, `${number}.json`);
      if (kind === 'plain') writeFileSync(path, document);
      else writeFileSync(`${path}.gz`, gzipSync(document));
    }
    const contenders = [scan('one thread', '--jobs', '1'), scan('two threads', '--jobs', '2')];
    await compare(`40 files of 5 MB, ${kind}`, files, contenders, runs);
  }
}

/** The generator begins each account's document on a line of its own. */
function documentsOf(bytes: Buffer): Buffer[] {
  const documents: Buffer[] = [];
  for (let from = 0; from < bytes.length; ) {
    const next = bytes.indexOf('\n{', from);
    documents.push(bytes.subarray(from, next < 0 ? bytes.length : next));
    from = next < 0 ? bytes.length : next + 1;
  }
  return documents;
}

/** Runs the contenders in turn, so that a busy moment of the machine does not hit one alone. */
async function compare(
  title: string,
  file: string,
  contenders: readonly Contender[],
  runs: number,
): Promise<void> {
  const usages = new Map<string, Usage[]>(contenders.map(([name]) => [name, []]));
  for (let run = 0; run <= runs; run++) {
    for (const [name, start] of contenders) {
      const usage = await start(file).catch((error: unknown) => {
        if (run === 0) console.log(`${name} cannot: ${String(error).split('\n')[0]?.slice(0, 300)}`);
        return null;
      });
      // The first run brings the file into the page cache.
      if (usage !== null && run > 0) usages.get(name)?.push(usage);
    }
  }
  const seconds = (name: string): number => median((usages.get(name) ?? []).map((usage) => usage.seconds));
  const base = contenders[0]?.[0] ?? '';
  console.log(`\n${title}, median of ${runs}`);
  console.table(
    [...usages]
      .filter(([, all]) => all.length > 0)
      .map(([name, all]) => ({
        process: name,
        seconds: Number(seconds(name).toFixed(2)),
        [`times ${base}`]: Number((seconds(base) / seconds(name)).toFixed(2)),
        'processor seconds': Number(median(all.map((usage) => usage.cpuSeconds)).toFixed(2)),
        'peak MB': Math.round(median(all.map((usage) => usage.peakMb))),
      })),
  );
}

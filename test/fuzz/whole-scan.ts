import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import Database from 'better-sqlite3';
import { runCli } from '../../src/cli/run.ts';
import type { Mutant } from './mutants.ts';
import { observeBytes } from './try-one.ts';

/** How `scan` is told what `OPTIONS` tells the reading by itself. */
const ARGUMENTS = [
  '--whole',
  '--account',
  '999988887777',
  '--captured-at',
  '2026-02-01',
  '--as-of',
  '2026-05-01',
];
const REPORTS = ['csv', 'html', 'json', 'ndjson', 'sarif', 'ocsf', 'md', 'register', 'xlsx'];
/** Exit codes of a scan that did its work. */
const WORKED: readonly (number | null)[] = [0, 1, 3];

interface Scanned {
  readonly exit: number | null;
  readonly said: string;
}

type Scan = (folder: string, out: string) => Promise<Scanned>;

/** Scans the inputs in this process, into one store and all reports; says what was wrong with that. */
export function scanFolder(mutants: readonly Mutant[]): Promise<readonly string[]> {
  return scanAll(mutants, async (folder, out) => {
    const reports = REPORTS.flatMap((format) => [`--${format}`, join(out, `report.${format}`)]);
    const said: string[] = [];
    const sink = () =>
      new Writable({
        write(chunk: Buffer, _encoding, done) {
          said.push(chunk.toString());
          done();
        },
      });
    const exit = await runCli(['scan', folder, '--db', join(out, 'store.db'), ...ARGUMENTS, ...reports], {
      stdin: Readable.from([]),
      stdout: sink(),
      stderr: sink(),
      stop: new AbortController().signal,
    });
    return { exit, said: said.join('') };
  });
}

/** The same by the built program, as users call it. */
export function scanWithProgram(mutants: readonly Mutant[]): Promise<readonly string[]> {
  const program = new URL('../../dist/cli/main.js', import.meta.url).pathname;
  return scanAll(mutants, async (folder, out) => {
    const args = [program, 'scan', folder, '--db', join(out, 'store.db'), '--json', join(out, 'report.json')];
    const { status, stdout, stderr } = spawnSync(process.execPath, [...args, ...ARGUMENTS], {
      encoding: 'utf8',
      timeout: 120_000,
    });
    return { exit: status, said: `${stdout}${stderr}` };
  });
}

async function scanAll(mutants: readonly Mutant[], scan: Scan): Promise<readonly string[]> {
  if (mutants.length === 0) return [];
  const violations = await scanOnce(mutants, scan);
  if (violations.length === 0 || mutants.length === 1) return violations;
  // Which one it is shows best alone.
  for (const mutant of mutants) {
    const alone = await scanOnce([mutant], scan);
    if (alone.length > 0) return alone.map((violation) => `${describe(mutant)}: ${violation}`);
  }
  return violations.map((violation) => `only together (${mutants.map(describe).join('; ')}): ${violation}`);
}

const describe = ({ base, edits, inside }: Mutant) =>
  `${base.name} ${inside} ${JSON.stringify(edits.map(({ from, to, insert }) => [from, to, Buffer.from(insert).toString('base64')])).slice(0, 2000)}`;

async function scanOnce(mutants: readonly Mutant[], scan: Scan): Promise<readonly string[]> {
  const root = mkdtempSync(join(tmpdir(), 'trustsieve-fuzz-scan-'));
  const [folder, out] = [join(root, 'in'), join(root, 'out')];
  mkdirSync(out);
  try {
    for (const [index, { base, bytes }] of mutants.entries()) {
      const file = join(folder, String(index), base.path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
    }
    const { exit, said } = await scan(folder, out);
    if (!WORKED.includes(exit)) return [`exit ${exit}: ${said.slice(-1500)}`];
    return await compareStore(mutants, folder, join(out, 'store.db'), exit);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

interface Row {
  readonly path: string;
  readonly status: string;
  readonly read: number;
  readonly kept: number;
}

/** Holds the rows of the store against what reading the same bytes gives. */
async function compareStore(
  mutants: readonly Mutant[],
  folder: string,
  db: string,
  exit: number | null,
): Promise<readonly string[]> {
  const store = new Database(db, { readonly: true });
  const rows = store
    .prepare<[], Row>(
      `SELECT path, status, records_read AS read,
         records_accepted + records_superseded + records_duplicate + records_rejected AS kept FROM evidence`,
    )
    .all();
  store.close();
  const violations: string[] = [];
  for (const { path, read, kept } of rows) {
    if (read !== kept)
      violations.push(`counts of the store do not add up: ${path}: ${read} read, ${kept} kept`);
  }
  if (exit !== 3 && rows.some(({ status }) => status !== 'complete'))
    violations.push(`exit ${exit} with a file that is not whole`);
  // The same bytes at two paths are one row; paths of members are made unique.
  const found = new Map(rows.map((row) => [row.path, row]));
  for (const [index, { base, bytes }] of mutants.entries()) {
    const { parts } = await observeBytes(base, bytes);
    for (const { reading } of parts) {
      const row = found.get(`${join(folder, String(index))}/${reading.evidence.path}`);
      if (row === undefined) violations.push(`not in the store: ${index}/${reading.evidence.path}`);
      else if (row.status !== reading.status || row.read !== reading.recordsRead) {
        violations.push(
          `scan differs from reading: ${reading.evidence.path}: ${row.status} ${row.read} <> ${reading.status} ${reading.recordsRead}`,
        );
      }
    }
  }
  return violations;
}

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { openStore } from '../../src/store/index.ts';
import { type Ended, run } from '../cli/built.ts';
import { cli, type Outcome } from '../cli/harness.ts';
import { type Dump, dumpStore } from '../store/dump.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { AS_OF, DB, OLD, type Work } from './works.ts';

/** What a command leaves that nothing disturbs. */
export interface Whole {
  readonly work: Work;
  readonly milliseconds: number;
  readonly exit: number | null;
  readonly left: Left;
  /** What a report says of the store. */
  readonly told: Outcome;
  /** The same before the command; null where there is no store then. */
  readonly toldBefore: Outcome | null;
}

interface Left {
  readonly names: readonly string[];
  /** SHA-256 by name, of all but the store and what names times. */
  readonly files: Readonly<Record<string, string>>;
  readonly dump: Dump;
}

/** What the last run says of how the store came to be, beside what it holds. */
const NO_STORE = /there is no store|no store at|holds no scan yet|the file is empty/;
const INTERRUPTED = /^incomplete \(exit 3\): scan \d+ of .* was interrupted/m;

export async function undisturbed(work: Work): Promise<Whole> {
  const folder = prepared(work);
  const toldBefore = existsSync(join(folder, DB)) ? await tell(folder) : null;
  const began = performance.now();
  const { code, signal, stderr } = await run(work.args, { cwd: folder });
  const milliseconds = performance.now() - began;
  if (signal !== null || (code !== 0 && code !== 3)) throw new Error(`${work.name} fails: ${stderr}`);
  return { work, milliseconds, exit: code, left: leftIn(folder), told: await tell(folder), toldBefore };
}

/** A fresh folder in which the command can run. */
export function prepared(work: Work, folder = temporaryFolder()): string {
  mkdirSync(folder, { recursive: true });
  work.prepare(folder);
  return folder;
}

/**
 * After a command was disturbed: a report of the store is that of before, or of the whole, or says that something is missing;
 * each file is old or whole; and running the command again leaves exactly what an undisturbed run leaves.
 */
export async function expectRecovery(whole: Whole, folder: string): Promise<void> {
  await expectNothingLooksWhole(whole, folder);
  await expectCompletion(whole, folder);
}

export async function expectNothingLooksWhole(
  { work, left, told, toldBefore }: Whole,
  folder: string,
): Promise<void> {
  for (const name of work.outputs) {
    const path = join(folder, name);
    if (existsSync(path) && readFileSync(path, 'utf8') !== OLD)
      expect(`${name} ${digestOf(path)}`, 'a report is half').toBe(`${name} ${left.files[name]}`);
  }
  const now = await tell(folder);
  expect(now.stderr).not.toMatch(/^\s+at /m);
  if (isDamaged(toldBefore) && isDamaged(now)) return;
  if (toldBefore === null && now.exit === 2) expect(now.stderr).toMatch(NO_STORE);
  else if (now.exit === 3 && INTERRUPTED.test(now.stderr)) return;
  else expect([told, toldBefore], 'what is missing looks whole').toContainEqual(now);
}

function isDamaged(told: Outcome | null): boolean {
  return told?.exit === 2 && /the store `[^`]*` is damaged/.test(told.stderr);
}

/** Two stores hold the same, whatever their runs were. */
export function expectSameStore(folder: string, other: string): void {
  expectSame(leftIn(folder), leftIn(other));
}

/** A command that has ended as if nothing had been in its way leaves what it should. */
export function expectWhole({ left }: Whole, folder: string): void {
  const now = leftIn(folder);
  expectSame(now, left);
  expect(now.files).toEqual(left.files);
}

/** A command that was not killed leaves no file under a temporary name. */
export function expectNoTemporary(folder: string): void {
  expect(readdirSync(folder).filter((name) => name.includes('.tmp'))).toEqual([]);
}

/**
 * When a command that nobody else was in the way of has ended, the store is one file. Where a log is left beside it, which a
 * copy of that file would lack, the command has named it; what a journal is to take back is not in the store yet.
 */
export function expectNothingBeside(folder: string, { code, stderr }: Ended): void {
  for (const log of [`${DB}-wal`, `${DB}-journal`]) {
    const left = statSync(join(folder, log), { throwIfNoEntry: false })?.size ?? 0;
    if (left === 0) continue;
    expect(code, `${log} is left beside the store: ${stderr}`).toBe(2);
    if (log.endsWith('-wal')) expect(stderr).toContain(`\`${log}\``);
  }
}

/** @param afterReading true where evidence could not be read: the store remembers the attempt */
export async function expectCompletion(
  { work, exit, left, told }: Whole,
  folder: string,
  { afterReading = false } = {},
): Promise<void> {
  const again = await run(work.args, { cwd: folder });
  if (work.done?.test(again.stdout) === true) expect(again.code).toBe(0);
  else expect(`${again.code} ${again.stderr}`, 'the second run').toMatch(new RegExp(`^${exit} `));
  const now = leftIn(folder);
  // The attempt is one more file of the same account and time, and rows may be of either.
  expectSame(now, left, afterReading ? ['evidence', 'covered', 'observations', 'details'] : []);
  expect(now.names).toEqual(left.names);
  if (afterReading) expect(withoutEvidence(await tell(folder))).toEqual(withoutEvidence(told));
  else {
    expect(now.files).toEqual(left.files);
    expect(await tell(folder)).toEqual(told);
  }
  for (const name of now.names.filter(isManifest)) {
    const { code, stderr, stdout } = await run(['verify', name], { cwd: folder });
    expect(code, `${stdout}${stderr}`).toBe(0);
  }
}

/** Without the file that shows each role, which may be the one that was read in part. */
function withoutEvidence({ exit, stdout, stderr }: Outcome): object {
  const rows = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({ ...JSON.parse(line), evidence: null }));
  return { exit, stderr, rows };
}

function expectSame(now: Left, left: Left, but: readonly string[] = []): void {
  for (const [table, rows] of Object.entries(left.dump)) {
    const other = now.dump[table as keyof Dump];
    // What is equal is so quickly; the picture of a difference takes long.
    if (but.includes(table) || JSON.stringify(other) === JSON.stringify(rows)) continue;
    expect(other, table).toEqual(rows);
  }
}

/** A command that could not do its work says so in one line, names the file, and ends with one of the exit codes. */
export function expectPlainError(
  { code, signal, stderr }: Ended,
  exits: readonly number[],
  names: RegExp,
): void {
  expect(signal, stderr).toBe(null);
  expect(exits, stderr).toContain(code);
  expect(stderr).not.toMatch(/^\s+at |internal error|node:|^\s*Error/m);
  expect(stderr).toMatch(names);
}

async function tell(folder: string): Promise<Outcome> {
  const args = ['report', '--db', join(folder, DB), ...AS_OF, '--format', 'ndjson', '--status', 'all'];
  const told = await cli(args);
  return { ...told, stderr: told.stderr.replaceAll(folder, '') };
}

function leftIn(folder: string): Left {
  // Takes back what was half done when a disk failed, as every command does.
  openStore(join(folder, DB), { mode: 'read' }).close();
  const names = readdirSync(folder).toSorted();
  return {
    names,
    files: Object.fromEntries(
      names
        .filter((name) => name !== 'in' && !/\.db(?:-wal|-shm|-journal)?$/.test(name) && !isManifest(name))
        .map((name) => [name, digestOf(join(folder, name))]),
    ),
    dump: dumpStore(join(folder, DB)),
  };
}

/** It says when the scan ran. */
function isManifest(name: string): boolean {
  return name.endsWith('.manifest.json');
}

function digestOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Ended, ended, MAIN, run } from '../../cli/built.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { callsOf, ERRNO, type Fault, withFault } from '../faulty.ts';
import {
  expectCompletion,
  expectNoTemporary,
  expectNothingBeside,
  expectPlainError,
  expectRecovery,
  expectWhole,
  prepared,
  type Whole,
} from '../oracle.ts';
import { type Chance, rounds } from '../random.ts';
import { DB } from '../works.ts';

/** Whatever the program says of a disk names one of its files. */
const NAMED = /^error: [^\n]*(?:`store\.db`|`report\.|`part-\d\.db`)[^\n]*$/m;

type Place = Pick<Fault, 'operation' | 'path'>;

/** Where a disk can fail: operations on each of the files that a command writes. */
const PLACES: readonly Place[] = [
  ...[`${DB}`, `${DB}-wal`, `${DB}-journal`].map((path) => ({ operation: 'write', path })),
  { operation: 'read', path: DB },
  { operation: 'sync', path: DB },
  { operation: 'truncate', path: DB },
  { operation: 'unlink', path: DB },
  { operation: 'open', path: DB },
  ...['open', 'write', 'sync'].map((operation) => ({ operation, path: '.tmp' })),
  { operation: 'rename', path: 'report' },
  { operation: 'write', path: '.html' },
  { operation: 'open,write,sync,rename', path: 'manifest' },
];

const KINDS = ['full', 'full again', 'error once', 'error', 'short', 'interrupted', 'slow'] as const;

/** One call fails, or all from it on, at any place and in any way in which a disk does. */
export async function failingCalls(
  whole: Whole,
  count: number,
  places: readonly Place[] = PLACES,
): Promise<void> {
  const calls = new Map<string, number>();
  await rounds(`a failing disk: ${whole.work.name}`, count, async (chance, note) => {
    const place = chance.of(places);
    const kind = chance.of(KINDS);
    const fault = await faultAt(whole, place, kind, chance, calls);
    if (fault === null) return note(`it never does ${place.operation} on ${place.path}`);
    note(`${kind}: ${fault.operation} ${fault.path} ${fault.call}`);
    const folder = prepared(whole.work);
    const result = await run(whole.work.args, { cwd: folder, env: withFault(fault) });
    if (!fault.operation.includes('unlink')) expectNoTemporary(folder);
    await expectOutcome(whole, folder, result);
  });
}

async function faultAt(
  { work }: Whole,
  { operation, path }: Place,
  kind: (typeof KINDS)[number],
  chance: Chance,
  calls: Map<string, number>,
): Promise<Fault | null> {
  const key = `${operation} ${path}`;
  if (!calls.has(key)) {
    const counted = callsOf(operation, path, (env) => run(work.args, { cwd: prepared(work), env }));
    calls.set(key, await counted.catch(() => 0));
  }
  const most = calls.get(key) ?? 0;
  if (most === 0) return null;
  const at = { operation, path, call: chance.upTo(most) };
  switch (kind) {
    case 'full':
    case 'full again':
      return { ...at, onwards: true, action: { error: ERRNO.ENOSPC } };
    case 'error once':
      return { ...at, action: { error: ERRNO.EIO } };
    case 'error':
      return { ...at, onwards: true, action: { error: chance.of([ERRNO.EIO, ERRNO.EROFS, ERRNO.EDQUOT]) } };
    case 'short':
      return { ...at, action: 'short' };
    case 'interrupted':
      return { ...at, action: { error: ERRNO.EINTR } };
    case 'slow':
      return { ...at, action: { slow: 500 } };
  }
}

/**
 * The disk fails from one of the last calls on the store on, by which a command closes it. It says so, if all else went well,
 * and names what is left beside the store.
 */
export async function failingAtTheEnd(whole: Whole, count: number): Promise<void> {
  const calls = new Map<string, number>();
  let told = 0;
  const made = await rounds(
    `a disk that fails at the end: ${whole.work.name}`,
    count,
    async (chance, note) => {
      const operation = chance.of(['write', 'sync', 'truncate', 'unlink']);
      if (!calls.has(operation)) {
        const counted = callsOf(operation, DB, (env) =>
          run(whole.work.args, { cwd: prepared(whole.work), env }),
        );
        calls.set(operation, await counted.catch(() => 0));
      }
      const most = calls.get(operation) ?? 0;
      const call = Math.max(1, most + 1 - chance.upTo(8));
      const error = chance.of([ERRNO.ENOSPC, ERRNO.EIO]);
      note(`${operation} ${call} of ${most}: ${error}`);
      const folder = prepared(whole.work);
      const env = withFault({ operation, path: DB, call, onwards: true, action: { error } });
      const result = await run(whole.work.args, { cwd: folder, env });
      if (result.code === 2) told++;
      await expectOutcome(whole, folder, result);
    },
  );
  // Were it never told, it would be no test.
  if (made >= 5) expect(told).toBeGreaterThan(made / 4);
}

/** Either nothing is missing, or the command says in one line what could not be written and where; then it can be repeated. */
async function expectOutcome(whole: Whole, folder: string, result: Ended): Promise<void> {
  expectNothingBeside(folder, result);
  if (result.code === whole.exit && !/^error: /m.test(result.stderr)) expectWhole(whole, folder);
  else expectPlainError(result, [2, 3], NAMED);
  await expectRecovery(whole, folder);
}

/** A file-size limit, as by a quota: no file may be larger than some part of the largest. */
export async function sizeLimit(whole: Whole, count: number): Promise<void> {
  const sizes = await sizesOf(whole);
  await rounds(`a file-size limit: ${whole.work.name}`, count, async (chance, note) => {
    const limit = Math.floor(chance.fraction() * Math.max(...sizes));
    note(`${limit} bytes`);
    const folder = prepared(whole.work);
    const args = [`--fsize=${limit}`, process.execPath, MAIN, ...whole.work.args];
    // Node.js keeps compiled code at the very end, when nothing speaks for the program any more.
    const env = { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' };
    await expectOutcome(
      whole,
      folder,
      await ended(spawn('prlimit', args, { cwd: folder, stdio: 'pipe', env })),
    );
  });
}

/** A file system that is full after some part of what the command needs. Only root can make one. */
export async function fullDisk(whole: Whole, count: number): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error('a full disk is a small tmpfs, which only root may mount');
  const sizes = await sizesOf(whole);
  const most = sizes.reduce((sum, size) => sum + size, 0);
  const begun = sizeOf(prepared(whole.work));
  const folder = temporaryFolder();
  await rounds(`a full disk: ${whole.work.name}`, count, async (chance, note) => {
    const size = begun + Math.floor(chance.fraction() * most * 1.5);
    note(`${size} bytes`);
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'trustsieve-full', folder]);
    try {
      try {
        prepared(whole.work, folder);
      } catch {
        return note('what it begins with finds no room');
      }
      const result = await run(whole.work.args, { cwd: folder });
      expectNoTemporary(folder);
      execFileSync('mount', ['-o', 'remount,size=256m', folder]);
      await expectOutcome(whole, folder, result);
    } finally {
      execFileSync('umount', [folder]);
    }
  });
}

/** Of what lies in a folder, in whole pages. */
function sizeOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { name }) => sum + Math.ceil(statSync(join(folder, name)).size / 4096) * 4096, 16_384);
}

/** Of the files that the command leaves; those beside the store count as large as the store. */
async function sizesOf({ work }: Whole): Promise<readonly number[]> {
  const folder = prepared(work);
  await run(work.args, { cwd: folder });
  const size = (name: string): number => statSync(join(folder, name)).size;
  return [DB, DB, ...work.outputs].filter((name) => existsSync(join(folder, name))).map(size);
}

/** Reading evidence fails somewhere in it: the scan says so, and its repetition makes up for it. */
export async function unreadableEvidence(whole: Whole, path: string, count: number): Promise<void> {
  let calls = 0;
  await rounds(`unreadable evidence, ${path}: ${whole.work.name}`, count, async (chance, note) => {
    calls ||= await callsOf('read', path, (env) => run(whole.work.args, { cwd: prepared(whole.work), env }));
    const call = chance.upTo(calls);
    const action = { error: chance.of([ERRNO.EIO, ERRNO.ESTALE]) };
    note(`read ${call} of ${calls}: ${action.error}`);
    const folder = prepared(whole.work);
    const fault = { operation: 'read', path, call, onwards: chance.fraction() < 0.5, action };
    const result = await run(whole.work.args, { cwd: folder, env: withFault(fault) });
    // What was read all the same is whole, to the last byte.
    if (result.code === whole.exit) return expectWhole(whole, folder);
    expectPlainError(result, [3], /^incomplete \(exit 3\): /m);
    expect(result.stderr).toContain(path);
    await expectCompletion(whole, folder, { afterReading: true });
  });
}

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { type Ended, ended, run, start } from '../../cli/built.ts';
import { cli } from '../../cli/harness.ts';
import {
  expectNothingLooksWhole,
  expectPlainError,
  expectSameStore,
  expectWhole,
  prepared,
  type Whole,
} from '../oracle.ts';
import { rounds } from '../random.ts';
import { AS_OF, DB } from '../works.ts';

/** Waiting for another scan has an end: then the store is said to be locked, and the scan is repeated. */
const LOCKED = /^error: cannot use the store `store\.db`: another program holds it locked/m;

/** Scans of parts of the evidence, all into one store: it holds what it holds when they come one after the other. */
export async function scansTogether(
  whole: Whole,
  parts: readonly string[],
  many: number,
  count: number,
): Promise<void> {
  await rounds(`${many} scans into one store`, count, async (chance, note) => {
    const folder = prepared(whole.work);
    const line = (part: string): readonly string[] => [
      'scan',
      join('in', part),
      '--db',
      DB,
      ...AS_OF,
      '--quiet',
    ];
    const chosen = Array.from({ length: many }, (_, index) => parts[index % parts.length] as string);
    const order = chosen.toSorted(() => chance.fraction() - 0.5);
    note(order.join(' '));
    const results = await Promise.all(order.map((part) => run(line(part), { cwd: folder })));
    for (const [index, result] of results.entries()) {
      if (result.code === 0 || result.code === 3) continue;
      expectPlainError(result, [2], LOCKED);
      expect((await run(line(order[index] as string), { cwd: folder })).code).toBe(0);
    }
    const serial = prepared(whole.work);
    for (const part of order) expect((await run(line(part), { cwd: serial })).code).toBe(0);
    expectSameStore(folder, serial);
    const told = async (where: string): Promise<unknown> =>
      cli(['report', '--db', join(where, DB), ...AS_OF, '--format', 'ndjson', '--status', 'all']);
    expect(await told(folder)).toEqual(await told(serial));
  });
}

/** While a scan writes, others read: each report is that of before, that of the end, or says that it is incomplete. */
export async function reportsMeanwhile(whole: Whole, count: number): Promise<void> {
  await rounds(`reports while it writes: ${whole.work.name}`, count, async (_chance, note) => {
    const folder = prepared(whole.work);
    const child = start(whole.work.args, { cwd: folder });
    const scan = ended(child);
    let reports = 0;
    while (child.exitCode === null) {
      // Of the files of the scan the last appear only at its end.
      await expectNothingLooksWhole(whole, folder);
      const diff = await cli(['diff', 'previous', 'latest', '--db', join(folder, DB), ...AS_OF]);
      expect([0, 2, 3], diff.stderr).toContain(diff.exit);
      expect(diff.stderr).not.toMatch(/^\s+at |internal error/m);
      reports++;
      // Reports in this process leave no room for the news that the scan has ended.
      await sleep(20);
    }
    note(`${reports} reports`);
    const { code, stderr }: Ended = await scan;
    expect(code, stderr).toBe(whole.exit);
    expectWhole(whole, folder);
  });
}

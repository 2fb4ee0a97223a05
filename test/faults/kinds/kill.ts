import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { ended, start } from '../../cli/built.ts';
import { callsOf, type Fault, withFault } from '../faulty.ts';
import { expectRecovery, prepared, type Whole } from '../oracle.ts';
import { type Chance, rounds } from '../random.ts';
import { DB } from '../works.ts';

/** Kills the command at moments spread evenly over the time that it takes. */
export async function killAtTimes(whole: Whole, count: number): Promise<void> {
  let reached = 0;
  const made = await rounds(`kill -9 at a moment: ${whole.work.name}`, count, async (chance, note) => {
    const folder = prepared(whole.work);
    const moment = chance.fraction() * whole.milliseconds;
    note(`after ${moment.toFixed(0)} of ${whole.milliseconds.toFixed(0)} ms`);
    const child = start(whole.work.args, { cwd: folder });
    const result = ended(child);
    await sleep(moment);
    child.kill('SIGKILL');
    if ((await result).signal === 'SIGKILL') reached++;
    await expectRecovery(whole, folder);
  });
  // Were most too late, it would be no test.
  if (made >= 10) expect(reached).toBeGreaterThan(made / 2);
}

/** What a command does to files, from which on it is killed at some call. */
const EVENTS: readonly Pick<Fault, 'operation' | 'path'>[] = [
  { operation: 'open', path: `${DB}-wal` },
  { operation: 'write', path: `${DB}-wal` },
  { operation: 'write', path: `${DB}-journal` },
  { operation: 'write', path: DB },
  { operation: 'sync', path: DB },
  { operation: 'truncate', path: DB },
  { operation: 'unlink', path: DB },
  { operation: 'write', path: '.tmp' },
  { operation: 'sync', path: '.tmp' },
  { operation: 'rename', path: '/' },
  { operation: 'rename', path: 'report' },
];

/** Kills the command at calls that change files: by chance of all such calls, so that the rare ones are met as often. */
export async function killAtEvents(whole: Whole, count: number): Promise<void> {
  const calls = new Map<string, number>();
  let made = 0;
  let reached = 0;
  await rounds(`kill -9 at a call: ${whole.work.name}`, count, async (chance, note) => {
    const fault = await chosen(whole, chance, calls);
    if (fault === null) return note('it never does that');
    note(`${fault.operation} ${fault.path} ${fault.call}`);
    const folder = prepared(whole.work);
    const child = start(whole.work.args, { cwd: folder, env: withFault(fault) });
    const { signal, code, stderr } = await ended(child);
    made++;
    // One run may need a call less than the one in which they were counted.
    if (signal === 'SIGKILL') reached++;
    else expect(code, stderr).toBe(whole.exit);
    await expectRecovery(whole, folder);
  });
  expect(reached).toBeGreaterThanOrEqual(Math.floor(made * 0.8));
}

/** Calls are counted when they are first needed. */
async function chosen(whole: Whole, chance: Chance, calls: Map<string, number>): Promise<Fault | null> {
  const { operation, path } = chance.of(EVENTS);
  const key = `${operation} ${path}`;
  if (!calls.has(key)) {
    const counted = callsOf(operation, path, (env) =>
      ended(start(whole.work.args, { cwd: prepared(whole.work), env })),
    );
    calls.set(key, await counted.catch(() => 0));
  }
  const most = calls.get(key) ?? 0;
  return most === 0 ? null : { operation, path, call: chance.upTo(most), action: 'kill' };
}

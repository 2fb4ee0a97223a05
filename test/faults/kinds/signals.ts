import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { ended, start } from '../../cli/built.ts';
import { expectNoTemporary, expectRecovery, prepared, type Whole } from '../oracle.ts';
import { rounds } from '../random.ts';

const CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** Interrupts the command at moments spread over the time that it takes, once or twice, by either signal. */
export async function interrupt(whole: Whole, count: number): Promise<void> {
  let longest = 0;
  await rounds(`SIGINT, SIGTERM: ${whole.work.name}`, count, async (chance, note) => {
    const signal = chance.of(['SIGINT', 'SIGTERM'] as const);
    const moment = chance.fraction() * whole.milliseconds;
    const second = chance.fraction() < 0.5 ? null : chance.fraction() * 100;
    note(
      `${signal} after ${moment.toFixed(0)} ms${second === null ? '' : `, again ${second.toFixed(0)} ms later`}`,
    );
    const folder = prepared(whole.work);
    const child = start(whole.work.args, { cwd: folder });
    const result = ended(child);
    await sleep(moment);
    const began = performance.now();
    child.kill(signal);
    if (second !== null) {
      await sleep(second);
      child.kill(signal);
    }
    const { code, signal: by, stderr } = await result;
    longest = Math.max(longest, performance.now() - began);
    // Before the program is loaded a signal ends Node.js itself; after all is done it comes too late.
    expect([by, CODES[signal], whole.exit], stderr).toContain(by === null ? code : signal);
    expect(stderr).not.toMatch(/^\s+at |internal error/m);
    expectNoTemporary(folder);
    await expectRecovery(whole, folder);
  });
  console.log(`longest time from a signal to the end of ${whole.work.name}: ${longest.toFixed(0)} ms`);
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/index.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { compileForChild } from './compiled.ts';
import { dumpStore } from './dump.ts';
import { scan } from './files.ts';
import { killFiles } from './kill-files.ts';

const folder = temporaryFolder();
const program = compileForChild('scan-child.ts');

/** Starts the child; `heard` gets every line it prints. */
function startScan(path: string, heard: (line: string) => void): ChildProcess {
  const child = spawn(process.execPath, [join(program, 'test', 'store', 'scan-child.js'), path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  createInterface({ input: child.stdout }).on('line', heard);
  return child;
}

describe('a killed scan', { timeout: 60_000 }, () => {
  const whole = join(folder, 'whole.db');
  const uninterrupted = openStore(whole, { mode: 'write' });
  scan(uninterrupted, killFiles());
  uninterrupted.close();
  const expected = dumpStore(whole);

  // Lines the child prints before it is killed, and a little time for it to get into the next file.
  it.each([
    [1, 0],
    [1, 15],
    [3, 5],
    [5, 25],
    [8, 10],
    [13, 20],
    [17, 2],
    [23, 30],
  ])('after %d lines and %d ms leaves whole files, and scanning again completes it', async (lines, delay) => {
    const path = join(folder, `${lines}-${delay}.db`);
    const done = new Set<string>();
    let heard = 0;
    const reached = new Promise<void>((resolve) => {
      const child = startScan(path, (line) => {
        if (line.startsWith('done ')) done.add(line.slice(5));
        if (++heard === lines) void sleep(delay).then(() => child.kill('SIGKILL'));
      });
      void once(child, 'close').then(([, signal]) => {
        expect(signal).toBe('SIGKILL');
        resolve();
      });
    });
    await reached;

    const left = dumpStore(path);
    const stored = new Set(left.evidence.map((row) => String((row as unknown[])[0])));
    for (const file of done) expect(stored).toContain(file);
    // At most one file was finished without the child having said so.
    expect(stored.size - done.size).toBeLessThanOrEqual(1);
    const soFar = killFiles().filter((file) => stored.has(file.path));
    const reference = `${path}.reference`;
    const store = openStore(reference, { mode: 'write' });
    scan(store, soFar);
    store.close();
    const whole = dumpStore(reference);
    // Names and policies of the file that was cut off may be there; that anything was seen of them is not.
    for (const part of ['captures', 'observations', 'evidence'] as const)
      expect(left[part]).toEqual(whole[part]);
    for (const part of ['roles', 'policies', 'verdicts'] as const) {
      const known = new Set(left[part].map((row) => JSON.stringify(row)));
      expect(whole[part].filter((row) => !known.has(JSON.stringify(row)))).toEqual([]);
    }

    const again = openStore(path, { mode: 'write' });
    scan(again, killFiles());
    expect(again.listRuns().map((run) => run.status)).toEqual(['interrupted', 'complete']);
    again.close();
    expect(dumpStore(path)).toEqual(expected);
  });
});

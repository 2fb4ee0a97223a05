import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeEach, expect } from 'vitest';
import { inCheckout } from '../checkout.ts';
import { temporaryFolder } from '../temporary-folder.ts';

export const SCAN_OPTIONS = ['/evidence', '--as-of', '2026-06-30'];

export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** A shared folder for each test, and `deploy/part.sh` on it with the stand-in for the program. */
export function sharedFolder() {
  let folder = '';
  const at = (...names: readonly string[]): string => join(folder, ...names);
  beforeEach(() => {
    folder = temporaryFolder();
    for (const name of ['out', 'tmp', 'standin']) mkdirSync(at(name));
  });
  const start = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Started => {
    const child = spawn('sh', [inCheckout('deploy/part.sh'), ...args], {
      env: {
        PATH: process.env['PATH'] ?? '',
        TRUSTSIEVE: `sh ${inCheckout('test/deploy/standin.sh')}`,
        STANDIN: at('standin'),
        TMPDIR: at('tmp'),
        ...env,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
      // So that it can be killed with what it runs, as an engine does.
      detached: true,
    });
    const exit = new Promise<number | null>((resolve) => child.on('close', resolve));
    return {
      child,
      ended: Promise.all([exit, text(child.stderr)]).then(([code, stderr]) => ({ code, stderr })),
    };
  };
  const lines = (name: string): readonly string[] =>
    existsSync(at('standin', name)) ? readFileSync(at('standin', name), 'utf8').trimEnd().split('\n') : [];
  return {
    at,
    start,
    run: (args: readonly string[], env: Readonly<Record<string, string>> = {}) => start(args, env).ended,
    /** Part `part` of three. */
    scan: (part: number, options = SCAN_OPTIONS) =>
      start(['scan', '3', at('out'), ...options], { PART: String(part) }),
    merge: (...options: readonly string[]) => start(['merge', '3', at('out'), ...options]).ended,
    /** What the stand-in ends the command with: a code, `kill` or `empty`. */
    answer: (command: string, answer: number | string) =>
      writeFileSync(at('standin', command), String(answer)),
    hold: () => writeFileSync(at('standin', 'hold'), ''),
    release: () => rmSync(at('standin', 'hold')),
    scansRunning: (count: number) => expect.poll(() => lines('running').length).toBe(count),
    lines,
    read: (...names: readonly string[]) => readFileSync(at('out', ...names), 'utf8'),
    /** All names in the shared folder and in the local one; what is left behind begins with a dot or lies in the latter. */
    names: () => [...readdirSync(at('out')), ...readdirSync(at('tmp'))].toSorted(),
  };
}

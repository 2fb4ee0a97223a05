import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { inCheckout } from '../checkout.ts';

export const MAIN = inCheckout('dist', 'cli', 'main.js');

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the built program with pipes for its streams. */
export function start(args: readonly string[], options: SpawnOptions = {}): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args], { stdio: 'pipe', ...options });
}

export async function ended(child: ChildProcess): Promise<Ended> {
  const { stdout: out, stderr: err } = child;
  const closed = once(child, 'close');
  const [stdout, stderr] = await Promise.all([out === null ? '' : text(out), err === null ? '' : text(err)]);
  const [code, signal] = (await closed) as [number | null, string | null];
  return { code, signal, stdout, stderr };
}

/** Runs the built program to its end; standard input is empty. */
export async function run(args: readonly string[], options: SpawnOptions = {}): Promise<Ended> {
  const child = start(args, options);
  child.stdin?.end();
  return ended(child);
}

/** Runs a line of the shell in which `$TRUSTSIEVE` is the program; its exit code is that of the last command. */
export async function shell(line: string, cwd: string): Promise<Ended> {
  const child = spawn('bash', ['-c', line], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TRUSTSIEVE: `${process.execPath} ${MAIN}` },
  });
  return ended(child);
}

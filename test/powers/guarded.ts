import { readFileSync, rmSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { inCheckout } from '../checkout.ts';

const GUARD = pathToFileURL(inCheckout('test', 'powers', 'network-guard.mjs'));

/** The environment in which a program of Node.js writes down in `log` that it reaches for a network or another process. */
export function guarded(log: string): NodeJS.ProcessEnv {
  return { ...process.env, NODE_OPTIONS: `--import=${GUARD}`, TRUSTSIEVE_GUARD_LOG: log };
}

/** What was written down since it was asked last: `guarded`, a line for each thread guarded, and what was reached for. */
export function noted(log: string): readonly string[] {
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
  rmSync(log);
  return lines;
}

import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChild, type Usage } from './child.ts';
import { JQ_ROLES, jqFilter } from './rivals/jq.ts';

/** A whole process that takes a file or folder. */
export interface Contender {
  readonly name: string;
  readonly run: (path: string) => Promise<Usage>;
}

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
export const MAIN = here('../../dist/cli/main.js');
const RIVAL = here('rivals/run.js');
/** Generated evidence lacks what makes it complete, and some of it is to be rejected. */
const DONE_OR_INCOMPLETE = [0, 3];
const STORE = join(tmpdir(), `trustsieve-bench-${process.pid}.db`);

export const PROGRAM = 'trustsieve';

/** What stands beside trustsieve, by the shape of the evidence. */
export const RIVALS = {
  documents: [
    rival('stream-json, bare parse', 'stream-json'),
    rival('stream-json, pick and assemble', 'pick-and-assemble'),
    rival('loop over JSON.parse', 'loop'),
    rival('DuckDB', 'duckdb-gaad'),
    jq(JQ_ROLES.documents),
  ],
  lines: [
    rival('stream-json, bare parse', 'stream-json'),
    rival('stream-json, assemble', 'assemble-lines'),
    rival('loop over JSON.parse', 'loop-lines'),
    rival('DuckDB', 'duckdb-ndjson'),
    jq(JQ_ROLES.lines),
  ],
} as const satisfies Readonly<Record<string, readonly Contender[]>>;

export const HASH: Contender = {
  name: 'openssl sha256',
  run: (path) => runChild('openssl', ['dgst', '-sha256', path]),
};

/** A scan into a new store, or into the one that the scan before has left. */
export function scan(name = PROGRAM, more: readonly string[] = [], store: 'new' | 'same' = 'new'): Contender {
  return {
    name,
    run: (path) => {
      if (!existsSync(MAIN)) throw new Error('build the program first: npm run build');
      if (store === 'new') removeStore();
      const options = [
        '--quiet',
        '--progress',
        'none',
        '--captured-at',
        '2026-02-01',
        '--as-of',
        '2026-11-01',
      ];
      return runChild(
        process.execPath,
        [MAIN, 'scan', path, '--db', STORE, ...options, ...more],
        DONE_OR_INCOMPLETE,
      );
    },
  };
}

export function removeStore(): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(STORE + suffix, { force: true });
}

function rival(name: string, argument: string): Contender {
  return { name, run: (path) => runChild(process.execPath, [RIVAL, argument, path]) };
}

function jq(roles: string): Contender {
  return {
    name: 'jq -c',
    run: (path) => {
      if (spawnSync('jq', ['--version']).status !== 0) throw new Error('jq is not installed');
      return runChild('jq', ['-c', jqFilter(roles), path]);
    },
  };
}

import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { type Ended, ended, MAIN } from '../../cli/built.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { expectCompletion, expectPlainError, type Whole } from '../oracle.ts';
import { DB, OLD } from '../works.ts';

/** The user `nobody` of Linux. Modes mean nothing to root, so the command runs as somebody else. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

interface Taken {
  readonly name: string;
  /** Takes something away from a folder that is ready, and returns what gives it back. */
  readonly take: (folder: string) => () => void;
  readonly exits: readonly number[];
  readonly names: RegExp;
}

function mode(name: string, bits: number): Taken['take'] {
  return (folder) => {
    const path = join(folder, name);
    const before = name === 'in/2026-04-30' ? 0o755 : name === '.' ? 0o755 : 0o644;
    chmodSync(path, bits);
    return () => chmodSync(path, before);
  };
}

export const TAKEN: readonly Taken[] = [
  {
    name: 'a store that may only be read',
    take: mode(DB, 0o444),
    exits: [2],
    names: /^error: [^\n]*`store\.db`/m,
  },
  {
    name: 'a store that may not be read',
    take: mode(DB, 0),
    exits: [2],
    names: /^error: [^\n]*`store\.db`/m,
  },
  {
    name: 'a folder that may only be read',
    take: mode('.', 0o555),
    exits: [2],
    names: /^error: [^\n]*`(?:store\.db|report\.)/m,
  },
  {
    name: 'evidence that may not be read',
    take: mode('in/2026-04-30/555500000001.json', 0),
    exits: [3],
    names: /555500000001\.json/,
  },
  {
    name: 'a folder of evidence that may not be listed',
    take: mode('in/2026-04-30', 0),
    exits: [3],
    names: /in\/2026-04-30/,
  },
  {
    name: 'a folder in the place of the store',
    take: (folder) => {
      renameSync(join(folder, DB), join(folder, 'kept'));
      mkdirSync(join(folder, DB));
      return () => {
        rmSync(join(folder, DB), { recursive: true });
        renameSync(join(folder, 'kept'), join(folder, DB));
      };
    },
    exits: [2],
    names: /^error: [^\n]*`store\.db`/m,
  },
];

/** As a user to whom modes mean something; the repetition, once all is given back, completes it. */
export async function takeAway(whole: Whole, { take, exits, names }: Taken): Promise<void> {
  const folder = temporaryFolder();
  if (isRoot) {
    // What is above must let others through.
    for (const path of [dirname(folder), folder]) chmodSync(path, 0o755);
  }
  whole.work.prepare(folder);
  if (isRoot) giveAll(folder);
  const giveBack = take(folder);
  const result = await asNobody(whole.work.args, folder);
  giveBack();
  expectPlainError(result, exits, names);
  if (exits.includes(2)) expect(readFileSync(join(folder, 'report.csv'), 'utf8')).toBe(OLD);
  await expectCompletion(whole, folder, { afterReading: true });
}

function giveAll(folder: string): void {
  chownSync(folder, NOBODY, NOBODY);
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, entry);
    if (existsSync(path)) chownSync(path, NOBODY, NOBODY);
  }
}

function asNobody(args: readonly string[], cwd: string): Promise<Ended> {
  const who = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
  const env = { ...process.env, HOME: cwd, XDG_CACHE_HOME: temporaryFolder() };
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, env, stdio: 'pipe', ...who });
  child.stdin.end();
  return ended(child);
}

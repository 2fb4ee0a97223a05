import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ran } from './sandbox.ts';
import type { Step } from './steps.ts';

/** A step as it went in one of the two folders. */
export interface Went {
  readonly ran: Ran;
  readonly folder: string;
}

/** Exit codes of a program that did its work: done, a gate that failed, incomplete evidence. */
const WORKED: readonly (number | null)[] = [0, 1, 3];
/** Databases hold the time of the run. What is in them shows in the reports. */
const STORE = /\.db(?:-wal|-shm)?$/;

/**
 * What differs between the kit and the checkout after a step, one clause each.
 *
 * @param ours what the kit did
 * @param theirs what the checkout did
 */
export async function differences(step: Step, ours: Went, theirs: Went): Promise<readonly string[]> {
  const faults: string[] = [];
  const [code, expected] = [ours.ran.code, theirs.ran.code];
  if (code !== expected) faults.push(`exit code ${code} instead of ${expected}${said(ours.ran)}`);
  else if (!WORKED.includes(code)) faults.push(`exit code ${code} with both${said(ours.ran)}`);
  if (step.isTimed !== true && !ours.ran.stdout.equals(theirs.ran.stdout)) {
    faults.push('standard output differs');
  }
  const [here, there] = [await filesIn(ours.folder), await filesIn(theirs.folder)];
  for (const name of [...new Set([...here, ...there])].sort()) {
    if (!here.includes(name)) faults.push(`\`${name}\` is missing`);
    else if (!there.includes(name)) faults.push(`\`${name}\` is too much`);
    else if (!(await readFile(join(ours.folder, name))).equals(await readFile(join(theirs.folder, name)))) {
      faults.push(`\`${name}\` differs`);
    }
  }
  return faults;
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !STORE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

function said({ stderr }: Ran): string {
  const line = stderr.toString('utf8').trim().split('\n', 1)[0] ?? '';
  return line === '' ? '' : `: ${line}`;
}

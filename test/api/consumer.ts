import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from '../temporary-folder.ts';

export const ROOT = new URL('../../', import.meta.url).pathname;

/** A folder in which `trustsieve` leads to the built checkout, with the named packages of the checkout beside it. */
export function consumerFolder(packages: readonly string[] = []): string {
  const folder = temporaryFolder();
  for (const name of ['trustsieve', ...packages]) {
    const place = join(folder, 'node_modules', name);
    mkdirSync(join(place, '..'), { recursive: true });
    symlinkSync(name === 'trustsieve' ? ROOT : join(ROOT, 'node_modules', name), place, 'junction');
  }
  return folder;
}

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Node.js in the folder; one that fails says so in `stderr`. */
export async function runNode(folder: string, args: readonly string[]): Promise<Ran> {
  return promisify(execFile)(process.execPath, args, { cwd: folder }).catch((error: Ran) => error);
}

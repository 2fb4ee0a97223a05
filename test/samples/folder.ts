import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { inCheckout } from '../checkout.ts';

export const SAMPLES = inCheckout('samples');

/** Paths of all files below a folder, with `/` separators, sorted. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .sort();
}

export function sampleFile(path: string): Buffer {
  return readFileSync(join(SAMPLES, path));
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach } from 'vitest';

// Each test file gets this module for itself.
const root = mkdtempSync(join(tmpdir(), 'trustsieve-test-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;

/** A new, empty folder, which is removed when the tests of the file have ended. */
export function temporaryFolder(): string {
  const folder = join(root, String(++folders));
  mkdirSync(folder, { mode: 0o700 });
  return folder;
}

/** A folder for each test, and the paths in it. */
export function folderOfTest(): (...names: readonly string[]) => string {
  let folder = '';
  beforeEach(() => {
    folder = temporaryFolder();
  });
  return (...names) => join(folder, ...names);
}

/** Writes a file below a folder, and the folders that it needs; returns its path. */
export function writeBelow(folder: string, name: string, content: string | Uint8Array = ''): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { REPORT_FORMATS } from '../../src/report/index.ts';
import { openStore } from '../../src/store/index.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { run } from './built.ts';
import { gaad, gaadRole, OPEN, put } from './evidence.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

/** What everybody may do with the files below a folder that others may do anything with, as far as the system goes. */
function modes(below: string): Readonly<Record<string, string>> {
  const names = readdirSync(below, { recursive: true }) as string[];
  return Object.fromEntries(
    names.map((name) => [name, (statSync(join(below, name)).mode & 0o777).toString(8)]),
  );
}

it('only the owner may read what a scan, report or fix writes', { timeout: 60_000 }, async () => {
  put(folder, 'in/own.json', gaad([gaadRole('Open', { trust: OPEN })]));
  const out = join(folder, 'out');
  put(folder, 'out/.keep', '');
  const mask = process.umask(0);
  try {
    const reports = Object.keys(REPORT_FORMATS).flatMap((format) => [
      `--${format}`,
      join(out, `scan.${format}`),
    ]);
    const db = join(out, 's.db');
    expect((await run(['scan', join(folder, 'in'), '--db', db, '--quiet', ...reports])).code).toBe(0);
    await run(['report', '--format', 'csv', '--db', db, '-o', join(out, 'report.csv')]);
    await run(['diff', 'previous', 'latest', '--db', db, '-o', join(out, 'diff.txt')]);
    await run(['fix', '--db', db, '--out', join(out, 'fixes')]);
    // While it is open, SQLite has files beside it.
    const store = openStore(db, { mode: 'write' });
    store.saveRelations(store.relations());
    const found = modes(out);
    store.close();
    expect(Object.keys(found)).toEqual(
      expect.arrayContaining([
        's.db',
        's.db-wal',
        's.db-shm',
        'scan.csv.manifest.json',
        'report.csv',
        'diff.txt',
        'fixes/apply.sh',
        'fixes/111122223333/Open.json',
      ]),
    );
    const open = Object.entries(found).filter(([name, mode]) => name !== '.keep' && !/^[67]00$/.test(mode));
    expect(open).toEqual([]);
  } finally {
    process.umask(mask);
  }
});

import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { REPORT_FORMATS } from '../../src/report/index.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { run } from './built.ts';
import { gaad, gaadRole, OPEN, put } from './evidence.ts';

const FORMATS = Object.keys(REPORT_FORMATS);
const EVIDENCE = gaad([gaadRole('Open', { trust: OPEN })]);

let folder: string;
const at = (name: string): string => join(folder, name);
beforeEach(() => {
  folder = temporaryFolder();
  put(folder, 'in/own.json', EVIDENCE);
});

const scan = (...more: string[]) =>
  run(['scan', '--captured-at', '2026-04-30', '--as-of', '2026-05-01', '--quiet', ...more], { cwd: folder });

describe('a scan refuses before it reads anything to write', () => {
  const cases: readonly (readonly [what: string, args: readonly string[], words: string])[] = [
    ...FORMATS.map(
      (format) => [`--${format} into no folder`, [`--${format}`, 'none/x'], 'folder does not exist'] as const,
    ),
    ['--csv to standard output', ['--csv', '-'], 'name a file'],
    ['--manifest to standard output', ['--manifest', '-'], 'name a file'],
    ['--csv to a folder', ['--csv', 'in'], 'is a folder'],
    ['--csv below a file', ['--csv', 'in/own.json/x.csv'], 'existing folder'],
    ['--csv and --html to one file', ['--csv', 'x', '--html', './x'], 'where --csv is written'],
    ['--manifest to a report', ['--csv', 'x', '--manifest', 'x'], 'where --csv is written'],
    ['--manifest into no folder', ['--manifest', 'none/m.json'], 'folder does not exist'],
    ['--csv to the store', ['--csv', 's.db'], 'the store'],
    ['--csv to what lies beside the store', ['--csv', 's.db-wal'], 'the store'],
    ['--json to evidence', ['--json', 'in/own.json'], 'evidence of this scan'],
    ['--json to evidence through a link', ['--json', 'link.json'], 'evidence of this scan'],
    [
      '--md to the file of another option',
      ['--md', 'accepted.yaml', '--exceptions', 'accepted.yaml'],
      'another option',
    ],
    ['--md to another store', ['--md', 'other.db'], 'a database'],
    ['--db into no folder', ['--db', 'none/x.db'], 'check that the folder exists'],
    ['--db to a folder', ['--db', 'in'], 'cannot be opened'],
  ];
  it.each(cases)('%s', async (_, args, words) => {
    symlinkSync('in/own.json', at('link.json'));
    writeFileSync(at('accepted.yaml'), 'exceptions: []\n');
    writeFileSync(at('other.db'), 'SQLite format 3\0and more');
    const db = args.includes('--db') ? [] : ['--db', 's.db'];
    const { code, stdout, stderr } = await scan('in', ...db, ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^error: [^\n]*\n$/);
    expect(stderr).toContain(words);
    expect(existsSync(at('s.db'))).toBe(false);
    expect(JSON.parse(readFileSync(at('in/own.json'), 'utf8'))).toEqual(EVIDENCE);
  });

  it('into a folder that may not be written to', async () => {
    // Root may write anywhere but here.
    const place = process.getuid?.() === 0 ? '/proc/x.csv' : at('locked/x.csv');
    mkdirSync(at('locked'));
    chmodSync(at('locked'), 0o500);
    const { code, stderr } = await scan('in', '--db', 's.db', '--csv', place);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: [^\n]*\n$/);
    expect(process.getuid?.() === 0 || !existsSync(at('s.db'))).toBe(true);
  });
});

it('a scan replaces its own reports in the folder that it scans', { timeout: 60_000 }, async () => {
  const reports = FORMATS.flatMap((format) => [`--${format}`, `report.${format}`]);
  for (const pass of [1, 2]) {
    const { code, stderr } = await scan('.', '--db', 's.db', ...reports);
    expect(code, `${pass}: ${stderr}`).toBe(0);
  }
});

it.each([
  ['report', ['report', '--format', 'csv']],
  ['diff', ['diff', '2026-01-01', '2026-05-01', '--format', 'text']],
  ['trend', ['trend', '--format', 'text']],
])('%s does not write over the store', async (_, args) => {
  await scan('in', '--db', 's.db');
  const before = readFileSync(at('s.db'));
  const { code, stderr } = await run([...args, '--db', 's.db', '-o', './s.db'], { cwd: folder });
  expect(code).toBe(2);
  expect(stderr).toBe('error: -o cannot be written to `./s.db`: that is the store; name another file\n');
  expect(readFileSync(at('s.db')).equals(before)).toBe(true);
});

it('refuses an option that is given twice', async () => {
  const { code, stderr } = await scan('in', '--db', 'a.db', '--db', 'b.db');
  expect(code).toBe(2);
  expect(stderr).toMatch(/^error: --db is given more than once; see `trustsieve scan --help`\n/);
});

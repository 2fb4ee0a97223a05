import { copyFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeAll, describe, expect, it } from 'vitest';
import { REPORT_FORMATS } from '../../src/report/index.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { putOrganisation } from './evidence.ts';
import { cli, type Outcome } from './harness.ts';

const AS_OF = ['--as-of', '2026-05-01T00:00:00Z'];
const PARTNER = 'arn:aws:iam::111122223333:role/Steady';

let folder: string;
const at = (name: string): string => join(folder, name);
const evidence = (): string => at('in');

/** Every command that opens a store. */
const commands = (db: string): Readonly<Record<string, readonly string[]>> => ({
  ...Object.fromEntries(
    Object.keys(REPORT_FORMATS).map((format) => [
      `report ${format}`,
      ['report', '--db', db, '--format', format, '--status', 'all'],
    ]),
  ),
  runs: ['runs', '--db', db],
  'runs --check': ['runs', '--check', '--db', db],
  explain: ['explain', PARTNER, '--db', db],
  fix: ['fix', '--db', db],
  diff: ['diff', '2026-01-31', '2026-04-30', '--all', '--db', db],
  trend: ['trend', '--db', db],
  scan: ['scan', evidence(), '--db', db, ...AS_OF, '--progress', 'none'],
});

let sound: Readonly<Record<string, Outcome>>;

beforeAll(async () => {
  folder = temporaryFolder();
  putOrganisation(evidence());
  await cli(['scan', evidence(), '--db', at('sound.db'), ...AS_OF, '--quiet']);
  sound = await all(copy('again.db'));
});

function copy(name: string): string {
  copyFileSync(at('sound.db'), at(name));
  for (const suffix of ['-wal', '-shm', '-journal']) rmSync(at(name) + suffix, { force: true });
  return at(name);
}

async function all(db: string): Promise<Readonly<Record<string, Outcome>>> {
  const outcomes: Record<string, Outcome> = {};
  for (const [name, args] of Object.entries(commands(db))) outcomes[name] = await cli(args);
  return outcomes;
}

/** One line that names the file, exit 2. */
async function expectRefusal(db: string): Promise<void> {
  for (const [name, { exit, stderr }] of Object.entries(await all(db))) {
    expect(`${name} ${exit}`).toBe(`${name} 2`);
    expect(stderr, name).toMatch(/^error: [^\n]*\n$/);
    expect(stderr, name).toContain(db);
  }
}

function edited(name: string, edit: (db: Database.Database) => void): string {
  const path = copy(name);
  const db = new Database(path);
  edit(db);
  db.close();
  return path;
}

describe('a store that is none any more', () => {
  it('is sound before', () => {
    for (const [name, { exit, stderr }] of Object.entries(sound)) {
      expect([0, 3], `${name}: ${stderr}`).toContain(exit);
    }
    expect(sound['runs --check']).toEqual({ exit: 0, stdout: 'ok\n', stderr: '' });
  });

  const damages: readonly (readonly [what: string, make: () => string])[] = [
    ['is cut in the middle', () => cut(0.5)],
    ['is cut within its last page', () => cut(0.99)],
    ['has only its header', () => cut(0.001)],
    [
      'is no database',
      () => {
        writeFileSync(at('text.db'), 'no database, but long enough to be one '.repeat(40));
        return at('text.db');
      },
    ],
    ['belongs to another program', () => edited('id.db', (db) => db.pragma('application_id = 7'))],
    ['has no schema version', () => edited('v0.db', (db) => db.pragma('user_version = 0'))],
    ['has an impossible schema version', () => edited('v-3.db', (db) => db.pragma('user_version = -3'))],
    ['has the schema version of the future', () => edited('v99.db', (db) => db.pragma('user_version = 99'))],
    [
      'has lost a table',
      () => edited('table.db', (db) => db.exec('PRAGMA foreign_keys = OFF; DROP TABLE evidence')),
    ],
    [
      'has lost a column',
      () => edited('column.db', (db) => db.exec('ALTER TABLE run RENAME exceptions TO gone')),
    ],
    ['has lost a view', () => edited('view.db', (db) => db.exec(`DROP VIEW ${viewOf(db)}`))],
  ];
  it.each(damages)('%s', async (_, make) => {
    await expectRefusal(make());
  });

  it('is empty', async () => {
    writeFileSync(at('empty.db'), '');
    for (const [name, args] of Object.entries(commands(at('empty.db')))) {
      // A scan takes it for a new one.
      if (name !== 'scan') expect((await cli(args)).exit, name).toBe(2);
    }
  });

  it('is not touched', async () => {
    const path = cut(0.5);
    const before = readFileSync(path);
    await all(path);
    expect(readFileSync(path).equals(before)).toBe(true);
  });
});

function cut(share: number): string {
  const path = copy(`cut-${share}.db`);
  truncateSync(path, Math.ceil(readFileSync(path).length * share));
  return path;
}

function viewOf(db: Database.Database): string {
  return String(db.prepare("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name").pluck().get());
}

describe('a store with one bit turned', () => {
  const FLIPS = 24;
  const PAGE = 8192;

  /** The same places every time: spread over the file, and every second where a page says what it holds. */
  function* places(size: number): Generator<readonly [at: number, bit: number]> {
    for (let n = 0; n < FLIPS; n++) {
      const spread = ((n * 2_654_435_761 + 12_345) % 4_294_967_296) % size;
      yield [n % 2 === 0 ? spread - (spread % PAGE) + (n % 12) : spread, n % 8];
    }
  }

  it('never breaks the program, and never answers otherwise when SQLite can tell', {
    timeout: 120_000,
  }, async () => {
    const bytes = readFileSync(at('sound.db'));
    let refused = 0;
    for (const [place, bit] of places(bytes.length)) {
      const flipped = Buffer.from(bytes);
      flipped[place] = (flipped[place] ?? 0) ^ (1 << bit);
      const path = copy('flipped.db');
      writeFileSync(path, flipped);
      const tells = !isSound(path);
      for (const [name, args] of Object.entries(commands(path))) {
        const { exit, stdout, stderr } = await cli(args);
        const where = `${name}, byte ${place}, bit ${bit}: ${stderr}`;
        expect([0, 2, 3], where).toContain(exit);
        expect(stderr, where).not.toMatch(/^\s+at /m);
        if (exit === 2) refused++;
        else if (tells && name !== 'scan') expect(stdout, where).toBe(sound[name]?.stdout);
        if (name === 'scan') copy('flipped.db');
        writeFileSync(path, flipped);
      }
    }
    expect(refused).toBeGreaterThan(FLIPS);
  });

  function isSound(path: string): boolean {
    try {
      const db = new Database(path, { readonly: true });
      const rows = db.pragma('integrity_check') as readonly { readonly integrity_check: string }[];
      db.close();
      return rows[0]?.integrity_check === 'ok';
    } catch {
      return false;
    }
  }
});

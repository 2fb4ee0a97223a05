import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { type ERRORS, TrustsieveError } from '../../src/errors.ts';
import { checkStore } from '../../src/store/connection.ts';
import { openStore } from '../../src/store/index.ts';
import { schemaOf } from '../../src/store/schema/migrations.ts';
import { CHECKOUT } from '../checkout.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { roleRecord, scan } from './files.ts';

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);

function failure(open: () => unknown): TrustsieveError {
  try {
    open();
  } catch (error) {
    if (error instanceof TrustsieveError) return error;
    throw error;
  }
  throw new Error('it opened');
}

describe('openStore', () => {
  it('refuses a store with a trigger, which could take away what is written', () => {
    openStore(at('trigger.db'), { mode: 'write' }).close();
    const db = new Database(at('trigger.db'));
    db.exec('CREATE TRIGGER lost AFTER INSERT ON observation BEGIN DELETE FROM observation; END');
    db.close();
    for (const mode of ['write', 'read'] as const) {
      const { code, message } = failure(() => openStore(at('trigger.db'), { mode }));
      expect([code, message]).toEqual([
        'store-damaged',
        expect.stringContaining('the trigger `lost` is not of a store'),
      ]);
    }
  });

  it('makes a store that tells what it is and keeps it', () => {
    openStore(at('new.db'), { mode: 'write' }).close();
    const db = new Database(at('new.db'));
    expect(db.pragma('application_id', { simple: true })).toBe(0x54725376);
    expect(db.pragma('user_version', { simple: true })).toBe(9);
    db.close();
    const store = openStore(at('new.db'), { mode: 'write' });
    scan(store, [{ path: 'a', captures: [], records: [roleRecord({})] }]);
    store.close();
    openStore(at('new.db'), { mode: 'write' }).close();
    const reader = openStore(at('new.db'), { mode: 'read' });
    expect(reader.listRuns()).toMatchObject([{ id: 1, files: 1, records: 1, status: 'complete' }]);
    expect(() =>
      reader.beginRun({ startedAt: '', asOf: '', toolVersion: '', rules: [], options: 0 }),
    ).toThrow('open for reading');
    reader.close();
  });

  it('sees nothing of a store that another scan begins meanwhile', () => {
    const statements = (path: string, before: (index: number) => void): number => {
      const db = new Database(path);
      const prepare = db.prepare.bind(db);
      let count = 0;
      db.prepare = ((sql: string) => {
        before(count++);
        return prepare(sql);
      }) as typeof db.prepare;
      expect(checkStore(db, path)).toBe(0);
      db.close();
      return count;
    };
    const most = statements(at('none.db'), () => {});
    expect(most).toBeGreaterThan(2);
    for (let index = 0; index < most; index++) {
      const path = at(`begun-${index}.db`);
      statements(path, (current) => {
        if (current !== index) return;
        const other = new Database(path, { timeout: 0 });
        expect(() => other.exec(`PRAGMA user_version = 9; ${schemaOf(9)}`)).toThrow('database is locked');
        other.close();
      });
    }
  });

  it('leaves one plain file behind', () => {
    const store = openStore(at('plain.db'), { mode: 'write' });
    scan(store, [{ path: 'a', captures: [], records: [roleRecord({})] }]);
    expect(existsSync(at('plain.db-wal'))).toBe(true);
    store.close();
    expect(existsSync(at('plain.db-wal'))).toBe(false);
  });

  writeFileSync(
    at('text.db'),
    'not a database at all, but long enough to hold a header of one hundred bytes'.repeat(9),
  );
  mkdirSync(at('folder.db'));
  const other = new Database(at('other.db'));
  other.exec('CREATE TABLE theirs (id INTEGER)');
  other.close();
  openStore(at('future.db'), { mode: 'write' }).close();
  const future = new Database(at('future.db'));
  future.pragma('user_version = 99');
  future.close();

  const refusals: readonly [
    name: string,
    mode: 'read' | 'write',
    code: keyof typeof ERRORS,
    words: string,
  ][] = [
    ['absent.db', 'read', 'store-not-found', 'scan evidence first'],
    ['text.db', 'write', 'store-unwritable', 'not a SQLite database'],
    ['text.db', 'read', 'store-unwritable', 'not a SQLite database'],
    ['folder.db', 'write', 'store-unwritable', 'cannot be opened'],
    ['missing/folder.db', 'write', 'store-unwritable', 'check that the folder exists'],
    ['other.db', 'write', 'store-unwritable', 'another program'],
    ['other.db', 'read', 'store-unwritable', 'another program'],
    ['future.db', 'write', 'store-version', 'schema version 99'],
    ['future.db', 'read', 'store-version', 'schema version 99'],
  ];
  it.each(refusals)('refuses %s for %s with %s', (name, mode, code, words) => {
    const error = failure(() => openStore(at(name), { mode }));
    expect(error.code).toBe(code);
    expect(error.message).toContain(words);
    expect(error.message).toContain(`\`${at(name)}\``);
    expect(error.message).not.toContain('\n');
  });

  it('takes what a scan leaves that is killed before it has made a table for an empty store', () => {
    const begun = new Database(at('begun.db'));
    begun.pragma('journal_mode = WAL');
    begun.close();
    const store = openStore(at('begun.db'), { mode: 'read' });
    expect(store.listRuns()).toEqual([]);
    store.close();
  });

  it('takes back what a killed process left half written, for a reader too', () => {
    const store = openStore(at('half.db'), { mode: 'write' });
    scan(store, [{ path: 'a', captures: [], records: [roleRecord({})] }]);
    store.close();
    const half = `import Database from 'better-sqlite3';
      const db = new Database(process.argv[1]);
      db.pragma('cache_size = 1');
      db.exec('BEGIN; CREATE TABLE half (x); INSERT INTO half VALUES (randomblob(1000000))');
      process.kill(process.pid, 'SIGKILL');`;
    const { signal } = spawnSync(process.execPath, ['--input-type=module', '-e', half, at('half.db')], {
      cwd: CHECKOUT,
    });
    expect(signal).toBe('SIGKILL');
    expect(existsSync(at('half.db-journal'))).toBe(true);
    const reader = openStore(at('half.db'), { mode: 'read' });
    expect(reader.listRuns()).toMatchObject([{ id: 1, status: 'complete' }]);
    expect(reader.damage()).toEqual([]);
    reader.close();
    expect(existsSync(at('half.db-journal'))).toBe(false);
  });

  it('does not touch a database it refuses', () => {
    const db = new Database(at('other.db'));
    expect(db.pragma('journal_mode', { simple: true })).toBe('delete');
    expect(db.pragma('application_id', { simple: true })).toBe(0);
    db.close();
  });
});

import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { closeDatabase } from '../../src/store/closing.ts';
import { openDatabase } from '../../src/store/connection.ts';
import { openStore } from '../../src/store/index.ts';
import { folderOfTest } from '../temporary-folder.ts';
import { roleRecord, scan } from './files.ts';

const at = folderOfTest();

function filled(): string {
  const store = openStore(at('s.db'), { mode: 'write' });
  scan(store, [{ path: 'a', captures: [], records: [roleRecord({})] }]);
  store.close();
  return at('s.db');
}

function addAccount(db: Database.Database, id: string): void {
  db.prepare('INSERT INTO account (id) VALUES (?)').run(id);
}

function isSealed(path: string): boolean {
  const store = openStore(path, { mode: 'read' });
  try {
    return store.isSealed();
  } finally {
    store.close();
  }
}

it('leaves one file', () => {
  const path = filled();
  const db = openDatabase(path, 'write');
  addAccount(db, '1');
  expect(existsSync(`${path}-wal`)).toBe(true);
  expect(closeDatabase(db)).toBe('plain');
  expect(existsSync(`${path}-wal`)).toBe(false);
  expect(isSealed(path)).toBe(true);
});

it('says that part of the store is in its log, since another connection reads an earlier state', () => {
  const path = filled();
  openDatabase(path, 'write').close();
  const reader = new Database(path, { readonly: true });
  reader.exec('BEGIN');
  reader.pragma('user_version');
  reader.prepare('SELECT count(*) FROM run').get();
  const db = openDatabase(path, 'write');
  addAccount(db, '1');
  expect(closeDatabase(db, 0)).toBe('shared');
  expect(existsSync(`${path}-wal`)).toBe(true);
  reader.close();
  closeDatabase(openDatabase(path, 'write'));
  expect(existsSync(`${path}-wal`)).toBe(false);
  expect(isSealed(path)).toBe(true);
});

it('is not sealed when another program has written', () => {
  const path = filled();
  const db = new Database(path);
  addAccount(db, '1');
  db.close();
  expect(isSealed(path)).toBe(false);
  openStore(path, { mode: 'write' }).close();
  expect(isSealed(path)).toBe(true);
});

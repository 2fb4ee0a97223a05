import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { checkStore } from '../../../src/store/connection.ts';
import { openStore, type Store } from '../../../src/store/index.ts';
import { folderOfTest } from '../../temporary-folder.ts';
import { roleRecord, scan } from '../files.ts';

const at = folderOfTest();

function filled(): string {
  const store = openStore(at('s.db'), { mode: 'write' });
  scan(store, [{ path: 'a', captures: [], records: [roleRecord({ policy: '{"fail":1}' })] }]);
  store.close();
  return at('s.db');
}

/** What the seal says, by SQL. */
function sealOf(path: string): unknown {
  const db = new Database(path, { readonly: true });
  try {
    return db.prepare('SELECT pages FROM seal').pluck().get();
  } finally {
    db.close();
  }
}

function flip(path: string): void {
  const bytes = readFileSync(path);
  const place = bytes.lastIndexOf('"fail"');
  expect(place).toBeGreaterThan(0);
  bytes[place + 2] = 'b'.charCodeAt(0);
  writeFileSync(path, bytes);
}

const open = (path: string): unknown => openStore(path, { mode: 'read' }).close();

it('finds a letter that has changed in a text', () => {
  const path = filled();
  open(path);
  flip(path);
  expect(() => open(path)).toThrow('its bytes are not those that were written');
  expect(() => openStore(path, { mode: 'write' })).toThrow('damaged');
});

it('finds an older copy of the page of the seal', () => {
  const path = filled();
  const writer = openStore(path, { mode: 'write' });
  scan(writer, [{ path: 'b', captures: [], records: [roleRecord({})] }]);
  const unsealed = new Database(path, { readonly: true });
  const root = Number(
    unsealed.prepare(`SELECT rootpage FROM sqlite_schema WHERE name = 'seal'`).pluck().get(),
  );
  unsealed.close();
  writer.close();
  const bytes = readFileSync(path);
  const empty = openStore(at('other.db'), { mode: 'write' });
  empty.beginRun({ startedAt: '', asOf: '', toolVersion: '', rules: [], options: 0 });
  const other = new Database(at('other.db'));
  other.pragma('wal_checkpoint(TRUNCATE)');
  const unsealedBytes = readFileSync(at('other.db'));
  other.close();
  empty.close();
  unsealedBytes.copy(bytes, (root - 1) * 8192, (root - 1) * 8192, root * 8192);
  writeFileSync(path, bytes);
  expect(() => open(path)).toThrow('damaged');
});

it('tells what another program writes by SQL from damage', () => {
  const path = filled();
  const db = new Database(path);
  db.exec('CREATE VIEW theirs AS SELECT 1');
  db.close();
  open(path);
});

it('is taken away by whatever is written, also by a writer that was there when another sealed', () => {
  const path = filled();
  const slow = openStore(path, { mode: 'write' });
  const writes: readonly ((store: Store) => void)[] = [
    (store) => store.beginRun({ startedAt: '', asOf: '', toolVersion: '', rules: [], options: 0 }),
    (store) => scan(store, [{ path: 'c', captures: [], records: [roleRecord({})] }]),
    (store) => store.saveMembers({ members: [], whole: true }),
    (store) => store.saveRelations({ accounts: new Map(), organisationKnown: true }),
    (store) => store.settleExposures(() => {}),
    (store) => store.forgetRun(1),
  ];
  for (const write of writes) {
    const quick = openStore(path, { mode: 'write' });
    scan(quick, [{ path: 'b', captures: [], records: [roleRecord({})] }]);
    quick.close();
    expect(sealOf(path)).toBeGreaterThan(0);
    write(slow);
    expect(sealOf(path)).toBe(null);
    open(path);
  }
  slow.close();
  expect(sealOf(path)).toBeGreaterThan(0);
  open(path);
});

it('is written although another connection reads', () => {
  const path = filled();
  const reader = openStore(path, { mode: 'read' });
  reader.listRuns();
  const writer = openStore(path, { mode: 'write' });
  scan(writer, [{ path: 'b', captures: [], records: [roleRecord({})] }]);
  writer.close();
  expect(sealOf(path)).toBeGreaterThan(0);
  open(path);
  expect(reader.listRuns()).toHaveLength(2);
  reader.close();
});

it('calls a file that is no longer there an error of the disk', () => {
  const path = filled();
  const db = new Database(path, { readonly: true });
  db.pragma('schema_version');
  renameSync(path, at('elsewhere.db'));
  try {
    expect(() => checkStore(db, path)).toThrow(expect.objectContaining({ code: 'SQLITE_IOERR_READ' }));
  } finally {
    db.close();
  }
});

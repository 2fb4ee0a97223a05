import { closeSync, existsSync, openSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { TrustsieveError } from '../errors.ts';
import { closeDatabase, isBusy } from './closing.ts';
import { rebuildShared } from './fold/fold.ts';
import { damageOf, depthFor, strangeTo } from './schema/health.ts';
import { migrationFrom, REBUILT_SINCE, SCHEMA_VERSION, SEALED_SINCE } from './schema/migrations.ts';
import { planOnce } from './schema/plan-once.ts';
import { SEAL_TABLES } from './schema/seal-rows.ts';
import { holdConnection, letGo } from './seal/held-files.ts';
import { pause, sealOf } from './seal/seal.ts';
import { loadSqlite } from './sqlite-binary.ts';
import { asStoreError, forgetDamage, storeDamaged } from './store-error.ts';

/** `TrSv` in ASCII: tells a store from any other SQLite file (`PRAGMA application_id`). */
export const APPLICATION_ID = 0x54725376;

/** Milliseconds to wait for a lock that another connection holds. */
const PATIENCE = 10_000;

export type StoreMode = 'read' | 'write';

/**
 * Opens the database, brings an older schema up to date, checks that it is a store and sound, and sets what every
 * connection needs. A new file may be read by its owner only, and with it what SQLite puts beside it.
 * Errors: `store-not-found`, `store-version`, `store-unwritable`, `store-damaged`,
 * `platform-unsupported`.
 */
export function openDatabase(path: string, mode: StoreMode): Database.Database {
  if (mode === 'read' && !existsSync(path)) {
    throw new TrustsieveError(
      'store-not-found',
      `no store at \`${path}\`: scan evidence first, or name it with --db`,
    );
  }
  loadSqlite();
  let db: Database.Database | undefined;
  try {
    // SQLite takes it for a database without tables, and a report of it would look clean.
    if (mode === 'read' && statSync(path).size === 0) throw storeDamaged(path, 'the file is empty');
    if (mode === 'write') makePrivate(path);
    db = mode === 'read' ? openToRead(path) : new Database(path, { timeout: PATIENCE });
    const version = checkStore(db, path);
    if (mode === 'read' && version < SCHEMA_VERSION) {
      db.close();
      closeDatabase(openDatabase(path, 'write'));
      db = openToRead(path);
      holdConnection(db);
    }
    if (mode === 'write') prepareForWriting(db, path);
    // Checking references as rows are written makes adding roles three times slower; tests check them on whole stores.
    db.pragma('foreign_keys = OFF');
    db.pragma('cache_size = -8192');
    planOnce(db);
    return db;
  } catch (error) {
    db?.close();
    letGo();
    throw asStoreError(path, error);
  }
}

/** A change that a killed process left half made is taken back first, which only a connection that writes may do. */
function openToRead(path: string): Database.Database {
  const open = () => new Database(path, { readonly: true, timeout: PATIENCE });
  const db = open();
  try {
    db.pragma('schema_version');
    return db;
  } catch (error) {
    db.close();
    if (!(error instanceof Database.SqliteError && error.code === 'SQLITE_READONLY_ROLLBACK')) throw error;
  }
  const writing = new Database(path, { timeout: PATIENCE });
  try {
    writing.pragma('schema_version');
  } finally {
    writing.close();
  }
  return open();
}

/** SQLite would let everyone read a new file. */
function makePrivate(path: string): void {
  if (existsSync(path)) return;
  try {
    closeSync(openSync(path, 'ax', 0o600));
  } catch {
    // SQLite meets the same trouble and has words for it.
  }
}

/**
 * Checks that the database is a store and sound; returns the version of its schema. To be called for every connection; errors:
 * as `openDatabase`.
 */
export function checkStore(db: Database.Database, path: string): number {
  holdConnection(db);
  // What others write meanwhile would not fit what was read before it: a store that two scans begin looked damaged.
  const version = db.transaction(() => {
    const found = checkIdentity(db, path);
    checkSoundness(db, path, found);
    return found;
  })();
  forgetDamage(path);
  return version;
}

/**
 * Before anything is written: a damaged store is left as it is. Where the seal says nothing, SQLite looks at the structure.
 */
function checkSoundness(db: Database.Database, path: string, version: number): void {
  const strange = strangeTo(db, version);
  if (strange !== null) throw storeDamaged(path, `\`${strange}\` is missing or is not what a store has`);
  if (version >= SEALED_SINCE) {
    const state = sealOf(db);
    if (state === 'damaged') throw storeDamaged(path, 'its bytes are not those that were written');
    if (state === 'intact') return;
  } else if (hasSeal(db)) {
    throw storeDamaged(path, `its schema version is ${version}`);
  }
  const [first] = damageOf(db, depthFor(db));
  if (first !== undefined) throw storeDamaged(path, first);
}

function hasSeal(db: Database.Database): boolean {
  return db.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?').get(SEAL_TABLES[0]) !== undefined;
}

function checkIdentity(db: Database.Database, path: string): number {
  const id = db.pragma('application_id', { simple: true });
  const version = Number(db.pragma('user_version', { simple: true }));
  const tables = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get();
  // Without tables it is what a scan leaves that is killed right at its beginning.
  if (id !== APPLICATION_ID && tables !== 0) {
    throw new TrustsieveError(
      'store-unwritable',
      `\`${path}\` is the database of another program; name another file`,
    );
  }
  if (version > SCHEMA_VERSION) {
    throw new TrustsieveError(
      'store-version',
      `the store \`${path}\` has schema version ${version}, this program knows ${SCHEMA_VERSION}: use a newer trustsieve`,
    );
  }
  if (tables !== 0 && !(version >= 1)) throw storeDamaged(path, `its schema version is ${version}`);
  // Somebody else's would run with each row that is written, and could take away what a scan has found.
  const trigger = db
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
    .pluck()
    .get();
  if (trigger !== undefined) throw storeDamaged(path, `the trigger \`${trigger}\` is not of a store`);
  return version;
}

function prepareForWriting(db: Database.Database, path: string): void {
  // Larger pages halve the book-keeping of bulk inserts; only an empty file takes the setting.
  db.pragma('page_size = 8192');
  beginLog(db);
  db.pragma('synchronous = NORMAL');
  // Up to 64 MB: the pages every file changes are then copied back once for many files.
  db.pragma('wal_autocheckpoint = 8192');
  db.transaction(() => {
    const version = checkIdentity(db, path);
    if (version === SCHEMA_VERSION) return;
    const views = db.prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'view'`).pluck().all();
    db.exec(migrationFrom(version, views));
    if (version > 0 && version < REBUILT_SINCE) rebuildShared(db);
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.pragma(`user_version = ${SCHEMA_VERSION}`);
  }).immediate();
}

/** Where another connection begins the log or ends it at this moment, SQLite says so at once, whatever the timeout. */
function beginLog(db: Database.Database): void {
  for (const latest = Date.now() + PATIENCE; ; pause()) {
    try {
      db.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      if (!isBusy(error) || Date.now() >= latest) throw error;
    }
  }
}

import { statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { letGo } from './seal/held-files.ts';
import { sealStore } from './seal/seal.ts';
import { isKnownDamaged, storeUnfinished } from './store-error.ts';

/** Milliseconds to wait for readers of the log, which keep the store from being sealed. */
const PATIENCE = 10_000;

/** What SQLite keeps beside a database that is part of it, by the end of the name. */
const LOGS = ['-wal', '-journal'] as const;

/** How a store was left: `shared` with its log beside it, since others read it, and part of it may be in the log alone. */
export type Closed = 'plain' | 'shared';

/**
 * Leaves a plain file without side files, which can be copied and opened from read-only media, and seals it. Nothing is
 * lost where others use the store, too: the last one that writes tidies up.
 *
 * Errors: `store-unwritable` when the disk fails. Then nothing is lost either, but what lies beside the store is part of it.
 */
export function closeDatabase(db: Database.Database, patience = PATIENCE): Closed {
  if (!db.open) return 'plain';
  const path = db.name;
  let closed: Closed = 'plain';
  let fault: unknown = null;
  if (!db.readonly) {
    try {
      closed = finish(db, patience);
    } catch (error) {
      fault = error;
    }
  }
  db.close();
  letGo();
  if (fault !== null) throw storeUnfinished(path, logsOf(path), fault);
  return logsOf(path).length > 0 ? closed : 'plain';
}

function finish(db: Database.Database, patience: number): Closed {
  // Of a file that was not read to its end.
  if (db.inTransaction) db.exec('ROLLBACK');
  const isAlone = becomePlain(db);
  if (isKnownDamaged(db.name)) return 'plain';
  try {
    return sealStore(db, patience) === 'read by others' && !isAlone ? 'shared' : 'plain';
  } catch (error) {
    if (isBusy(error)) return 'plain';
    throw error;
  }
}

/** Works the log into the file and removes it; false where others use the store. */
function becomePlain(db: Database.Database): boolean {
  // Once more where another connection may have begun a log between the two lines.
  for (let left = 2; left > 0; left--) {
    try {
      // A log that is there is opened by whoever reads.
      db.pragma('user_version');
      db.pragma('journal_mode = DELETE');
    } catch (error) {
      if (isBusy(error)) return false;
      throw error;
    }
    if (!hasContent(`${db.name}-wal`)) return true;
  }
  throw new Database.SqliteError('the log cannot be removed', 'SQLITE_IOERR_DELETE');
}

/** Whether it is others' use of the database that was in the way. */
export function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(?:BUSY|LOCKED)/.test(error.code);
}

function logsOf(path: string): readonly string[] {
  return LOGS.map((end) => path + end).filter(hasContent);
}

function hasContent(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

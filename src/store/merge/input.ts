import { closeSync, copyFileSync, existsSync, linkSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { TrustsieveError } from '../../errors.ts';
import { SIDE_FILES } from '../../text/side-files.ts';
import { closeDatabase } from '../closing.ts';
import { checkStore, openDatabase } from '../connection.ts';
import { SCHEMA_VERSION } from '../schema/migrations.ts';
import { planOnce } from '../schema/plan-once.ts';
import { letGo } from '../seal/held-files.ts';
import { asStoreError, storeDamaged } from '../store-error.ts';

/** A store to be merged, as it was when it was opened. */
export interface Input {
  /** As typed, for messages. */
  readonly path: string;
  /** What is read: the store itself, or a copy that what a killed scan left half done was taken back in. */
  readonly file: string;
  /** There may be hundreds of stores, and a connection takes megabytes: it is open while it is read. */
  read<Result>(work: (db: Database.Database) => Result): Result;
  /** Errors: `usage` when the store was changed since. */
  unchanged(): void;
  close(): void;
}

/**
 * Opens a store as commands that read one do, but never changes it: what a killed scan left beside it is worked into a copy.
 * Errors: `store-not-found`, `store-version` (an older schema too), `store-damaged`, `store-unwritable`; `usage` for one
 * that a scan is writing.
 *
 * @param temporary names a file for the copy, which is gone when the input is closed
 */
export function openInput(path: string, temporary: () => string): Input {
  if (!existsSync(path)) {
    throw new TrustsieveError(
      'store-not-found',
      `no store at \`${path}\`: name stores that scans have written`,
    );
  }
  let copy: string | null = null;
  const close = (): void => {
    if (copy !== null) removeDatabase(copy);
  };
  try {
    const before = stateOf(path);
    if (statSync(path).isDirectory()) throw notAStore(path);
    if (statSync(path).size === 0) throw storeDamaged(path, 'the file is empty');
    if (isOpenEnded(path)) {
      if (isInUse(path, temporary)) throw inUse(path);
      copy = temporary();
      copyDatabase(path, copy);
    }
    const file = copy ?? path;
    const isCopy = copy !== null;
    const read: Input['read'] = (work) => {
      const db = new Database(file, { readonly: !isCopy, fileMustExist: true });
      try {
        db.pragma('cache_size = -1024');
        planOnce(db);
        return work(db);
      } finally {
        db.close();
        letGo();
      }
    };
    read((db) => checkInput(db, path));
    return {
      path,
      file,
      read,
      unchanged() {
        if (stateOf(path) !== before) {
          throw new TrustsieveError('usage', `\`${path}\` was changed while it was merged: merge again`);
        }
      },
      close,
    };
  } catch (error) {
    close();
    throw asStoreError(path, error);
  }
}

function checkInput(db: Database.Database, path: string): void {
  const version = checkStore(db, path);
  if (db.prepare('SELECT 1 FROM sqlite_schema').get() === undefined) throw holdsNoScan(path);
  if (version < SCHEMA_VERSION) {
    throw new TrustsieveError(
      'store-version',
      `the store \`${path}\` has schema version ${version}, and only stores of version ${SCHEMA_VERSION} can be merged: \`trustsieve runs --db\` brings it up to date`,
    );
  }
}

/** Works into a store what a killed scan left beside it, so that the file may be replaced. Errors: as `openInput`. */
export function settledFile(path: string): void {
  if (SIDE_FILES.some((suffix) => existsSync(path + suffix))) closeDatabase(openDatabase(path, 'write'));
}

/** Removes a database under a temporary name, and what SQLite puts beside it. */
export function removeDatabase(path: string): void {
  for (const suffix of ['', ...SIDE_FILES]) {
    try {
      rmSync(path + suffix, { force: true });
    } catch {
      // The next command that writes beside it tidies up.
    }
  }
}

function notAStore(path: string): TrustsieveError {
  return new TrustsieveError('store-not-found', `\`${path}\` is a folder: name the stores in it`);
}

/** What a scan leaves that is killed at its beginning. */
export function holdsNoScan(path: string): TrustsieveError {
  return new TrustsieveError('not-found', `the store \`${path}\` holds no scan yet: scan evidence first`);
}

function inUse(path: string): TrustsieveError {
  return new TrustsieveError(
    'usage',
    `a scan is writing into \`${path}\`, or another program has it open: merge when that has ended`,
  );
}

/** Tells whether the file has been written since. */
function stateOf(path: string): string {
  const { dev, ino, size, mtimeMs } = statSync(path);
  const sides = SIDE_FILES.map((suffix) => (existsSync(path + suffix) ? statSync(path + suffix).size : -1));
  return [dev, ino, size, mtimeMs, sides[0], sides[2]].join(' ');
}

/** Bytes 18 and 19 of a database are 2 while it has a log beside it, and until the log was worked in. */
const VERSIONS_AT = 18;

/** A scan is writing the store, or was killed: only its side files tell all that it holds. */
function isOpenEnded(path: string): boolean {
  if (SIDE_FILES.some((suffix) => existsSync(path + suffix))) return true;
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(VERSIONS_AT + 1);
    readSync(file, head, 0, head.length, 0);
    return head[VERSIONS_AT] === 2;
  } finally {
    closeSync(file);
  }
}

/**
 * Whether another connection has the store open. SQLite tells when it is to lock the file for itself, for which it would
 * first work the log into it; under another name it knows of no log. Where the file system makes no second name, nobody can
 * tell, and what a scan under way has written so far is merged as that of a killed one.
 */
function isInUse(path: string, temporary: () => string): boolean {
  const link = temporary();
  try {
    linkSync(path, link);
  } catch {
    return false;
  }
  const db = new Database(link, { timeout: 0 });
  try {
    db.pragma('locking_mode = EXCLUSIVE');
    db.pragma('user_version');
    return false;
  } catch (error) {
    return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
  } finally {
    db.close();
    removeDatabase(link);
  }
}

function copyDatabase(from: string, to: string): void {
  closeSync(openSync(to, 'wx', 0o600));
  copyFileSync(from, to);
  // The index of the log is made anew.
  for (const suffix of ['-wal', '-journal'])
    if (existsSync(from + suffix)) copyFileSync(from + suffix, to + suffix);
}

import { TrustsieveError } from '../errors.ts';
import { Database } from '../evidence/sqlite.ts';

const ADVICE: readonly (readonly [prefix: string, advice: string])[] = [
  ['SQLITE_NOTADB', 'the file is not a SQLite database; name another file'],
  ['SQLITE_CORRUPT', 'the database is damaged; restore it or scan into a new file'],
  ['SQLITE_FULL', 'the disk is full; make room and scan again'],
  ['SQLITE_BUSY', 'another program holds it locked; try again when that has finished'],
  ['SQLITE_READONLY', 'it may not be written; check the permissions of the file and its folder'],
  ['SQLITE_CANTOPEN', 'it cannot be opened; check that the folder exists and may be written'],
];

/** Turns what SQLite throws into one clear line; anything else comes back as it is. */
export function asStoreError(path: string, error: unknown): unknown {
  const folderMissing = error instanceof TypeError && error.message.includes('directory does not exist');
  if (!(error instanceof Database.SqliteError) && !folderMissing) return error;
  const code = error instanceof Database.SqliteError ? error.code : 'SQLITE_CANTOPEN';
  if (code.startsWith('SQLITE_CONSTRAINT') || code === 'SQLITE_ERROR' || code === 'SQLITE_MISUSE') {
    return new TrustsieveError('internal', `the store \`${path}\`: ${error.message}`, { cause: error });
  }
  const advice = ADVICE.find(([prefix]) => code.startsWith(prefix))?.[1] ?? error.message;
  return new TrustsieveError('store-unwritable', `cannot use the store \`${path}\`: ${advice}`, {
    cause: error,
  });
}

/** Runs `work`; what SQLite throws leaves as a `TrustsieveError`. */
export function guarded<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asStoreError(path, error);
  }
}

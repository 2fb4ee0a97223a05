import Database from 'better-sqlite3';
import { TrustsieveError } from '../errors.ts';
import { errorCode, errorText } from '../text/error-text.ts';
import { damageOf } from './schema/health.ts';

const ADVICE: readonly (readonly [prefix: string, advice: string])[] = [
  ['SQLITE_NOTADB', 'the file is not a SQLite database; name another file'],
  ['SQLITE_FULL', 'its disk, or that of temporary files (SQLITE_TMPDIR), is full; make room and try again'],
  [
    'SQLITE_IOERR',
    'its disk, or that of temporary files (SQLITE_TMPDIR), fails or has reached a limit; repair that and try again',
  ],
  ['SQLITE_BUSY', 'another program holds it locked; try again when that has finished'],
  ['SQLITE_READONLY', 'it may not be written; check the permissions of the file and its folder'],
  ['SQLITE_CANTOPEN', 'it cannot be opened; check that the folder exists and may be written'],
];

/** What SQLite says of a file whose pages or rows contradict each other. */
const DAMAGED = /^SQLITE_(?:CORRUPT|FORMAT|MISMATCH|TOOBIG)/;

/** Turns what SQLite throws into one clear line; anything else comes back as it is. */
export function asStoreError(path: string, error: unknown): unknown {
  const folderMissing = error instanceof TypeError && error.message.includes('directory does not exist');
  if (!(error instanceof Database.SqliteError) && !folderMissing) return error;
  const code = error instanceof Database.SqliteError ? error.code : 'SQLITE_CANTOPEN';
  if (DAMAGED.test(code)) return storeDamaged(path, error.message, error);
  if (code.startsWith('SQLITE_CONSTRAINT') || code === 'SQLITE_ERROR' || code === 'SQLITE_MISUSE') {
    const [damage] = damageIn(path);
    if (damage !== undefined) return storeDamaged(path, damage, error);
    return new TrustsieveError('internal', `the store \`${path}\`: ${error.message}`, { cause: error });
  }
  const advice = ADVICE.find(([prefix]) => code.startsWith(prefix))?.[1] ?? error.message;
  return new TrustsieveError('store-unwritable', `cannot use the store \`${path}\`: ${advice}`, {
    cause: error,
  });
}

/** An index that misses rows lets through what the program would never write, and only a full check sees it. */
function damageIn(path: string): readonly string[] {
  try {
    const db = new Database(path, { readonly: true, fileMustExist: true });
    try {
      return damageOf(db, 'full');
    } finally {
      db.close();
    }
  } catch (error) {
    return [errorText(error)];
  }
}

/**
 * The disk fails when a store is closed: all of it is kept, but not as it should be.
 *
 * @param logs files beside the store that are part of it until it is finished
 */
export function storeUnfinished(path: string, logs: readonly string[], cause: unknown): TrustsieveError {
  const isFull = cause instanceof Database.SqliteError && cause.code.startsWith('SQLITE_FULL');
  const why = isFull ? 'its disk is full' : 'its disk fails or has reached a limit';
  const names = logs.map((log) => `\`${log}\``).join(' and ');
  const what =
    logs.length > 0
      ? `cannot finish the store \`${path}\`: ${why}; nothing is lost, but part of it is in ${names}, which must go wherever the store goes`
      : `cannot seal the store \`${path}\`: ${why}; nothing is lost, but damage to it may go unseen`;
  const advice = `${isFull ? 'make room' : 'repair that'} and run \`trustsieve runs settle\``;
  return new TrustsieveError('store-unwritable', `${what}; ${advice}`, { cause });
}

/**
 * The same error, said of the store that was to be there in place of the one under a temporary name, of which nothing stays.
 * What is wrong with other stores is left as it is. `again` is what to do when that is possible: `merge again`.
 */
export function errorOfReplacement(error: unknown, temporary: string, path: string, again: string): unknown {
  if (error instanceof TrustsieveError) {
    if (!error.message.includes(temporary)) return error;
    // What was said when it was closed is true of a store that stays.
    const isOfSqlite = error.cause instanceof Database.SqliteError;
    const { code, message } = (isOfSqlite ? asStoreError(temporary, error.cause) : error) as TrustsieveError;
    const said = message.replaceAll(temporary, path).replace(/\btry again\b/, again);
    return new TrustsieveError(code, said, { cause: error });
  }
  if (!(error instanceof Error && 'syscall' in error)) return error;
  const said = `cannot write the store \`${path}\`: ${errorCode(error)}; see to its disk and that of temporary files, and ${again}`;
  return new TrustsieveError('store-unwritable', said, { cause: error });
}

const damaged = new Set<string>();

/** Whether this process has found damage in the store: what it wrote there must not be sealed as sound. */
export function isKnownDamaged(path: string): boolean {
  return damaged.has(path);
}

/** To be called when a store was opened and found sound. */
export function forgetDamage(path: string): void {
  damaged.delete(path);
}

/** `what`: the first thing that is wrong, in the words of whoever found it. */
export function storeDamaged(path: string, what: string, cause?: unknown): TrustsieveError {
  const [line = ''] = what.split('\n');
  damaged.add(path);
  return new TrustsieveError(
    'store-damaged',
    `the store \`${path}\` is damaged (${line.slice(0, 200)}): restore it, or rebuild it with \`trustsieve runs --repair\``,
    { cause },
  );
}

/** Runs `work`; what SQLite throws leaves as a `TrustsieveError`. */
export function guarded<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asStoreError(path, error);
  }
}

/**
 * The same functions, for reading: whatever they or what they return throw means that the store does not hold what
 * was written there, because nothing else goes into them.
 */
export function guardedReading<T extends object>(path: string, functions: T): T {
  const guard = (value: unknown): unknown => {
    if (typeof value === 'function') return guardFunction(value);
    return isIterator(value) ? guardIterator(value) : value;
  };
  const guardFunction =
    (original: unknown) =>
    (...given: unknown[]): unknown => {
      try {
        return guard(Reflect.apply(original as () => unknown, functions, given));
      } catch (error) {
        throw asReadingError(path, error);
      }
    };
  function* guardIterator(items: Iterable<unknown>): Generator<unknown> {
    try {
      yield* items;
    } catch (error) {
      throw asReadingError(path, error);
    }
  }
  return Object.fromEntries(Object.entries(functions).map(([name, one]) => [name, guard(one)])) as T;
}

function asReadingError(path: string, error: unknown): unknown {
  const known = asStoreError(path, error);
  if (known instanceof TrustsieveError && known.code !== 'internal') return known;
  return storeDamaged(path, errorText(error), error);
}

/** Lists and maps are whole when they are returned. */
function isIterator(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && 'next' in value && Symbol.iterator in value;
}

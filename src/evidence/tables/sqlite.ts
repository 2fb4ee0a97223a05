import { open, readFile, stat } from 'node:fs/promises';
import Database from 'better-sqlite3';
import { TrustsieveError } from '../../errors.ts';
import { errorText } from '../../text/error-text.ts';
import { oneLine } from '../../text/hidden-characters.ts';
import { MAX_HELD, type RandomAccess } from '../open.ts';
import { SourceDamage } from '../source.ts';
import { sqliteRefusal } from './sqlite-node.ts';
import { cellText, MAX_VALUE, quoteName, type Table, type TableRow } from './table.ts';

/** Rows handed out at a time, and about how many characters. */
const BATCH = 500;
const BATCH_LENGTH = 4 * 1024 * 1024;
/** Fewest bytes that a row takes, its place in the page included; a byte can stand for a number of several digits. */
const SMALLEST_ROW = 4;
const MOST_CHARACTERS = 4;
/** Where the header says how the database is written (https://sqlite.org/fileformat2.html#file_format_version_numbers). */
const WRITE_VERSION = 18;
const WAL = 2;

/**
 * Opens the first of the named tables that an SQLite database has. The database is not changed, and nothing is
 * written beside it.
 *
 * @throws SourceDamage when it cannot be read or has no such table
 * @throws TrustsieveError `platform-unsupported`
 */
export async function openSqlite(access: RandomAccess, names: readonly string[]): Promise<Table> {
  const refusal = sqliteRefusal();
  if (refusal !== null) throw new TrustsieveError('platform-unsupported', refusal);
  let database: Database.Database | null = null;
  try {
    database = await openDatabase(access);
    database.pragma('trusted_schema = off');
    const name = names.find((candidate) => isPlainTable(database as Database.Database, candidate));
    if (name === undefined) {
      const wanted = names.map((candidate) => `\`${candidate}\``).join(' or ');
      throw new SourceDamage(
        'format-unknown',
        `is an SQLite database without a table ${wanted}; sync that table`,
      );
    }
    return new SqliteTable(database, name, access);
  } catch (error) {
    database?.close();
    throw error instanceof SourceDamage ? error : damaged(error);
  }
}

class SqliteTable implements Table {
  readonly columns: readonly string[];
  private readonly database: Database.Database;
  private readonly name: string;
  private readonly access: RandomAccess;
  /** Size of the database. */
  private readonly bytes: number;

  constructor(database: Database.Database, name: string, access: RandomAccess) {
    this.database = database;
    this.name = name;
    this.access = access;
    const page = (what: string) => Number(database.pragma(what, { simple: true }));
    this.bytes = page('page_count') * page('page_size');
    // Generated columns would be computed by expressions from the file.
    this.columns = database
      .prepare<[string], string>('SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0')
      .pluck()
      .all(name);
  }

  async *rows(wanted: readonly number[]): AsyncGenerator<readonly TableRow[], void> {
    const values = wanted.map((index) => {
      const column = quoteName(this.columns[index] as string);
      return `CASE WHEN octet_length(${column}) > ${MAX_VALUE} THEN zeroblob(1) ELSE ${column} END`;
    });
    let batch: TableRow[] = [];
    let length = 0;
    let number = 0;
    let characters = 0;
    const { bytes } = this;
    try {
      const query = this.database.prepare(
        `SELECT ${['1', ...values].join(', ')} FROM ${quoteName(this.name)}`,
      );
      for (const [, ...cells] of query.safeIntegers().raw().iterate() as Iterable<unknown[]>) {
        number++;
        const row = tableRow(number, cells);
        batch.push(row);
        for (const cell of row.cells) {
          length += cell?.length ?? 0;
          characters += cell?.length ?? 0;
        }
        // Pages that stand at many places of a tree would show what is in them for ever.
        if (number > bytes / SMALLEST_ROW || characters > bytes * MOST_CHARACTERS)
          throw new Error('it shows more rows than its bytes can hold');
        if (batch.length < BATCH && length < BATCH_LENGTH) continue;
        yield batch;
        batch = [];
        length = 0;
      }
    } catch (error) {
      if (batch.length > 0) yield batch;
      throw damaged(error);
    }
    if (batch.length > 0) yield batch;
    this.checkPages();
    if (await holdsMore(this.access, bytes)) {
      const message = `more follows the ${bytes} bytes of the SQLite database, and was not read; save each by itself`;
      throw new SourceDamage('table-damaged', message);
    }
  }

  async close(): Promise<void> {
    this.database.close();
  }

  /**
   * Pages carry no checksum: one that counts fewer rows than it holds reads as sound. SQLite adds up what stands in each.
   * What the file would have computed meanwhile is left out: a table that computes columns is not checked.
   *
   * @throws SourceDamage
   */
  private checkPages(): void {
    const computed = 'SELECT count(*) FROM pragma_table_xinfo(?) WHERE hidden <> 0';
    if (this.database.prepare(computed).pluck().get(this.name) !== 0) return;
    this.database.pragma('ignore_check_constraints = on');
    const said = this.database.pragma(`quick_check(${quoteName(this.name)})`, { simple: true });
    if (said !== 'ok') throw damaged(new Error(String(said)));
  }
}

async function openDatabase(access: RandomAccess): Promise<Database.Database> {
  if ('bytes' in access) return openBytes(Buffer.from(access.bytes));
  const { file } = access;
  const { size } = await stat(file);
  const head = await readHead(file);
  if (head[WRITE_VERSION] !== WAL) return new Database(file, { readonly: true, fileMustExist: true });
  // SQLite would write beside a database in this mode even to read it.
  const log = await stat(`${file}-wal`).catch(() => null);
  if (log !== null && log.size > 0) {
    const message =
      'is an SQLite database whose newest changes lie in the `-wal` file; close it, or run `PRAGMA wal_checkpoint(TRUNCATE)`';
    throw new SourceDamage('table-damaged', message);
  }
  if (size > MAX_HELD) {
    const held = MAX_HELD / 1024 / 1024;
    const message = `is an SQLite database in WAL mode of more than ${held} MiB; run \`PRAGMA journal_mode = DELETE\` on a copy`;
    throw new SourceDamage('random-access-needed', message);
  }
  return openBytes(await readFile(file));
}

function openBytes(bytes: Buffer): Database.Database {
  // In memory there is no other mode; the pages are the same.
  if (bytes[WRITE_VERSION] === WAL) bytes.fill(1, WRITE_VERSION, WRITE_VERSION + 2);
  return new Database(bytes, { readonly: true });
}

/** True where other bytes than zeros, with which some programs make room for more, stand behind the database. */
async function holdsMore(access: RandomAccess, end: number): Promise<boolean> {
  if ('bytes' in access) return access.bytes.subarray(end).some((byte) => byte !== 0);
  const handle = await open(access.file, 'r');
  try {
    const piece = new Uint8Array(64 * 1024);
    for (let at = end; ; ) {
      const { bytesRead } = await handle.read(piece, 0, piece.length, at);
      if (bytesRead === 0) return false;
      if (piece.subarray(0, bytesRead).some((byte) => byte !== 0)) return true;
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
}

async function readHead(file: string): Promise<Uint8Array> {
  const handle = await open(file, 'r');
  try {
    const head = new Uint8Array(100);
    await handle.read(head, 0, head.length, 0);
    return head;
  } finally {
    await handle.close();
  }
}

/** True for a table that holds its own rows: a view or virtual table would run what the file says. */
function isPlainTable(database: Database.Database, name: string): boolean {
  const find = database.prepare<[string], string>(
    "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?",
  );
  const sql = find.pluck().get(name);
  return sql !== undefined && !/^\s*CREATE\s+VIRTUAL/i.test(sql);
}

/** Values that were too long were replaced by a byte that no table of a scanner holds. */
function tableRow(number: number, values: readonly unknown[]): TableRow {
  const isTooLong = (value: unknown) => Buffer.isBuffer(value) && value.length === 1 && value[0] === 0;
  const cells = values.map((value) =>
    isTooLong(value) ? null : Buffer.isBuffer(value) ? value.toString('utf8') : cellText(value),
  );
  return { offset: 0, number, cells, ...(values.some(isTooLong) ? { tooLarge: true } : {}) };
}

function damaged(error: unknown): SourceDamage {
  const reason = errorText(error);
  const clean = oneLine(reason.slice(0, 200));
  return new SourceDamage(
    'table-damaged',
    `the SQLite database is cut or damaged: ${clean}; transfer it again`,
  );
}

import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { errorText } from '../../text/error-text.ts';
import { oneLine } from '../../text/hidden-characters.ts';
import type { RandomAccess } from '../open.ts';
import { SourceDamage } from '../source.ts';
import { cellText, MAX_VALUE, quoteName, type Table, type TableRow } from './table.ts';

/**
 * A file is read, and nothing else: no other file, no network, no extension that would have to be fetched, and nothing
 * is written beside it.
 */
const CONFIGURATION = {
  access_mode: 'READ_ONLY',
  threads: '1',
  memory_limit: '128MB',
  temp_directory: '',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
};

/**
 * Opens the first of the named tables that a DuckDB database has, by means of the package `@duckdb/node-api`, which is
 * 70 MB and therefore not brought along.
 *
 * @throws SourceDamage when it cannot be read, has no such table, or the package is not installed
 */
export async function openDuckdb(access: RandomAccess, names: readonly string[]): Promise<Table> {
  if (!('file' in access)) {
    throw new SourceDamage(
      'random-access-needed',
      'is a DuckDB database that is not a file of its own; unpack it to a disk',
    );
  }
  const duckdb = await import('@duckdb/node-api').catch(() => null);
  if (duckdb === null) {
    const message =
      'is a DuckDB database, for which a package is missing; run `npm install @duckdb/node-api` where this program is installed, or export the table as Parquet';
    throw new SourceDamage('package-missing', message);
  }
  let instance: DuckDBInstance | null = null;
  try {
    instance = await duckdb.DuckDBInstance.create(access.file, CONFIGURATION);
    const connection = await instance.connect();
    await connection.run('SET enable_external_access = false');
    const name = await findTable(connection, names);
    if (name === null) {
      const wanted = names.map((candidate) => `\`${candidate}\``).join(' or ');
      throw new SourceDamage(
        'format-unknown',
        `is a DuckDB database without a table ${wanted}; sync that table`,
      );
    }
    return await DuckdbTable.open(instance, connection, name);
  } catch (error) {
    instance?.closeSync();
    throw error instanceof SourceDamage ? error : damaged(error);
  }
}

class DuckdbTable implements Table {
  readonly columns: readonly string[];
  private readonly instance: DuckDBInstance;
  private readonly connection: DuckDBConnection;
  /** With its schema, quoted. */
  private readonly name: string;

  private constructor(
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    name: string,
    columns: readonly string[],
  ) {
    this.instance = instance;
    this.connection = connection;
    this.name = name;
    this.columns = columns;
  }

  static async open(
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    name: string,
  ): Promise<DuckdbTable> {
    const reader = await connection.runAndReadAll(`SELECT * FROM ${name} LIMIT 0`);
    return new DuckdbTable(instance, connection, name, reader.columnNames());
  }

  async *rows(wanted: readonly number[]): AsyncGenerator<readonly TableRow[], void> {
    const texts = wanted.map((index) => `CAST(${quoteName(this.columns[index] as string)} AS VARCHAR)`);
    const tooLong = texts.map((text) => `coalesce(strlen(${text}) > ${MAX_VALUE}, false)`);
    const values = texts.map((text, index) => `CASE WHEN ${tooLong[index]} THEN NULL ELSE ${text} END`);
    let number = 0;
    try {
      const result = await this.connection.stream(
        `SELECT ${[['false', ...tooLong].join(' OR '), ...values].join(', ')} FROM ${this.name}`,
      );
      for (let chunk = await result.fetchChunk(); chunk !== null; chunk = await result.fetchChunk()) {
        if (chunk.rowCount === 0) return;
        const first = number + 1;
        number += chunk.rowCount;
        yield chunk.getRows().map(([tooLarge, ...cells], index) => ({
          offset: 0,
          number: first + index,
          cells: cells.map(cellText),
          ...(tooLarge === true ? { tooLarge } : {}),
        }));
      }
    } catch (error) {
      throw damaged(error);
    }
  }

  async close(): Promise<void> {
    this.connection.closeSync();
    this.instance.closeSync();
  }
}

/** A table that holds its own rows, not a view. */
async function findTable(connection: DuckDBConnection, names: readonly string[]): Promise<string | null> {
  const list = names.map((name) => `'${name.replaceAll("'", "''")}'`).join(', ');
  const query = `SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal AND table_name IN (${list}) ORDER BY ALL`;
  const rows = (await connection.runAndReadAll(query)).getRows();
  const found = names.flatMap((name) => rows.filter(([, table]) => table === name))[0];
  return found === undefined ? null : `${quoteName(String(found[0]))}.${quoteName(String(found[1]))}`;
}

function damaged(error: unknown): SourceDamage {
  const reason = errorText(error);
  const clean = oneLine(reason.slice(0, 200));
  return new SourceDamage(
    'table-damaged',
    `the DuckDB database is cut, damaged or of another version: ${clean}`,
  );
}

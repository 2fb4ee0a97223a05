/** A table inside a file that is read in any order: a Parquet file, or a table of a database. */
export interface Table {
  readonly columns: readonly string[];
  /**
   * The rows in the file's order, some at a time.
   *
   * @param wanted indices of the columns to read
   * @throws SourceDamage `table-damaged` or `table-too-large`
   */
  rows(wanted: readonly number[]): AsyncGenerator<readonly TableRow[], void>;
  close(): Promise<void>;
}

export interface TableRow {
  /** Of the bytes that hold the row, as near as the format tells: its row group in Parquet, 0 in a database. */
  readonly offset: number;
  /** From 1. */
  readonly number: number;
  /** In the order of the wanted columns; JSON and all else as text, null for no value. */
  readonly cells: readonly (string | null)[];
  /** Set when one of the wanted values is longer than MAX_VALUE; it is null then. */
  readonly tooLarge?: true;
}

/** Longest value of a database, in bytes: one may hold the list of all roles of an account. */
export const MAX_VALUE = 32 * 1024 * 1024;

/** Writes a value of a table as text. */
export function cellText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && !(value instanceof Date)) {
    return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner));
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  return String(value);
}

/** SQL: the name of a table or column, whatever characters it has. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

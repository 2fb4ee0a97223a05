import type { Database, Statement } from 'better-sqlite3';

export type SqlValue = string | number | null;

/** Rows in one statement, most first: each statement costs as much as several rows. */
const SIZES = [64, 16, 4, 1] as const;

/** What became of the rows of one statement. */
export interface Inserted {
  /** The rowid of the last row that was added. Where all were, those of the others stand directly before it. */
  readonly last: number;
  readonly added: number;
}

/** Inserts rows of one table many at a time. */
export class BulkInsert {
  private readonly db: Database;
  private readonly into: string;
  private readonly row: string;
  private readonly columns: number;
  private readonly clause: string;
  private readonly statements = new Map<number, Statement<[SqlValue[]]>>();

  /**
   * @param into table and columns, as they stand behind INTO
   * @param columns how many columns these are
   * @param clause what stands behind the rows
   */
  constructor(db: Database, into: string, columns: number, clause = '') {
    this.db = db;
    this.into = into;
    this.clause = clause;
    this.row = `(${Array(columns).fill('?').join(', ')})`;
    this.columns = columns;
  }

  /** Inserts all rows in their order; `values` are those of the rows, one row after the other. Returns the rowid of the last. */
  run(values: readonly SqlValue[]): number {
    let last = 0;
    for (let from = 0; from < values.length; ) {
      const rows = sizeOf((values.length - from) / this.columns);
      const end = from + rows * this.columns;
      last = this.runOnce(from === 0 && end === values.length ? values : values.slice(from, end)).last;
      from = end;
    }
    return last;
  }

  /** Inserts rows with one statement; it is kept, so that there should be few different numbers of rows. */
  runOnce(values: readonly SqlValue[]): Inserted {
    const rows = values.length / this.columns;
    let statement = this.statements.get(rows);
    if (statement === undefined) {
      statement = this.db.prepare<[SqlValue[]]>(
        `INSERT OR FAIL INTO ${this.into} VALUES ${Array(rows).fill(this.row).join(', ')} ${this.clause}`,
      );
      this.statements.set(rows, statement);
    }
    const { lastInsertRowid, changes } = statement.run(values as SqlValue[]);
    return { last: Number(lastInsertRowid), added: changes };
  }
}

function sizeOf(rows: number): number {
  return SIZES.find((size) => size <= rows) ?? 1;
}

import type { Database, Statement } from 'better-sqlite3';

export type SqlValue = string | number | null;

/** Rows in one statement: each statement costs as much as several rows. */
const AT_ONCE = 32;

/** Inserts rows of one table many at a time. */
export class BulkInsert {
  private readonly many: Statement<[SqlValue[]]>;
  private readonly one: Statement<[SqlValue[]]>;

  /** @param into table and columns, as they stand behind INSERT INTO */
  constructor(db: Database, into: string, columns: number) {
    const row = `(${Array(columns).fill('?').join(', ')})`;
    this.one = db.prepare<[SqlValue[]]>(`INSERT INTO ${into} VALUES ${row}`);
    this.many = db.prepare<[SqlValue[]]>(`INSERT INTO ${into} VALUES ${Array(AT_ONCE).fill(row).join(', ')}`);
  }

  /** Inserts the rows in their order. Returns the rowid of the last; in a table with rowids those of the others stand directly before it. */
  run(rows: readonly (readonly SqlValue[])[]): number {
    let last = 0;
    let from = 0;
    for (; rows.length - from >= AT_ONCE; from += AT_ONCE) {
      last = Number(this.many.run(rows.slice(from, from + AT_ONCE).flat()).lastInsertRowid);
    }
    for (; from < rows.length; from++)
      last = Number(this.one.run([...(rows[from] as readonly SqlValue[])]).lastInsertRowid);
    return last;
  }
}

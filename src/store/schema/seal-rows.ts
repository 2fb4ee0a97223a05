import type { Database, Statement } from 'better-sqlite3';
import { quietly } from './quiet-changes.ts';

/** What a writer left behind when it had written its last: see `SEAL_V9`. */
export interface Seal {
  readonly pages: number;
  readonly crc32: number;
  /** The file's change counter, in which every SQLite program counts what it writes. */
  readonly changes: number;
  /** See `scansIn`. */
  readonly scans: string;
}

type SealRow = { readonly [Column in keyof Seal]: Seal[Column] | null };

/** The tables of the seal, in pages of their own. */
export const SEAL_TABLES = ['seal', 'seal_copy'] as const;

const breaking = new WeakMap<Database, readonly Statement[]>();

/**
 * To be called first in every transaction that changes the store, which is then no longer what was sealed. `writing` does;
 * transactions made for many calls do it themselves.
 */
export function breakSeal(db: Database): void {
  let statements = breaking.get(db);
  if (statements === undefined) {
    statements = SEAL_TABLES.map((table) =>
      db.prepare(
        `UPDATE ${table} SET pages = NULL, crc32 = NULL, changes = NULL, scans = NULL WHERE pages IS NOT NULL`,
      ),
    );
    breaking.set(db, statements);
  }
  const each = statements;
  quietly(db, () => {
    for (const statement of each) statement.run();
  });
}

/** A transaction that changes the store. */
export function writing<T>(db: Database, work: () => T): T {
  return db
    .transaction((): T => {
      breakSeal(db);
      return work();
    })
    .immediate();
}

export function writeSeal(db: Database, { pages, crc32, changes, scans }: Seal): void {
  quietly(db, () => {
    for (const table of SEAL_TABLES) {
      db.prepare(`UPDATE ${table} SET pages = ?, crc32 = ?, changes = ?, scans = ? WHERE id = 1`).run(
        pages,
        crc32,
        changes,
        scans,
      );
    }
  });
}

/** Null: the store is not sealed. `damaged`: the rows are none that a writer leaves. */
export function readSeal(db: Database): Seal | 'damaged' | null {
  const [row, copy] = SEAL_TABLES.map((table) =>
    db.prepare<[], SealRow>(`SELECT pages, crc32, changes, scans FROM ${table} WHERE id = 1`).get(),
  );
  if (row === undefined || JSON.stringify(row) !== JSON.stringify(copy)) return 'damaged';
  const { pages, crc32, changes, scans } = row;
  if (pages !== null && crc32 !== null && changes !== null && scans !== null)
    return { pages, crc32, changes, scans };
  return Object.values(row).every((one) => one === null) ? null : 'damaged';
}

import type { Database, Statement } from 'better-sqlite3';

/**
 * What takes away that accounts are settled: to be run, in the same transaction, with whatever may change what stands, so that
 * no view shows what was worked out of something else.
 */
export function unsettling(db: Database): Statement<[]> {
  return db.prepare<[]>('DELETE FROM settled_account');
}

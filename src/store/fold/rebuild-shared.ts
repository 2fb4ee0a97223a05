import type { Database } from 'better-sqlite3';
import { openPolicies } from '../write/policies.ts';
import { Fold } from './fold.ts';

/**
 * Builds anew the accounts and ledgers of which several files show one moment: what these say together depends on the rules
 * of the program that read them. Within a transaction of the caller.
 */
export function rebuildShared(db: Database): void {
  const accounts = db
    .prepare<[], string>(
      `SELECT DISTINCT account_id FROM (
         SELECT account_id FROM capture_source GROUP BY account_id, captured_at HAVING count(*) > 1)`,
    )
    .pluck()
    .all();
  if (accounts.length === 0) return;
  const fold = new Fold(db, { policies: openPolicies(db) });
  for (const account of accounts) fold.rebuild(account);
}

import type { Database } from 'better-sqlite3';

/** Makes sure that an account, or a ledger, has the row that others refer to. */
export function openAccounts(db: Database): (account: string) => void {
  const add = db.prepare('INSERT OR IGNORE INTO account (id) VALUES (?)');
  return (account) => {
    add.run(account);
  };
}

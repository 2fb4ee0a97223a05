import type { Database } from 'better-sqlite3';

/**
 * Takes away that accounts are settled: in the same transaction as whatever may change what the views say of them, so that
 * no view shows what was worked out of something else. What is said of an account hangs on
 *
 * - its captures, observations, disagreements and role details, those of its ledgers, and the verdicts on its policies for
 *   it: `account`;
 * - texts of managed policies, its own by `account`, those of AWS by `all`;
 * - verdicts that hold for every account, evidence of organisations, lists of accounts, the program, the rules and exceptions
 *   of the last run: `all`.
 */
export interface Unsettling {
  /** One account, or that of a ledger. */
  account(id: string): void;
  all(): void;
}

export function unsettling(db: Database): Unsettling {
  const one = db.prepare<[string]>('DELETE FROM settled_account WHERE account_id = substr(?, 1, 12)');
  const all = db.prepare<[]>('DELETE FROM settled_account');
  return {
    account(id) {
      one.run(id);
    },
    all() {
      all.run();
    },
  };
}

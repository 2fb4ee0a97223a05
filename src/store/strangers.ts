import type { Database } from 'better-sqlite3';

/**
 * The first of the accounts that nothing in the store names: no evidence, no account list, no trust policy. Null when
 * all are known. Reads every policy once for each account it has to try.
 */
export function unknownAccount(db: Database, accounts: readonly string[]): string | null {
  const known = db
    .prepare<[{ account: string }], number>(
      `SELECT EXISTS (SELECT 1 FROM account WHERE id = $account OR id LIKE $account || '/%')
         OR EXISTS (SELECT 1 FROM policy WHERE instr(document, $account) > 0)`,
    )
    .pluck();
  return accounts.find((account) => known.get({ account }) === 0) ?? null;
}

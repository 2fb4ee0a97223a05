import type { Database } from 'better-sqlite3';

/**
 * The ARNs of an account, or of a ledger, on which files of one moment can disagree at all: those that a disagreement is
 * stored of, and those that were seen with several role ids, or with one and without.
 */
export function disputableArns(db: Database, account: string): ReadonlySet<string> {
  const arns = db
    .prepare<[{ account: string }], string>(
      `SELECT arn FROM role WHERE account_id = $account GROUP BY arn HAVING count(*) > 1
       UNION ALL
       SELECT arn FROM role WHERE account_id = $account
         AND id IN (SELECT role FROM disagreement WHERE account_id = $account)`,
    )
    .pluck();
  return new Set(arns.iterate({ account }));
}

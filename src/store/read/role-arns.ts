import type { Database } from 'better-sqlite3';
import { isLedgerId } from '../../model/ledger.ts';

/**
 * The ARNs of all roles that were ever seen, each once; by account, then ARN. Streamed.
 *
 * @param name of the roles; null: of any
 */
export function* roleArns(db: Database, name: string | null): Iterable<string> {
  const rows = db
    .prepare<[{ end: string }], [account: string, arn: string]>(
      `SELECT account_id, arn FROM role WHERE $end = '' OR substr(arn, -length($end)) = $end ORDER BY account_id, arn`,
    )
    .raw();
  let last = '';
  for (const [account, arn] of rows.iterate({ end: name === null ? '' : `/${name}` })) {
    if (arn === last || isLedgerId(account)) continue;
    last = arn;
    yield arn;
  }
}

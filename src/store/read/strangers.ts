import type { Database } from 'better-sqlite3';

/** What counts as named in the past. */
export interface NamedThen {
  /** Column time; evidence that is later names nothing. */
  readonly until: string;
  /** Accounts that lists of accounts had named. */
  readonly listed: ReadonlySet<string>;
}

/**
 * The first of the accounts that nothing in the store names: no evidence, no account list, no trust policy. Null when
 * all are known. Reads every policy once for each account it has to try.
 */
export function unknownAccount(
  db: Database,
  accounts: readonly string[],
  then: NamedThen | null,
): string | null {
  const [table, isThen] = then === null ? ['account', '1'] : ['capture', 'captured_at <= $until'];
  const id = then === null ? 'id' : 'account_id';
  const known = db
    .prepare<[Record<string, string | null>], number>(
      `SELECT EXISTS (SELECT 1 FROM ${table} WHERE (${id} = $account OR ${id} LIKE $account || '/%') AND ${isThen})
         OR EXISTS (SELECT 1 FROM organization_fact f WHERE f.captured_at <= coalesce($until, f.captured_at)
           AND (instr(f.key, $account) > 0 OR instr(f.value, $account) > 0))
         OR EXISTS (SELECT 1 FROM policy p WHERE instr(p.document, $account) > 0 AND (
           EXISTS (SELECT 1 FROM observation o WHERE o.policy = p.id AND o.first_seen <= coalesce($until, o.first_seen))
           OR EXISTS (SELECT 1 FROM disagreement d WHERE d.policy = p.id AND d.captured_at <= coalesce($until, d.captured_at))))`,
    )
    .pluck();
  const until = then?.until ?? null;
  return (
    accounts.find((account) => then?.listed.has(account) !== true && known.get({ account, until }) === 0) ??
    null
  );
}

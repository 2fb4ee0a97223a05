import type { Database } from 'better-sqlite3';
import { externalIdsOf } from '../../iam/external-ids.ts';

/**
 * External IDs that are not one per customer: named by roles of several owning accounts, or for several external
 * accounts. AWS wants a third party to generate one for each customer
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user_externalid.html).
 *
 * @param until column time; what was seen only later does not count; null for all
 * @param seenIn the policies that observations of an account or a ledger show by then
 */
export function sharedExternalIds(
  db: Database,
  until: string | null,
  seenIn: (account: string) => Iterable<{ readonly policy: number }>,
): ReadonlySet<string> {
  const uses = new Map<string, Use>();
  const byPolicy = new Map<number, readonly { readonly use: Use; readonly accounts: readonly string[] }[]>();
  const policies = db.prepare<[], { id: number; document: string }>(
    `SELECT id, document FROM policy WHERE document LIKE '%sts:ExternalId%'`,
  );
  for (const { id, document } of policies.iterate()) {
    const own = externalIdsOf(document).map(({ value, accounts }) => {
      const use = uses.get(value) ?? { owners: new Set(), external: new Set() };
      uses.set(value, use);
      return { use, accounts: [...accounts] };
    });
    if (own.length > 0) byPolicy.set(id, own);
  }
  if (byPolicy.size > 0) {
    for (const { policy, account } of pairsOf(db, until, seenIn)) {
      for (const { use, accounts } of byPolicy.get(policy) ?? []) {
        if (use.owners.size < 2) use.owners.add(account);
        for (const one of accounts) use.external.add(one);
      }
    }
  }
  const shared = new Set<string>();
  for (const [value, use] of uses) if (use.owners.size > 1 || use.external.size > 1) shared.add(value);
  return shared;
}

interface Pair {
  readonly policy: number;
  readonly account: string;
}

/** Which account has a role with which policy; some come twice. */
function* pairsOf(
  db: Database,
  until: string | null,
  seenIn: (account: string) => Iterable<{ readonly policy: number }>,
): Iterable<Pair> {
  const accounts = db.prepare<[], string>('SELECT DISTINCT account_id FROM capture').pluck().all();
  for (const account of accounts) for (const { policy } of seenIn(account)) yield { policy, account };
  yield* db
    .prepare<[Record<string, string | null>], Pair>(
      `SELECT DISTINCT policy, account_id AS account FROM disagreement
       WHERE captured_at <= coalesce($until, captured_at)`,
    )
    .iterate({ until });
}

interface Use {
  readonly owners: Set<string>;
  readonly external: Set<string>;
}

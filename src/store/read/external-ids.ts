import type { Database } from 'better-sqlite3';
import { externalIdsOf } from '../../iam/external-ids.ts';

/**
 * External IDs that are not one per customer: named by roles of several owning accounts, or for several external
 * accounts. AWS wants a third party to generate one for each customer
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user_externalid.html).
 *
 * @param until column time; what was seen only later does not count; null for all
 */
export function sharedExternalIds(db: Database, until: string | null): ReadonlySet<string> {
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
    const pairs = db.prepare<[Record<string, string | null>], { policy: number; account: string }>(
      `SELECT DISTINCT o.policy, r.account_id AS account FROM role r CROSS JOIN observation o ON o.role = r.id
       WHERE o.policy IN (SELECT value FROM json_each($policies)) AND o.first_seen <= coalesce($until, o.first_seen)
       UNION
       SELECT policy, account_id FROM disagreement
       WHERE policy IN (SELECT value FROM json_each($policies)) AND captured_at <= coalesce($until, captured_at)`,
    );
    for (const { policy, account } of pairs.iterate({
      policies: JSON.stringify([...byPolicy.keys()]),
      until,
    })) {
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

interface Use {
  readonly owners: Set<string>;
  readonly external: Set<string>;
}

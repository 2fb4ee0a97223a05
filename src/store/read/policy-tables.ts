import type { Database } from 'better-sqlite3';
import type { InlinePolicy } from '../../model/role-detail.ts';
import type { TableOfPolicies } from '../../model/role-detail-text.ts';
import { BoundedMap } from '../../text/bounded-map.ts';
import { openStoreState } from '../schema/quiet-changes.ts';

/** Moments. */
const REMEMBERED = 1024;
const ATTACHED = 0;
const INLINE = 1;

/** What tables of policies of one moment show of a role; null where there are none. */
export interface PolicyTables {
  /** @param at column time of the moment itself */
  attached(account: string, role: number, at: string): TableOfPolicies<string> | null;
  inline(account: string, role: number, at: string): TableOfPolicies<InlinePolicy> | null;
}

interface PolicyRow {
  readonly policy: string;
  readonly document: string | null;
}

export function openPolicyTables(db: Database): PolicyTables {
  const own = db.prepare<[{ account: string; at: string; kind: number }], number>(
    `SELECT min(whole) FROM role_policy_source WHERE captured_at = $at AND kind = $kind AND account_id = $account
     HAVING count(*) > 0`,
  );
  // Whatever accounts the files with such tables of the moment show: what one of them lost may be of any account.
  const all = db.prepare<[string, number], number>(
    `SELECT min(s.whole AND e.status = 'complete')
     FROM role_policy_source s JOIN evidence e ON e.id = s.evidence_id WHERE s.captured_at = ? AND s.kind = ?`,
  );
  for (const query of [own, all]) query.pluck();
  const state = openStoreState(db);
  const known = new BoundedMap<string, boolean>(REMEMBERED);
  const isWhole = (at: string, kind: number): boolean => {
    const key = `${state()} ${kind} ${at}`;
    let whole = known.get(key);
    if (whole === undefined) {
      whole = all.get(at, kind) === 1;
      known.set(key, whole);
    }
    return whole;
  };
  const policies = db.prepare<[{ account: string; role: number; at: string; kind: number }], PolicyRow>(
    `SELECT f.policy, d.document FROM role r JOIN policy_holder h ON h.arn = r.arn
     JOIN role_policy_seen f ON f.holder = h.id AND f.captured_at = $at AND f.kind = $kind
     LEFT JOIN managed_policy_document d ON d.id = f.document
     WHERE r.account_id = $account AND r.id = $role ORDER BY f.policy, d.document`,
  );
  const rowsOf = (
    account: string,
    role: number,
    at: string,
    kind: number,
  ): TableOfPolicies<PolicyRow> | null => {
    const whole = own.get({ account, at, kind });
    if (whole === undefined) return null;
    return { policies: policies.all({ account, role, at, kind }), whole: whole === 1 && isWhole(at, kind) };
  };
  return {
    attached(account, role, at) {
      const table = rowsOf(account, role, at, ATTACHED);
      return table === null ? null : { ...table, policies: table.policies.map(({ policy }) => policy) };
    },
    inline(account, role, at) {
      const table = rowsOf(account, role, at, INLINE);
      if (table === null) return null;
      return { ...table, policies: table.policies.map(({ policy: name, document }) => ({ name, document })) };
    },
  };
}

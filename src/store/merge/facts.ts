import type { Database } from 'better-sqlite3';
import { type Renumbered, renumbered, renumberedOr0 } from './names.ts';
import { COUNTS } from './plan.ts';

/** How one store's numbers are said in the merged one. */
export interface Names {
  readonly policies: Renumbered;
  readonly roles: Renumbered;
  readonly details: Renumbered;
  readonly managed: Renumbered;
  readonly documents: Renumbered;
  readonly holders: Renumbered;
}

/** Adds what the files of the attached store say, but for the roles that they show; see sightings.ts. */
export function addFacts(db: Database, store: number, names: Names): void {
  const evidence = (table: string): string =>
    `FROM s.${table} t JOIN m_evidence e ON e.store = ${store} AND e.old = t.evidence_id AND e.roles = 1`;
  const columns = `path, sha256, bytes, format, account, captured_at, captured_from, records_read, records_accepted, records_superseded,
    records_duplicate, records_rejected, status, problems, problem_codes, whole`;
  db.exec(`
    INSERT INTO main.evidence (id, ${columns})
    SELECT e.new, ${columns.replaceAll(/\w+/g, 't.$&')} FROM m_evidence e JOIN s.evidence t ON t.id = e.old
    WHERE e.store = ${store} AND e.roles = 1 ORDER BY e.new;

    INSERT OR IGNORE INTO main.run_evidence
    SELECT r.new, e.new FROM s.run_evidence t JOIN m_run r ON r.store = ${store} AND r.old = t.run_id
    JOIN m_evidence e ON e.store = ${store} AND e.old = t.evidence_id;

    INSERT INTO main.reject SELECT e.new, t.ordinal, t.offset, t.pointer, t.code, t.message ${evidence('reject')};

    INSERT INTO main.organization_fact
    SELECT e.new, t.organization, t.kind, t.key, t.captured_at, t.value ${evidence('organization_fact')};

    INSERT OR IGNORE INTO main.role_detail_seen
    SELECT e.new, ${renumbered('t.role', names.roles)}, t.captured_at, ${renumberedOr0('t.detail', names.details)}, t.last_used
    ${evidence('role_detail_seen')};

    INSERT OR IGNORE INTO main.managed_policy_seen
    SELECT ${renumbered('t.policy', names.managed)}, t.captured_at, e.new, ${renumberedOr0('t.document', names.documents)}
    ${evidence('managed_policy_seen')};

    INSERT OR IGNORE INTO main.role_policy_seen
    SELECT ${renumbered('t.holder', names.holders)}, t.captured_at, t.kind, t.policy, e.new, ${renumberedOr0('t.document', names.documents)}
    ${evidence('role_policy_seen')};

    INSERT INTO main.role_policy_source SELECT t.captured_at, t.kind, t.account_id, e.new, t.whole ${evidence('role_policy_source')};

    INSERT INTO main.capture_source (account_id, captured_at, evidence_id, complete, reason, covered)
    SELECT c.account_id, c.captured_at, e.new, c.complete, c.reason, c.covered
    FROM s.capture_source c JOIN m_evidence e ON e.store = ${store} AND e.old = c.evidence_id WHERE ${COUNTS} = 1;

    INSERT INTO main.config_item (role, version, policy, since)
    SELECT ${renumbered('role', names.roles)}, version, ${renumberedOr0('policy', names.policies)}, since FROM s.config_item
    WHERE true ON CONFLICT (role, version, policy) DO UPDATE SET since = excluded.since WHERE excluded.since < config_item.since;
  `);
}

/** Copies what the attached store worked out of accounts of which it alone tells. */
export function copyAccounts(db: Database, store: number, { roles, policies }: Names): void {
  const alone = `IN (SELECT account FROM m_account WHERE store = ${store} AND alone = 1)`;
  db.exec(`
    INSERT INTO main.capture (account_id, captured_at, complete, reason, note, gap)
    SELECT account_id, captured_at, complete, reason, note, gap FROM s.capture WHERE account_id ${alone};

    INSERT INTO main.disagreement
    SELECT account_id, captured_at, ${renumbered('role', roles)}, ${renumberedOr0('policy', policies)}
    FROM s.disagreement WHERE account_id ${alone};

    INSERT INTO main.observation (role, policy, first_seen, last_seen, complete, evidence, offset)
    SELECT ${renumbered('o.role', roles)}, ${renumbered('o.policy', policies)}, o.first_seen, o.last_seen, o.complete, e.new, o.offset
    FROM s.observation o LEFT JOIN m_evidence e ON e.store = ${store} AND e.old = o.evidence
    ${isAllAlone(db, store) ? '' : `WHERE o.role IN (SELECT id FROM s.role WHERE account_id ${alone})`}
    ORDER BY o.role, o.last_seen;
  `);
}

function isAllAlone(db: Database, store: number): boolean {
  return (
    db
      .prepare('SELECT 1 FROM m_account WHERE store = ? AND alone = 0 AND (held > 0 OR items = 1) LIMIT 1')
      .get(store) === undefined
  );
}

import Database from 'better-sqlite3';

const QUERIES = {
  captures: 'SELECT account_id, captured_at, complete, reason, gap, note FROM capture ORDER BY 1, 2',
  policies: 'SELECT sha256, state, document, detail FROM policy ORDER BY 1',
  roles: 'SELECT account_id, arn, role_id FROM role ORDER BY 1, 2, 3',
  observations: `SELECT r.account_id, r.arn, r.role_id, coalesce(p.sha256, '') AS policy, o.first_seen, o.last_seen,
      o.complete, e.path, e.sha256, o.offset
    FROM observation o JOIN role r ON r.id = o.role LEFT JOIN policy p ON p.id = o.policy
    LEFT JOIN evidence e ON e.id = o.evidence ORDER BY 1, 2, 3, 6`,
  disagreements: `SELECT d.account_id, d.captured_at, r.arn, r.role_id, coalesce(p.sha256, '') AS policy
    FROM disagreement d JOIN role r ON r.id = d.role LEFT JOIN policy p ON p.id = d.policy ORDER BY 1, 2, 3, 4, 5`,
  covered: `SELECT s.account_id, s.captured_at, e.path, e.sha256, s.covered
    FROM capture_source s JOIN evidence e ON e.id = s.evidence_id ORDER BY 1, 2, 3, 4`,
  evidence: `SELECT path, sha256, bytes, format, account, captured_at, captured_from, records_read, records_accepted,
    records_superseded, records_duplicate, records_rejected, status, problems, problem_codes FROM evidence ORDER BY 1, 2`,
  details: `SELECT e.path, e.sha256, r.arn, r.role_id, f.captured_at, coalesce(d.detail, '') AS detail, f.last_used
    FROM role_detail_seen f JOIN evidence e ON e.id = f.evidence_id JOIN role r ON r.id = f.role
    LEFT JOIN role_detail d ON d.id = f.detail ORDER BY 1, 2, 3, 4, 5, 6, 7`,
  managedPolicies: `SELECT e.path, e.sha256, p.arn, f.captured_at, coalesce(d.document, '') AS document
    FROM managed_policy_seen f JOIN evidence e ON e.id = f.evidence_id JOIN managed_policy p ON p.id = f.policy
    LEFT JOIN managed_policy_document d ON d.id = f.document ORDER BY 1, 2, 3, 4, 5`,
  rolePolicies: `SELECT e.path, e.sha256, h.arn, f.captured_at, f.kind, f.policy, coalesce(d.document, '') AS document
    FROM role_policy_seen f JOIN evidence e ON e.id = f.evidence_id JOIN policy_holder h ON h.id = f.holder
    LEFT JOIN managed_policy_document d ON d.id = f.document ORDER BY 1, 2, 3, 4, 5, 6, 7`,
  policySources: `SELECT e.path, e.sha256, s.account_id, s.captured_at, s.kind, s.whole
    FROM role_policy_source s JOIN evidence e ON e.id = s.evidence_id ORDER BY 1, 2, 3, 4, 5`,
  organizations: `SELECT e.path, e.sha256, f.organization, f.kind, f.key, f.captured_at, f.value
    FROM organization_fact f JOIN evidence e ON e.id = f.evidence_id ORDER BY 1, 2, 3, 4, 5`,
  members: 'SELECT account_id, organization, name, status, whole FROM organization_member ORDER BY 1',
  verdicts: `SELECT p.sha256, v.rule_id, v.account, v.verdict, v.literal, v.reason, v.notes, v.message, v.witness
    FROM verdict v JOIN policy p ON p.id = v.policy_id ORDER BY 1, 2, 3`,
} as const;

export type Dump = Record<keyof typeof QUERIES, readonly unknown[]>;

/** All facts of a store in a stable order, without ids. Checks the file on the way. */
export function dumpStore(path: string): Dump {
  const db = new Database(path, { readonly: true });
  try {
    const problems = [
      ...(db.pragma('foreign_key_check') as unknown[]),
      // Ids of roles are counted up by the program, so no constraint of the database speaks for them.
      ...db.prepare('SELECT id, count(*) FROM role GROUP BY id HAVING count(*) > 1').all(),
      ...db.prepare('SELECT role FROM observation WHERE role NOT IN (SELECT id FROM role)').all(),
      ...db
        .prepare(
          'SELECT policy FROM disagreement WHERE policy <> 0 AND policy NOT IN (SELECT id FROM policy)',
        )
        .all(),
      ...db.prepare('SELECT role.id FROM role, setting WHERE role.id > last_role').all(),
      ...(db.pragma('integrity_check') as { integrity_check: string }[]).filter(
        (row) => row.integrity_check !== 'ok',
      ),
    ];
    if (problems.length > 0) throw new Error(JSON.stringify(problems));
    const dump = (query: string): readonly unknown[] => db.prepare(query).raw().all();
    return {
      captures: dump(QUERIES.captures),
      policies: dump(QUERIES.policies),
      roles: dump(QUERIES.roles),
      observations: dump(QUERIES.observations),
      disagreements: dump(QUERIES.disagreements),
      covered: dump(QUERIES.covered),
      evidence: dump(QUERIES.evidence),
      details: dump(QUERIES.details),
      managedPolicies: dump(QUERIES.managedPolicies),
      rolePolicies: dump(QUERIES.rolePolicies),
      policySources: dump(QUERIES.policySources),
      organizations: dump(QUERIES.organizations),
      members: dump(QUERIES.members),
      verdicts: dump(QUERIES.verdicts),
    };
  } finally {
    db.close();
  }
}

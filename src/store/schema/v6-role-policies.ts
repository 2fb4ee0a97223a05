/** What schema version 6 adds for tables that show the policies of roles apart from the roles. */
export const ROLE_POLICIES_V6 = `
CREATE TABLE policy_holder (
  id INTEGER PRIMARY KEY,
  arn TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE role_policy_seen (
  holder INTEGER NOT NULL,
  captured_at TEXT NOT NULL,
  kind INTEGER NOT NULL,
  policy TEXT NOT NULL,
  evidence_id INTEGER NOT NULL,
  document INTEGER NOT NULL,
  PRIMARY KEY (holder, captured_at, kind, policy, evidence_id, document)
) STRICT, WITHOUT ROWID;
CREATE INDEX role_policy_seen_evidence ON role_policy_seen (evidence_id);

CREATE TABLE role_policy_source (
  captured_at TEXT NOT NULL,
  kind INTEGER NOT NULL,
  account_id TEXT NOT NULL,
  evidence_id INTEGER NOT NULL,
  whole INTEGER NOT NULL,
  PRIMARY KEY (captured_at, kind, account_id, evidence_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX role_policy_source_evidence ON role_policy_source (evidence_id);
`;

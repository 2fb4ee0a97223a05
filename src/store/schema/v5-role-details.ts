/** What schema version 5 adds for failing roles: what evidence shows of them beside their trust policies. */
export const ROLE_DETAILS_V5 = `
CREATE TABLE role_detail (
  id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  detail TEXT NOT NULL
) STRICT;

CREATE TABLE role_detail_seen (
  evidence_id INTEGER NOT NULL,
  role INTEGER NOT NULL,
  captured_at TEXT NOT NULL,
  detail INTEGER NOT NULL,
  last_used TEXT NOT NULL,
  PRIMARY KEY (evidence_id, role, captured_at, detail, last_used)
) STRICT, WITHOUT ROWID;

CREATE TABLE managed_policy (
  id INTEGER PRIMARY KEY,
  arn TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE managed_policy_document (
  id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  document TEXT NOT NULL
) STRICT;

CREATE TABLE managed_policy_seen (
  policy INTEGER NOT NULL,
  captured_at TEXT NOT NULL,
  evidence_id INTEGER NOT NULL,
  document INTEGER NOT NULL,
  PRIMARY KEY (policy, captured_at, evidence_id, document)
) STRICT, WITHOUT ROWID;
CREATE INDEX managed_policy_seen_evidence ON managed_policy_seen (evidence_id);
`;

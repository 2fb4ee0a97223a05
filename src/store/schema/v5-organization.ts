/**
 * What schema version 5 adds for organisation evidence. `organization_member` is worked out of the facts, for the views:
 * the members as they are by all evidence.
 */
export const ORGANIZATION_V5 = `
CREATE TABLE organization_fact (
  evidence_id INTEGER NOT NULL REFERENCES evidence (id),
  organization TEXT NOT NULL,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  captured_at TEXT NOT NULL,
  value TEXT,
  PRIMARY KEY (evidence_id, organization, kind, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX organization_fact_time ON organization_fact (captured_at);

CREATE TABLE organization_member (
  account_id TEXT PRIMARY KEY,
  organization TEXT NOT NULL,
  name TEXT,
  status TEXT NOT NULL,
  whole INTEGER NOT NULL CHECK (whole IN (0, 1))
) STRICT, WITHOUT ROWID;
`;

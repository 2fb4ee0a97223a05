/**
 * The tables of schema version 1. Evidence times lack the closing `Z` (see columns.ts); docs/schema.md is the
 * contract with users and a test holds the two together.
 */
export const TABLES_V1 = `
CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  started_at TEXT NOT NULL,
  finished_at TEXT,
  as_of TEXT NOT NULL,
  tool_version TEXT NOT NULL,
  rules TEXT NOT NULL,
  options TEXT NOT NULL,
  exceptions TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('running', 'complete', 'incomplete', 'interrupted'))
) STRICT;

CREATE TABLE rule (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  severity TEXT NOT NULL CHECK (severity IN ('critical', 'high', 'medium', 'low')),
  unjudged TEXT,
  metadata TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE evidence (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  format TEXT,
  account TEXT,
  captured_at TEXT,
  captured_from TEXT,
  records_read INTEGER NOT NULL,
  records_accepted INTEGER NOT NULL,
  records_superseded INTEGER NOT NULL,
  records_duplicate INTEGER NOT NULL,
  records_rejected INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('complete', 'incomplete', 'unreadable')),
  problems TEXT NOT NULL,
  UNIQUE (path, sha256)
) STRICT;

CREATE TABLE run_evidence (
  run_id INTEGER NOT NULL REFERENCES run (id),
  evidence_id INTEGER NOT NULL REFERENCES evidence (id),
  PRIMARY KEY (run_id, evidence_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE reject (
  evidence_id INTEGER NOT NULL REFERENCES evidence (id),
  ordinal INTEGER NOT NULL,
  offset INTEGER NOT NULL,
  pointer TEXT NOT NULL,
  code TEXT NOT NULL,
  message TEXT NOT NULL,
  PRIMARY KEY (evidence_id, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE account (
  id TEXT PRIMARY KEY,
  name TEXT,
  relation TEXT CHECK (relation IN ('third-party', 'same-organisation'))
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  organisation_known INTEGER NOT NULL CHECK (organisation_known IN (0, 1)),
  last_role INTEGER NOT NULL
) STRICT;
INSERT INTO setting (id, organisation_known, last_role) VALUES (1, 0, 0);

CREATE TABLE capture (
  account_id TEXT NOT NULL REFERENCES account (id),
  captured_at TEXT NOT NULL,
  complete INTEGER NOT NULL CHECK (complete IN (0, 1)),
  reason TEXT,
  note TEXT,
  PRIMARY KEY (account_id, captured_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX capture_complete ON capture (account_id, captured_at) WHERE complete = 1;

CREATE TABLE capture_source (
  account_id TEXT NOT NULL,
  captured_at TEXT NOT NULL,
  evidence_id INTEGER NOT NULL REFERENCES evidence (id),
  complete INTEGER NOT NULL CHECK (complete IN (0, 1)),
  reason TEXT,
  PRIMARY KEY (account_id, captured_at, evidence_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX capture_source_evidence ON capture_source (evidence_id);

CREATE TABLE sighting (
  id INTEGER PRIMARY KEY,
  account_id TEXT NOT NULL,
  captured_at TEXT NOT NULL,
  evidence_id INTEGER NOT NULL,
  chunk INTEGER NOT NULL,
  data BLOB NOT NULL,
  UNIQUE (account_id, captured_at, evidence_id, chunk)
) STRICT;

CREATE TABLE policy (
  id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL CHECK (state IN ('document', 'missing', 'undecodable', 'outcomes')),
  document TEXT,
  detail TEXT
) STRICT;

CREATE TABLE role (
  account_id TEXT NOT NULL REFERENCES account (id),
  arn TEXT NOT NULL,
  role_id TEXT NOT NULL,
  id INTEGER NOT NULL,
  PRIMARY KEY (account_id, arn, role_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE observation (
  role INTEGER NOT NULL,
  policy INTEGER REFERENCES policy (id),
  first_seen TEXT NOT NULL,
  last_seen TEXT NOT NULL,
  complete INTEGER NOT NULL CHECK (complete IN (0, 1)),
  evidence INTEGER REFERENCES evidence (id),
  offset INTEGER,
  PRIMARY KEY (role, last_seen)
) STRICT, WITHOUT ROWID;

CREATE TABLE verdict (
  id INTEGER PRIMARY KEY,
  policy_id INTEGER NOT NULL REFERENCES policy (id),
  rule_id TEXT NOT NULL,
  rule_digest TEXT NOT NULL,
  account TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('pass', 'fail', 'not-applicable', 'error')),
  literal TEXT NOT NULL CHECK (literal IN ('pass', 'fail', 'not-applicable', 'error')),
  reason TEXT NOT NULL,
  notes TEXT NOT NULL,
  message TEXT NOT NULL,
  witness TEXT,
  UNIQUE (policy_id, account, rule_id)
) STRICT;

CREATE TABLE path (
  verdict_id INTEGER NOT NULL REFERENCES verdict (id),
  ordinal INTEGER NOT NULL,
  statement INTEGER NOT NULL,
  sid TEXT,
  principal TEXT NOT NULL,
  account TEXT NOT NULL,
  guards TEXT NOT NULL,
  PRIMARY KEY (verdict_id, ordinal)
) STRICT, WITHOUT ROWID;
`;

/** What schema version 3 adds to the tables. */
export const CHANGES_V3 = `
CREATE TABLE disagreement (
  account_id TEXT NOT NULL,
  captured_at TEXT NOT NULL,
  role INTEGER NOT NULL,
  policy INTEGER NOT NULL,
  PRIMARY KEY (account_id, captured_at, role, policy)
) STRICT, WITHOUT ROWID;

UPDATE capture SET gap = 0
WHERE replace(replace(replace(reason || ',', 'changes-only,', ''), 'no-iam-recorded,', ''), 'partial-inventory,', '') = '';

CREATE TABLE config_state (
  role INTEGER NOT NULL,
  version TEXT NOT NULL,
  policy INTEGER NOT NULL,
  since TEXT NOT NULL,
  PRIMARY KEY (role, version, policy)
) STRICT, WITHOUT ROWID;
INSERT INTO config_state SELECT role, version, coalesce(policy, 0), since FROM config_item;
DROP TABLE config_item;
ALTER TABLE config_state RENAME TO config_item;

CREATE TABLE account_list (
  run_id INTEGER PRIMARY KEY,
  list TEXT NOT NULL
) STRICT;
`;

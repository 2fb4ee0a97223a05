/** What schema version 2 adds to the tables. */
export const CHANGES_V2 = `
ALTER TABLE evidence ADD COLUMN problem_codes TEXT NOT NULL DEFAULT '[]';

ALTER TABLE capture ADD COLUMN gap INTEGER NOT NULL DEFAULT 0 CHECK (gap IN (0, 1));
UPDATE capture SET gap = 1
WHERE complete = 0 AND reason NOT IN ('changes-only', 'partial-inventory', 'changes-only,partial-inventory');

CREATE TABLE config_item (
  role INTEGER NOT NULL,
  version TEXT NOT NULL,
  since TEXT NOT NULL,
  policy INTEGER,
  PRIMARY KEY (role, version)
) WITHOUT ROWID;
`;

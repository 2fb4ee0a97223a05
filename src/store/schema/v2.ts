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

ALTER TABLE evidence ADD COLUMN whole INTEGER NOT NULL DEFAULT 1 CHECK (whole IN (0, 1));
UPDATE evidence SET whole = 0
WHERE records_rejected > 0 OR status = 'unreadable' OR (status = 'incomplete' AND NOT EXISTS (
  SELECT 1 FROM capture_source s WHERE s.evidence_id = evidence.id AND s.reason = 'no-iam-recorded'
));
CREATE INDEX evidence_not_whole ON evidence (path) WHERE whole = 0;
CREATE INDEX run_evidence_evidence ON run_evidence (evidence_id, run_id);
ALTER TABLE capture_source ADD COLUMN covered INTEGER NOT NULL DEFAULT 0 CHECK (covered IN (0, 1));

CREATE TABLE member (
  account_id TEXT PRIMARY KEY,
  name TEXT,
  status TEXT NOT NULL
) STRICT, WITHOUT ROWID;
ALTER TABLE setting ADD COLUMN members TEXT NOT NULL DEFAULT 'unknown' CHECK (members IN ('unknown', 'cut', 'whole'));
INSERT INTO member (account_id, name, status)
SELECT id, name, 'ACTIVE' FROM account
WHERE relation = 'same-organisation' AND (SELECT organisation_known FROM setting) = 1;
UPDATE setting SET members = 'whole' WHERE organisation_known = 1;

ALTER TABLE run ADD COLUMN stale_after INTEGER NOT NULL DEFAULT 7;
ALTER TABLE run ADD COLUMN max_age INTEGER;
`;

/**
 * What schema version 8 adds: what became of each finding since the look before, how long it is there and what accepts it, for the
 * views. Worked out like `current_exposure`, and as that only of settled accounts. A row is of a finding that is there, or
 * was there at the look before; `first_seen` only of one that is there. `ordinal` tells apart two findings of one number: the one
 * that is gone, and the one that came.
 */
export const FINDINGS_V8 = `
CREATE TABLE settled_finding (
  account_id TEXT NOT NULL,
  role INTEGER NOT NULL,
  rule_id TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  change TEXT NOT NULL CHECK (change IN ('new', 'resolved', 'changed', 'reopened', 'unchanged', 'not-comparable')),
  cause TEXT,
  compared_with TEXT,
  from_verdict TEXT CHECK (from_verdict IN ('pass', 'fail', 'not-applicable', 'error')),
  to_verdict TEXT CHECK (to_verdict IN ('pass', 'fail', 'not-applicable', 'error')),
  first_seen TEXT,
  exception TEXT,
  PRIMARY KEY (account_id, role, rule_id, ordinal)
) STRICT, WITHOUT ROWID;
`;

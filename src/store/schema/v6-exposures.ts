/**
 * What schema version 6 adds: what guardrails and permissions make of the verdicts of today, for the views. Both tables are
 * worked out of all the rest when it is asked for. An account without a row of `settled_account` is not settled, and then
 * its rows of `current_exposure` say nothing; so a store of an older version begins. A role below 0 is minus a policy: the row is
 * of all roles that have it and no row of their own.
 */
export const EXPOSURES_V6 = `
CREATE TABLE settled_account (
  account_id TEXT PRIMARY KEY,
  rule_id TEXT NOT NULL,
  guardrails_at TEXT,
  guardrails_known INTEGER NOT NULL CHECK (guardrails_known IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE current_exposure (
  account_id TEXT NOT NULL,
  role INTEGER NOT NULL,
  policy INTEGER NOT NULL,
  guardrail TEXT CHECK (guardrail IN ('pass', 'fail', 'not-applicable', 'error')),
  guardrail_policies TEXT,
  remaining_ways TEXT,
  severity TEXT CHECK (severity IN ('critical', 'high', 'medium', 'low')),
  notes TEXT NOT NULL,
  privileges TEXT CHECK (privileges IN ('administrator', 'can-become-administrator', 'limited', 'none', 'unknown')),
  why TEXT,
  last_used TEXT,
  PRIMARY KEY (account_id, role)
) STRICT, WITHOUT ROWID;
`;

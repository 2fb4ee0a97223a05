import { isMended } from '../sql-conditions.ts';

/** Evidence files: their counts, and what is missing of them. */
export const FILE_VIEWS = `
CREATE VIEW v_reconciliation AS
SELECT path, sha256, bytes, format, account, captured_at || 'Z' AS captured_at, captured_from,
  records_read, records_accepted, records_superseded, records_duplicate, records_rejected,
  records_read = records_accepted + records_superseded + records_duplicate + records_rejected AS adds_up, status, problems
FROM evidence;

CREATE VIEW v_missing_evidence AS
SELECT e.path, e.sha256, e.status, e.records_rejected, e.problems
FROM evidence e WHERE e.whole = 0 AND NOT (${isMended('e')}) ORDER BY e.path, e.sha256;

CREATE VIEW v_problem AS
SELECT e.path, e.sha256, e.status, coalesce(c.value, 'unstated') AS code, p.value AS message
FROM evidence e, json_each(e.problems) p LEFT JOIN json_each(e.problem_codes) c ON c.key = p.key;
`;

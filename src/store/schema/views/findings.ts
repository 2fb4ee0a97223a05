import { ACCOUNT_NAME, nameIn } from './names.ts';

/** Whole days from a time of evidence to the newest capture of the store. */
const AGE = `(unixepoch(n.newest) - unixepoch(s.first_seen)) / 86400`;

/**
 * Findings, and what became of them, to be read by people. Changes are known of settled accounts only; of others there is a row
 * that says so, because nothing would look like no change.
 */
export const FINDING_VIEWS = `
CREATE VIEW v_finding AS
WITH accepted AS MATERIALIZED (
  SELECT e.value ->> 'id' AS id, min(e.value ->> 'expires') AS expires, min(e.value ->> 'reason') AS reason,
    min(e.value ->> 'owner') AS owner
  FROM json_each((SELECT exceptions FROM run ORDER BY id DESC LIMIT 1)) e GROUP BY 1
)
SELECT f.rule_id, f.severity, f.account_id, f.account_name, f.role_name, f.principal, f.path_account, f.path_account_name,
  f.relation, f.privileges, iif(s.compared_with IS NULL AND s.change = 'not-comparable', 'baseline', s.change) AS state,
  s.first_seen || 'Z' AS first_seen, f.captured_at AS last_seen, ${AGE} AS age_days,
  s.exception, e.expires AS exception_expires, e.reason AS exception_reason, e.owner AS exception_owner,
  f.last_used, f.message, f.guardrail, f.statement, f.sid, f.arn, f.role_id,
  f.evidence_path, f.evidence_offset, f.evidence_sha256, f.settled, f.any_member
FROM v_current_finding f
CROSS JOIN (SELECT max(captured_at) AS newest FROM capture) n
LEFT JOIN settled_finding s ON s.account_id = f.account_id AND s.role = f.role AND s.rule_id = f.rule_id
  AND s.first_seen IS NOT NULL AND f.settled
LEFT JOIN accepted e ON e.id = s.exception;

CREATE VIEW v_change AS
WITH told AS (
  SELECT s.change, s.cause, s.rule_id, s.account_id, r.arn, r.role_id, s.from_verdict, s.to_verdict, s.compared_with, 1 AS settled
  FROM settled_account g CROSS JOIN settled_finding s ON s.account_id = g.account_id JOIN role r ON r.id = s.role
  WHERE s.change <> 'unchanged'
  UNION ALL
  SELECT 'not-settled', NULL, NULL, account_id, NULL, NULL, NULL, NULL, NULL, 0
  FROM capture WHERE length(account_id) = 12 AND account_id NOT IN (SELECT account_id FROM settled_account) GROUP BY account_id
)
SELECT t.change, t.cause, t.rule_id, t.account_id, ${ACCOUNT_NAME} AS account_name, ${nameIn('t.arn')} AS role_name,
  t.from_verdict, t.to_verdict, t.compared_with || 'Z' AS compared_with, t.arn, t.role_id, t.settled
FROM told t LEFT JOIN account a ON a.id = t.account_id LEFT JOIN organization_member o ON o.account_id = t.account_id;
`;

import { CONFLICTING_RECORDS } from '../../../model/completeness.ts';
import { WEAK_GUARD_NOTES } from '../../../model/grading.ts';
import { GUARDRAILS_UNKNOWN } from '../../../model/guardrail.ts';
import { tellsName } from './external-id-names.ts';
import { literals } from './literals.ts';
import { ACCOUNT_NAME } from './names.ts';
import { IS_ORGANISATION_KNOWN, RELATION_OF, RELATION_TO_OWNER } from './relations.ts';

/** The verdict of trust policy and guardrails together; `x`: what is settled of the role or of its policy, `g`: of its account. */
const GUARDRAIL = 'iif(x.role IS NOT NULL, x.guardrail, iif(g.guardrails_at IS NOT NULL, v.verdict, NULL))';

/** Those of the verdict, of the conflict if there is one, and of guardrails; sorted. */
const NOTES = `(
  SELECT json_group_array(n.value) FROM (
    SELECT value FROM json_each(coalesce(v.notes, '[]'))
    UNION SELECT '${CONFLICTING_RECORDS}' WHERE c.is_disputed
    UNION SELECT value FROM json_each(coalesce(x.notes, '[]'))
    UNION SELECT '${GUARDRAILS_UNKNOWN}' WHERE x.role IS NULL AND g.guardrails_known = 0 AND v.verdict IN ('fail', 'pass')
    ORDER BY 1
  ) n)`;

/** What a way into the role leads to is asked for. */
const IS_LED_ON = `g.account_id IS NOT NULL AND v.verdict = 'fail'`;

/** What is said of permissions of which evidence shows nothing, as impact/privileges.ts says it; a test holds the two together. */
const NOTHING_SHOWN = 'The evidence does not show which managed policies are attached to it.';

/** When the role was last used, by its latest capture; see `roleDetail` of the reader. */
const LAST_USED = `(
    SELECT iif(count(DISTINCT nullif(f.last_used, '')) = 1, max(f.last_used), NULL)
    FROM capture_source s CROSS JOIN role_detail_seen f
      ON f.evidence_id = s.evidence_id AND f.role = c.seen_as AND f.captured_at = s.captured_at
    WHERE s.account_id = c.account_id AND s.captured_at <= c.captured_at
    GROUP BY s.captured_at ORDER BY s.captured_at DESC LIMIT 1)`;

const BY_EXTERNAL_ID = `p.guards LIKE '%external-id%'`;

/** Verdicts, and what they come to for the roles that stand. Severity repeats model/grading.ts in SQL; a test holds the two together. */
export const VERDICT_VIEWS = `
CREATE VIEW v_path AS
SELECT p.verdict_id, p.ordinal, p.statement, p.sid, p.principal, p.account,
  ${ACCOUNT_NAME} AS account_name,
  CASE
    WHEN p.account = '*' THEN 'any'
    WHEN ${RELATION_OF} IS NOT NULL THEN ${RELATION_OF}
    WHEN a.name IS NOT NULL THEN 'unknown'
    WHEN ${IS_ORGANISATION_KNOWN} THEN 'third-party'
    ELSE 'unknown'
  END AS relation,
  p.guards
FROM path p LEFT JOIN account a ON a.id = p.account LEFT JOIN organization_member o ON o.account_id = p.account;

CREATE VIEW v_verdict AS
SELECT v.*,
  CASE
    WHEN f.id IS NOT NULL THEN CASE WHEN v.verdict = 'fail' THEN f.severity END
    WHEN v.verdict = 'pass' THEN coalesce((
      SELECT 'medium' FROM json_each(v.notes) n WHERE n.value IN (${literals(WEAK_GUARD_NOTES)}) LIMIT 1
    ), (
      SELECT 'medium' FROM v_path p
      WHERE p.verdict_id = v.id AND ${BY_EXTERNAL_ID} AND ${tellsName('v.policy_id', 'p.account_name')} LIMIT 1
    ))
    WHEN v.verdict = 'fail' THEN CASE min(
      coalesce((
        SELECT max(CASE p.relation
          WHEN 'any' THEN 3 WHEN 'third-party' THEN 2 WHEN 'unknown' THEN 1 ELSE 0 END)
        FROM v_path p WHERE p.verdict_id = v.id AND p.guards = '[]'
      ), 0),
      CASE WHEN EXISTS (
        SELECT 1 FROM json_each(v.notes) n WHERE n.value IN ('org-confined', 'network-confined')
      ) THEN 1 ELSE 3 END
    ) WHEN 3 THEN 'critical' WHEN 2 THEN 'high' WHEN 1 THEN 'medium' ELSE 'low' END
  END AS severity
FROM verdict v LEFT JOIN rule f ON f.id = v.rule_id;

CREATE VIEW v_current_verdict AS
WITH wanted AS (
  SELECT j.value AS rule_id, f.kind FROM json_each((SELECT rules FROM run ORDER BY id DESC LIMIT 1)) j
  LEFT JOIN rule f ON f.id = j.value
), disputed AS MATERIALIZED (
  SELECT d.role, d.policy, p.sha256 FROM v_disputed_policy d LEFT JOIN policy p ON p.id = d.policy
), current AS (
  SELECT NULL AS kind, account_id AS judged_for, * FROM v_current_role
  UNION ALL
  SELECT kind, '', role, account_id, partition, arn, role_name, role_id, policy, captured_at, evidence, offset, seen_as
  FROM v_current_entity
), weighed AS (
  SELECT c.*, w.rule_id, ${worstOfDisputed('c.judged_for')} AS disputed_worst,
    s.account_id IS NOT NULL AS settled, iif(s.rule_id = w.rule_id, s.account_id, NULL) AS guarded
  FROM current c JOIN wanted w ON w.kind IS c.kind
  LEFT JOIN settled_account s ON s.account_id = c.account_id
), chosen AS (
  SELECT w.*, w.disputed_worst IS NOT NULL AS is_disputed,
    CASE WHEN w.disputed_worst IS NULL THEN w.policy ELSE coalesce(
      (SELECT x.policy FROM current_exposure x WHERE x.account_id = w.guarded AND x.role = w.role),
      iif(w.disputed_worst > 0, w.disputed_worst, w.policy)) END AS worst
  FROM weighed w
)
SELECT c.rule_id, c.account_id, c.partition, c.arn, c.role_name, c.role_id,
  coalesce(v.verdict, 'error') AS verdict, coalesce(v.literal, 'error') AS literal,
  CASE WHEN x.role IS NOT NULL THEN x.severity WHEN c.kind IS NULL AND v.severity IS NULL AND v.verdict = 'pass' THEN (
    SELECT 'medium' FROM account a LEFT JOIN organization_member o ON o.account_id = a.id
    WHERE a.id = c.account_id AND ${ACCOUNT_NAME} IS NOT NULL
      AND EXISTS (SELECT 1 FROM v_path p WHERE p.verdict_id = v.id AND ${BY_EXTERNAL_ID})
      AND ${tellsName('v.policy_id', ACCOUNT_NAME)}
  ) ELSE v.severity END AS severity,
  coalesce(v.reason, 'not-evaluated') AS reason, ${NOTES} AS notes, v.message, v.witness,
  e.path AS evidence_path, e.sha256 AS evidence_sha256, iif(e.id IS NULL, NULL, c.offset) AS evidence_offset, c.captured_at,
  c.worst AS policy_id, v.id AS verdict_id,
  ${GUARDRAIL} AS guardrail, coalesce(x.guardrail_policies, iif(${GUARDRAIL} IS NULL, NULL, '[]')) AS guardrail_policies,
  iif(${GUARDRAIL} IS NULL, NULL, g.guardrails_at) AS guardrails_at,
  coalesce(${GUARDRAIL}, v.verdict, 'error') AS effective_verdict, x.remaining_ways,
  iif(${IS_LED_ON}, coalesce(x.privileges, 'unknown'), NULL) AS privileges,
  iif(${IS_LED_ON}, coalesce(x.why, '${NOTHING_SHOWN}'), NULL) AS why,
  CASE WHEN x.role > 0 THEN x.last_used WHEN ${IS_LED_ON} THEN ${LAST_USED} END AS last_used, c.settled, c.role
FROM chosen c
LEFT JOIN settled_account g ON g.account_id = c.guarded
LEFT JOIN current_exposure x ON x.account_id = c.guarded AND x.role = coalesce((
  SELECT y.role FROM current_exposure y WHERE y.account_id = c.guarded AND y.role = c.role
), -c.worst)
LEFT JOIN v_verdict v ON v.id = ${verdictOf('c.worst', 'c.rule_id', 'c.judged_for')}
LEFT JOIN evidence e ON e.id = c.evidence AND c.worst = c.policy
WHERE c.kind IS NULL OR v.id IS NOT NULL;

CREATE VIEW v_current_finding AS
SELECT c.rule_id, c.account_id, ${ACCOUNT_NAME} AS account_name, c.arn, c.role_name, c.role_id, c.severity, c.reason, c.message,
  coalesce(p.statement, w.value ->> 'statement') AS statement, coalesce(p.sid, w.value ->> 'sid') AS sid,
  coalesce(p.principal, w.value ->> 'principal') AS principal, coalesce(p.account, w.value ->> 'account') AS path_account,
  coalesce(p.account_name, w.value ->> 'accountName') AS path_account_name,
  coalesce(${RELATION_TO_OWNER}, w.value ->> 'relation') AS relation,
  c.evidence_path, c.evidence_offset, c.captured_at, c.privileges, c.last_used, c.settled,
  c.evidence_sha256, c.guardrail, c.role, coalesce(w.value ->> 'anyMember', 0) AS any_member
FROM v_current_verdict c
LEFT JOIN account a ON a.id = c.account_id
LEFT JOIN organization_member o ON o.account_id = c.account_id
LEFT JOIN v_path p ON p.verdict_id = c.verdict_id AND p.guards = '[]' AND c.remaining_ways IS NULL
LEFT JOIN json_each(c.remaining_ways) w
WHERE c.effective_verdict = 'fail';

CREATE VIEW v_closed_finding AS
SELECT c.rule_id, c.account_id, c.arn, c.role_name, c.role_id, c.guardrail, c.guardrails_at,
  p.value ->> 'id' AS policy, p.value ->> 'name' AS policy_name, p.value ->> 'statement' AS statement,
  p.value ->> 'attachedTo' AS attached_to, c.captured_at
FROM v_current_verdict c LEFT JOIN json_each(c.guardrail_policies) p
WHERE c.verdict = 'fail' AND c.effective_verdict <> 'fail';
`;

/** The verdict of a rule on a policy for an owning account; one of its own outranks the general one. */
function verdictOf(policy: string, rule: string, account: string): string {
  return `(
    SELECT x.id FROM verdict x
    WHERE x.policy_id = ${policy} AND x.rule_id = ${rule} AND x.account IN ('', ${account})
    ORDER BY x.account DESC LIMIT 1)`;
}

/**
 * Where files disagree on the current role `c`: the policy whose verdict under the rule of `w` is the worst, none above 0
 * when only its absence or its id is in dispute; else NULL. What was never judged is an error. Of several fails, what lets
 * anyone in comes first, then what lets in more accounts.
 */
function worstOfDisputed(account: string): string {
  const open = `path p WHERE p.verdict_id = y.id AND y.verdict = 'fail' AND p.guards = '[]'`;
  return `(
    SELECT d.policy FROM disputed d
    LEFT JOIN verdict y ON y.id = ${verdictOf('d.policy', 'w.rule_id', account)}
    WHERE d.role = c.role
    ORDER BY d.policy > 0 DESC, CASE y.verdict WHEN 'fail' THEN 0 WHEN 'pass' THEN 2 WHEN 'not-applicable' THEN 3 ELSE 1 END,
      EXISTS (SELECT 1 FROM ${open} AND p.account = '*') DESC,
      (SELECT count(DISTINCT p.account) FROM ${open}) DESC, d.sha256 DESC
    LIMIT 1)`;
}

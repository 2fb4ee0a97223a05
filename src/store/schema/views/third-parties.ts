import { CONFINED_NOTES, WEAK_GUARD_NOTES } from '../../../model/grading.ts';
import { ACCESSES, ANY_MEMBER, NOBODY_NAMED } from '../../../model/third-party.ts';
import { literal, literals } from './literals.ts';
import { RELATION_TO_OWNER } from './relations.ts';

/** SQL: how an account stands to a role, as its place in ACCESSES. */
const OPEN = ACCESSES.indexOf('open');
const NOT_EVALUATED = ACCESSES.indexOf('not-evaluated');
const CLOSED = ACCESSES.indexOf('closed');
const GUARDED = ACCESSES.indexOf('guarded');

/** SQL: `relation`, its index, the most exposed first. */
const RELATION_RANK = `CASE relation WHEN 'any' THEN 0 WHEN 'third-party' THEN 1 WHEN 'unknown' THEN 2 ELSE 3 END`;

const isNoted = (notes: Iterable<string>): string =>
  `EXISTS (SELECT 1 FROM json_each(c.notes) n WHERE n.value IN (${literals(notes)}))`;

/** SQL: how each outside account stands to the role of `c`, which `a` owns, the member `o`; a list of lists, each account once. */
const STANDINGS = `(
  SELECT json_group_array(json_array(g.account, g.name, g.relation, g.access, g.by_id, g.by_mfa)) FROM (
    SELECT account, max(name) AS name, min(${RELATION_RANK}) AS relation, min(access) AS access,
      max(instr(guards, 'external-id') > 0) AS by_id, max(instr(guards, 'mfa') > 0) AS by_mfa
    FROM (
      SELECT p.account, p.account_name AS name, ${RELATION_TO_OWNER} AS relation, p.guards, CASE
        WHEN p.guards <> '[]' THEN ${GUARDED}
        WHEN c.effective_verdict = 'fail' AND c.remaining_ways IS NULL THEN ${OPEN}
        ELSE ${CLOSED} END AS access
      FROM v_path p WHERE p.verdict_id = c.verdict_id
      UNION ALL
      SELECT iif(w.value ->> 'anyMember', ${literal(ANY_MEMBER)}, w.value ->> 'account'),
        iif(w.value ->> 'anyMember', NULL, w.value ->> 'accountName'), w.value ->> 'relation', '[]', ${OPEN}
      FROM json_each(c.remaining_ways) w
      UNION ALL
      SELECT ${literal(NOBODY_NAMED)}, NULL, 'unknown', '[]', ${NOT_EVALUATED} WHERE c.verdict = 'error'
    ) GROUP BY account
  ) g)`;

/** SQL: the trust policy `policy` of the role of `s` lets the account in. */
const letsIn = (policy: string): string => `EXISTS (
        SELECT 1 FROM verdict v JOIN path p ON p.verdict_id = v.id
        WHERE v.policy_id = ${policy} AND v.rule_id = 'D9.AWS.IAM.99' AND v.account IN ('', s.account_id) AND p.account = s.outside)`;

/** SQL: the role `r` is that of `s`; what was seen without an id may be, too. */
const IS_IT = `r.account_id = s.account_id AND r.arn = s.arn AND (r.id = s.role OR r.role_id = '')`;

/**
 * SQL: the first time at which the role had a trust policy that lets the account in, be it one of several that files of that moment
 * show; where only guardrails single the account out, that of the finding.
 */
const FIRST_SEEN = `coalesce((
    SELECT min(seen) FROM (
      SELECT min(o.first_seen) AS seen FROM role r CROSS JOIN observation o ON o.role = r.id WHERE ${IS_IT} AND ${letsIn('o.policy')}
      UNION ALL
      SELECT min(d.captured_at) FROM role r CROSS JOIN disagreement d ON d.account_id = r.account_id AND d.role = r.id
      WHERE ${IS_IT} AND ${letsIn('d.policy')})
  ), (
    SELECT f.first_seen FROM settled_finding f
    WHERE s.settled AND s.access = ${OPEN} AND f.account_id = s.account_id AND f.role = s.role
      AND f.rule_id = 'D9.AWS.IAM.99' AND f.first_seen IS NOT NULL
  )) || 'Z'`;

/** SQL: the trust policy lets the account in, whatever guardrails make of it. */
const IS_LET_IN = `r.access <> ${NOT_EVALUATED}`;

const counted = (access: number): string => `sum(r.access = ${access})`;

/**
 * Which outside accounts get into which roles that stand, by D9.AWS.IAM.99. Of the account of a row: the most exposed relation,
 * the worst severity, and of its open roles the worst privileges. Severity repeats history/report/third-parties in SQL.
 */
export const THIRD_PARTY_VIEWS = `
CREATE VIEW v_third_party AS
SELECT r.outside AS account_id, max(r.name) AS name,
  CASE min(r.relation) WHEN 0 THEN 'any' WHEN 1 THEN 'third-party' WHEN 2 THEN 'unknown' ELSE 'same-organisation' END AS relation,
  CASE max(r.severity) WHEN 3 THEN 'critical' WHEN 2 THEN 'high' WHEN 1 THEN 'medium' WHEN 0 THEN 'low' END AS severity,
  ${counted(OPEN)} AS open_roles, ${counted(GUARDED)} AS guarded_roles,
  sum(r.access = ${GUARDED} AND r.severity IS 1) AS weakly_guarded_roles,
  ${counted(CLOSED)} AS closed_roles, ${counted(NOT_EVALUATED)} AS not_evaluated_roles,
  count(DISTINCT iif(${IS_LET_IN}, r.account_id, NULL)) AS own_accounts,
  sum(r.access = ${GUARDED} AND r.by_id) AS guarded_by_external_id, sum(r.access = ${GUARDED} AND r.by_mfa) AS guarded_by_mfa,
  CASE min(iif(r.access = ${OPEN}, CASE r.privileges WHEN 'administrator' THEN 0 WHEN 'can-become-administrator' THEN 1
      WHEN 'unknown' THEN 2 WHEN 'limited' THEN 3 WHEN 'none' THEN 4 END, NULL))
    WHEN 0 THEN 'administrator' WHEN 1 THEN 'can-become-administrator' WHEN 2 THEN 'unknown' WHEN 3 THEN 'limited' WHEN 4 THEN 'none'
  END AS privileges,
  coalesce(max(iif(${IS_LET_IN}, nullif(r.last_used, 'never'), NULL)),
    iif(min(iif(${IS_LET_IN}, r.last_used IS 'never', NULL)) = 1, 'never', NULL)) AS last_used,
  min(r.first_seen) AS first_seen, max(iif(r.access = ${NOT_EVALUATED}, NULL, r.captured_at)) AS last_seen,
  json_group_array(json_object('account_id', r.account_id, 'arn', r.arn,
    'access', CASE r.access ${ACCESSES.map((access, index) => `WHEN ${index} THEN '${access}'`).join(' ')} END,
    'reason', iif(r.access = ${NOT_EVALUATED}, r.reason, NULL), 'privileges', r.privileges, 'last_used', r.last_used)) AS roles,
  min(r.settled) AS settled
FROM (
  SELECT s.*, ${FIRST_SEEN} AS first_seen, CASE
      WHEN s.access = ${OPEN} THEN min(3 - s.relation, iif(s.is_confined, 1, 3))
      WHEN s.access = ${GUARDED} AND s.by_id AND s.is_weak THEN 1
      WHEN s.access = ${CLOSED} AND s.is_weakly_closed THEN 1
    END AS severity
  FROM (
    SELECT j.account_id, j.role, j.arn, j.reason, j.privileges, j.last_used, j.captured_at, j.settled, j.is_confined, j.is_weak, j.is_weakly_closed,
      a.value ->> 0 AS outside, a.value ->> 1 AS name, a.value ->> 2 AS relation, a.value ->> 3 AS access,
      a.value ->> 4 AS by_id, a.value ->> 5 AS by_mfa
    FROM (
      SELECT c.account_id, c.role, c.arn, c.reason, c.privileges, c.last_used, c.captured_at, c.settled,
        ${isNoted(CONFINED_NOTES)} AS is_confined,
        ${isNoted(WEAK_GUARD_NOTES)} OR (c.verdict = 'pass' AND c.severity = 'medium') AS is_weak,
        c.effective_verdict = 'pass' AND c.severity = 'medium' AS is_weakly_closed,
        ${STANDINGS} AS standings
      FROM v_current_verdict c
      LEFT JOIN account a ON a.id = c.account_id LEFT JOIN organization_member o ON o.account_id = c.account_id
      WHERE c.rule_id = 'D9.AWS.IAM.99'
        AND (c.verdict = 'error' OR EXISTS (SELECT 1 FROM path p WHERE p.verdict_id = c.verdict_id))
    ) j JOIN json_each(j.standings) a
  ) s
) r
GROUP BY r.outside;
`;

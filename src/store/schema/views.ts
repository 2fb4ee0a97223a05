import {
  NAME_COMPANIONS,
  NAME_SEPARATORS,
  RANDOM_PART,
  SHORTEST_NAME,
} from '../../iam/external-id-strength.ts';
import { CLOSED_STATUSES } from '../../model/account-lists.ts';
import { CONFLICTING_RECORDS } from '../../model/completeness.ts';
import { WEAK_GUARD_NOTES } from '../../model/grading.ts';
import { latestTime } from './capture-reasons.ts';
import { isMended } from './mended-evidence.ts';

const BY_EXTERNAL_ID = `p.guards LIKE '%external-id%'`;
const CLOSED = [...CLOSED_STATUSES].map((status) => `'${status}'`).join(', ');

/**
 * The read-only views, for people with a SQL client; made anew whenever the schema changes. Severity repeats
 * src/model/relations.ts in SQL; a test holds the two together. SQLite writes out what a view or a WITH names wherever it is
 * named, and newer ones refuse a statement of a thousand tables, so each is named as seldom as can be.
 */
export const VIEWS = `
CREATE VIEW v_account AS
WITH latest AS (
  SELECT account_id, ${latestTime('captured_at', 'reason')} AS captured_at, max(CASE WHEN complete = 1 THEN captured_at END) AS complete_at
  FROM capture WHERE length(account_id) = 12 GROUP BY account_id
)
SELECT
  l.account_id, a.name, a.relation,
  l.captured_at || 'Z' AS captured_at,
  l.complete_at || 'Z' AS complete_at,
  l.complete_at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM capture c
    WHERE c.account_id = l.account_id AND c.captured_at > l.complete_at AND c.gap = 1
  ) AS complete,
  CASE WHEN unixepoch(n.newest) - unixepoch(l.captured_at) > 86400 * coalesce(r.stale_after, 7)
    THEN (unixepoch(n.newest) - unixepoch(l.captured_at)) / 86400 END AS carried_forward
FROM latest l JOIN account a ON a.id = l.account_id
CROSS JOIN (SELECT max(captured_at) AS newest FROM latest) n
LEFT JOIN run r ON r.id = (SELECT max(id) FROM run);

CREATE VIEW v_account_gap AS
WITH looked AS (
  SELECT account_id, ${latestTime('captured_at', 'reason')} AS at, max(CASE WHEN complete = 1 THEN captured_at END) AS complete_at
  FROM capture WHERE length(account_id) = 12 GROUP BY account_id
), judged AS (
  SELECT x.account_id, coalesce(m.name, a.name) AS name, l.at,
    (SELECT unixepoch(max(at)) FROM looked) AS newest,
    CASE
      WHEN m.account_id IS NOT NULL AND l.at IS NULL THEN 'no-evidence'
      WHEN m.account_id IS NOT NULL AND l.complete_at IS NULL THEN 'never-complete'
      WHEN (SELECT unixepoch(max(at)) FROM looked) - unixepoch(coalesce(l.complete_at, l.at))
        > 86400 * (SELECT max_age FROM run ORDER BY id DESC LIMIT 1) THEN 'too-old'
    END AS why
  FROM (SELECT account_id FROM member UNION SELECT account_id FROM looked) x
  LEFT JOIN looked l USING (account_id)
  LEFT JOIN member m USING (account_id)
  LEFT JOIN account a ON a.id = x.account_id
  WHERE coalesce(m.status, '') NOT IN (${CLOSED})
)
SELECT account_id, name, why, at || 'Z' AS captured_at, (newest - unixepoch(at)) / 86400 AS age
FROM judged WHERE why IS NOT NULL ORDER BY account_id;

CREATE VIEW v_current_role AS ${currentRoles('s.account_id', 'length(account_id) = 12')};

CREATE VIEW v_current_entity AS ${currentRoles(
  'substr(s.account_id, 14) AS kind, substr(s.account_id, 1, 12) AS account_id',
  'length(account_id) > 12',
)};

CREATE VIEW v_disputed_policy AS
WITH current AS MATERIALIZED (
  SELECT role, account_id AS book, arn, role_id, policy, captured_at, seen_as FROM v_current_role
  UNION ALL
  SELECT role, account_id || '/' || kind, arn, role_id, policy, captured_at, seen_as FROM v_current_entity
), timed AS MATERIALIZED (
  SELECT c.*, k.captured_at AS at, k.complete, k.note FROM current c
  JOIN capture k ON k.account_id = c.book AND k.captured_at = substr(c.captured_at, 1, length(c.captured_at) - 1)
), live AS MATERIALIZED (
  SELECT t.role, t.book, t.at, t.policy, n.id AS other, n.role_id AS other_id, coalesce(o.policy, 0) AS other_policy
  FROM timed t
  CROSS JOIN role n ON n.account_id = t.book AND n.arn = t.arn
  CROSS JOIN observation o ON o.role = n.id AND o.last_seen >= t.at AND o.first_seen <= t.at
    AND o.complete = t.complete AND (o.policy IS NOT NULL OR n.role_id = '')
  WHERE t.role_id <> '' AND t.seen_as = t.role
    AND EXISTS (SELECT 1 FROM role n WHERE n.account_id = t.book AND n.arn = t.arn AND n.id <> t.role)
), offered AS MATERIALIZED (
  SELECT t.role, d.policy FROM timed t
  JOIN disagreement d ON d.account_id = t.book AND d.captured_at = t.at AND d.role = t.seen_as
  WHERE t.note IS NOT NULL
  UNION
  SELECT role, policy FROM live
  UNION
  SELECT role, -1 FROM live WHERE other_id <> '' AND other IN (SELECT c.role FROM current c WHERE c.role <> live.role)
  UNION
  SELECT i.role, coalesce(d.policy, i.other_policy) FROM live i
  LEFT JOIN disagreement d ON d.account_id = i.book AND d.captured_at = i.at AND d.role = i.other
  WHERE i.other_id = '' AND i.role = (
    SELECT n.other FROM live n WHERE n.role = i.role AND n.other_id <> ''
    ORDER BY n.other_policy <> i.other_policy, n.other_id LIMIT 1)
)
SELECT role, policy FROM (SELECT role, policy, count(*) OVER (PARTITION BY role) AS offers FROM offered) WHERE offers > 1;

CREATE VIEW v_disagreement AS
WITH disputed AS (SELECT role, sum(policy > 0) AS policies FROM v_disputed_policy GROUP BY role)
SELECT c.account_id, c.kind, c.arn, c.role_id, c.captured_at, d.policies
FROM disputed d JOIN (
  SELECT role, NULL AS kind, account_id, arn, role_id, captured_at FROM v_current_role
  UNION ALL
  SELECT role, kind, account_id, arn, role_id, captured_at FROM v_current_entity
) c USING (role);

CREATE VIEW v_path AS
SELECT p.verdict_id, p.ordinal, p.statement, p.sid, p.principal, p.account,
  a.name AS account_name,
  CASE
    WHEN p.account = '*' THEN 'any'
    WHEN a.relation IS NOT NULL THEN a.relation
    WHEN a.name IS NOT NULL THEN 'unknown'
    WHEN (SELECT organisation_known FROM setting) = 1 THEN 'third-party'
    ELSE 'unknown'
  END AS relation,
  p.guards
FROM path p LEFT JOIN account a ON a.id = p.account;

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
  SELECT c.*, w.rule_id, ${worstOfDisputed('c.judged_for')} AS disputed_worst
  FROM current c JOIN wanted w ON w.kind IS c.kind
), settled AS (
  SELECT w.*, iif(w.disputed_worst > 0, w.disputed_worst, w.policy) AS worst, w.disputed_worst IS NOT NULL AS is_disputed
  FROM weighed w
)
SELECT c.rule_id, c.account_id, c.partition, c.arn, c.role_name, c.role_id,
  coalesce(v.verdict, 'error') AS verdict, coalesce(v.literal, 'error') AS literal,
  CASE WHEN c.kind IS NULL AND v.severity IS NULL AND v.verdict = 'pass' THEN (
    SELECT 'medium' FROM account a
    WHERE a.id = c.account_id AND a.name IS NOT NULL
      AND EXISTS (SELECT 1 FROM v_path p WHERE p.verdict_id = v.id AND ${BY_EXTERNAL_ID})
      AND ${tellsName('v.policy_id', 'a.name')}
  ) ELSE v.severity END AS severity,
  coalesce(v.reason, 'not-evaluated') AS reason, ${withConflict("coalesce(v.notes, '[]')")} AS notes, v.message, v.witness,
  e.path AS evidence_path, e.sha256 AS evidence_sha256, iif(e.id IS NULL, NULL, c.offset) AS evidence_offset, c.captured_at,
  c.worst AS policy_id, v.id AS verdict_id
FROM settled c
LEFT JOIN v_verdict v ON v.id = ${verdictOf('c.worst', 'c.rule_id', 'c.judged_for')}
LEFT JOIN evidence e ON e.id = c.evidence AND c.worst = c.policy
WHERE c.kind IS NULL OR v.id IS NOT NULL;

CREATE VIEW v_current_finding AS
SELECT c.rule_id, c.account_id, c.arn, c.role_name, c.role_id, c.severity, c.reason, c.message,
  p.statement, p.sid, p.principal, p.account AS path_account, p.account_name, p.relation,
  c.evidence_path, c.evidence_offset, c.captured_at
FROM v_current_verdict c
LEFT JOIN v_path p ON p.verdict_id = c.verdict_id AND p.guards = '[]'
WHERE c.verdict = 'fail';

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

/**
 * What stands at the latest capture of the accounts, or of the ledgers, that `where` selects.
 *
 * `seen`: of each role the last time it was there, and the last time anything was said of it. `of_arn`: the latest time at
 * which the ARN was seen with ids (`named_at`), the role without an id, and the time at which that was last seen, unless it
 * is gone since. `chained`: `held` is 1 when what was seen at `named_at` is not ended by a later deletion without an id, or
 * by a complete capture that does not show the ARN; `deleted_from`, when the id was deleted since; `idless_from`, the first
 * sighting without an id after `named_at`. `joined`: that one speaks of the first id that is not deleted by then, and later
 * ones of this id, which is marked `+`, or of none of them, `-`, when it is deleted up to the last.
 */
function currentRoles(account: string, where: string): string {
  return `
WITH latest AS (
  SELECT account_id, max(CASE WHEN complete = 1 THEN captured_at ELSE '' END) AS complete_at
  FROM capture WHERE ${where} GROUP BY account_id
), seen AS (
  SELECT r.id AS role, r.account_id, r.arn, r.role_id, l.complete_at,
    (SELECT max(o.last_seen) FROM observation o WHERE o.role = r.id AND o.policy IS NOT NULL) AS live_at,
    (SELECT max(o.last_seen) FROM observation o WHERE o.role = r.id) AS told_at
  FROM latest l CROSS JOIN role r ON r.account_id = l.account_id
), of_arn AS (
  SELECT s.*,
    max(CASE WHEN s.role_id <> '' THEN s.live_at END) OVER arns AS named_at,
    max(CASE WHEN s.role_id = '' THEN s.role END) OVER arns AS idless,
    max(CASE WHEN s.role_id = '' AND s.live_at = s.told_at THEN s.live_at END) OVER arns AS idless_at
  FROM seen s WINDOW arns AS (PARTITION BY s.account_id, s.arn)
), chained AS (
  SELECT a.*,
    a.named_at IS NOT NULL AND (a.idless IS NULL OR NOT EXISTS (
      SELECT 1 FROM observation o WHERE o.role = a.idless AND o.policy IS NULL AND o.last_seen > a.named_at
    )) AND (a.named_at >= a.complete_at OR (a.idless_at >= a.complete_at AND NOT EXISTS (
      SELECT 1 FROM capture c WHERE c.account_id = a.account_id AND c.complete = 1
        AND c.captured_at > a.named_at AND c.captured_at <= a.complete_at AND NOT EXISTS (
          SELECT 1 FROM observation o WHERE o.role = a.idless AND o.last_seen >= c.captured_at
            AND o.first_seen <= c.captured_at AND o.complete = 1 AND o.policy IS NOT NULL)
    ))) AS held,
    CASE WHEN a.live_at < a.told_at THEN (
      SELECT min(o.first_seen) FROM observation o
      WHERE o.role = a.role AND o.policy IS NULL AND o.last_seen > a.named_at
    ) END AS deleted_from,
    CASE WHEN a.live_at < a.told_at AND a.idless_at > a.named_at THEN (
      SELECT min(CASE WHEN o.complete = 0 THEN o.last_seen ELSE (
        SELECT min(c.captured_at) FROM capture c WHERE c.account_id = a.account_id AND c.complete = 1
          AND c.captured_at > a.named_at AND c.captured_at >= o.first_seen) END)
      FROM observation o WHERE o.role = a.idless AND o.policy IS NOT NULL AND o.last_seen > a.named_at
    ) END AS idless_from
  FROM of_arn a
  WHERE a.named_at >= a.complete_at OR a.idless_at >= a.complete_at
), joined AS (
  SELECT c.*, min(CASE WHEN c.role_id <> '' AND c.live_at = c.named_at
      AND (c.deleted_from IS NULL OR c.deleted_from > c.idless_from)
    THEN c.role_id || iif(c.deleted_from <= c.idless_at, '-', '+') END)
    OVER (PARTITION BY c.account_id, c.arn) AS joins
  FROM chained c
), standing AS (
  SELECT j.*, iif(j.role_id || '+' = j.joins AND j.idless_at > j.named_at, j.idless, j.role) AS seen_as
  FROM joined j
  WHERE CASE WHEN j.role_id <> '' THEN j.held AND j.live_at = j.named_at AND j.live_at = j.told_at
      AND (j.role_id || '+' = j.joins OR NOT coalesce(j.idless_at > j.named_at, 0))
    ELSE j.idless_at >= j.complete_at
      AND (j.named_at IS NULL OR (j.idless_at > j.named_at AND (NOT j.held OR coalesce(j.joins, '-') LIKE '%-'))) END
)
SELECT s.role, ${account},
  substr(s.arn, 5, instr(substr(s.arn, 5), ':') - 1) AS partition, s.arn,
  substr(s.arn, length(rtrim(s.arn, replace(s.arn, '/', ''))) + 1) AS role_name, s.role_id, o.policy,
  o.last_seen || 'Z' AS captured_at, o.evidence, o.offset, s.seen_as
FROM standing s JOIN observation o ON o.role = s.seen_as
  AND o.last_seen = iif(s.seen_as = s.role, s.live_at, s.idless_at)`;
}

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

function withConflict(notes: string): string {
  return `iif(c.is_disputed, json_insert(${notes}, '$[#]', '${CONFLICTING_RECORDS}'), ${notes})`;
}

function literals(texts: Iterable<string>): string {
  return [...texts].map(literal).join(', ');
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** `namesExternalId` of audit/relations.ts: some external id that the policy accepts is the name. */
function tellsName(policy: string, name: string): string {
  const [given, wanted] = [plain('x.value'), plain(name)];
  // Text that is no JSON of the expected shape must give no rows rather than an error.
  return `length(${wanted}) >= ${SHORTEST_NAME} AND EXISTS (
    SELECT 1 FROM policy d
    JOIN json_each(CASE WHEN json_valid(d.document) THEN CASE json_type(d.document, '$.Statement')
      WHEN 'array' THEN json_extract(d.document, '$.Statement')
      WHEN 'object' THEN json_array(json_extract(d.document, '$.Statement')) END END) s
    JOIN json_each(CASE s.type WHEN 'object' THEN s.value END, '$.Condition') o ON o.key <> 'Null'
    JOIN json_each(CASE o.type WHEN 'object' THEN o.value END) k ON lower(k.key) = 'sts:externalid'
    JOIN json_each(CASE k.type WHEN 'array' THEN k.value WHEN 'text' THEN json_array(k.value) END) x ON x.type = 'text'
    WHERE d.id = ${policy}
      AND (o.key LIKE '%Not%') = (CASE s.type WHEN 'object' THEN json_extract(s.value, '$.Effect') END = 'Deny')
      AND instr(${given}, ${wanted}) > 0
      AND length(${without(`replace(${given}, ${wanted}, '')`, NAME_COMPANIONS)}) < ${RANDOM_PART}
  )`;
}

function plain(text: string): string {
  return without(`lower(${text})`, NAME_SEPARATORS);
}

/**
 * The text without the parts, taken out one after the other. Calls within calls would be more than the parser of older
 * SQLite programs can hold, such as people have on their machines.
 */
function without(text: string, parts: readonly string[]): string {
  return `(
    WITH RECURSIVE rest (done, text) AS (
      SELECT 0, ${text}
      UNION ALL
      SELECT done + 1, replace(text, json_extract(${literal(JSON.stringify(parts))}, '$[' || done || ']'), '')
      FROM rest WHERE done < ${parts.length}
    )
    SELECT text FROM rest WHERE done = ${parts.length})`;
}

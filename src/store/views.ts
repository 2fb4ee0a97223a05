import { WEAK_GUARD_NOTES } from '../audit/relations.ts';
import { NAME_COMPANIONS, NAME_SEPARATORS, RANDOM_PART, SHORTEST_NAME } from '../iam/external-id-strength.ts';
import { CLOSED_STATUSES } from './members.ts';
import { isMended } from './missing-evidence.ts';

const BY_EXTERNAL_ID = `p.guards LIKE '%external-id%'`;
const CLOSED = [...CLOSED_STATUSES].map((status) => `'${status}'`).join(', ');

/**
 * The read-only views, for people with a SQL client; made anew whenever the schema changes. Severity repeats
 * src/audit/relations.ts in SQL; a test holds the two together.
 */
export const VIEWS = `
CREATE VIEW v_account AS
WITH latest AS (
  SELECT account_id, max(captured_at) AS captured_at, max(CASE WHEN complete = 1 THEN captured_at END) AS complete_at
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
  SELECT account_id, max(captured_at) AS at, max(CASE WHEN complete = 1 THEN captured_at END) AS complete_at
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
)
SELECT w.rule_id, c.account_id, c.partition, c.arn, c.role_name, c.role_id,
  coalesce(v.verdict, 'error') AS verdict, coalesce(v.literal, 'error') AS literal,
  CASE WHEN v.severity IS NULL AND v.verdict = 'pass' THEN (
    SELECT 'medium' FROM account a
    WHERE a.id = c.account_id AND a.name IS NOT NULL
      AND EXISTS (SELECT 1 FROM v_path p WHERE p.verdict_id = v.id AND ${BY_EXTERNAL_ID})
      AND ${tellsName('v.policy_id', 'a.name')}
  ) ELSE v.severity END AS severity,
  coalesce(v.reason, 'not-evaluated') AS reason, coalesce(v.notes, '[]') AS notes, v.message, v.witness,
  e.path AS evidence_path, e.sha256 AS evidence_sha256, c.offset AS evidence_offset, c.captured_at,
  c.policy AS policy_id, v.id AS verdict_id
FROM v_current_role c
CROSS JOIN wanted w
LEFT JOIN v_verdict v ON v.id = (
  SELECT x.id FROM verdict x
  WHERE x.policy_id = c.policy AND x.rule_id = w.rule_id AND x.account IN ('', c.account_id)
  ORDER BY x.account DESC LIMIT 1
)
LEFT JOIN evidence e ON e.id = c.evidence
WHERE w.kind IS NULL
UNION ALL
SELECT w.rule_id, c.account_id, c.partition, c.arn, c.role_name, c.role_id,
  v.verdict, v.literal, v.severity, v.reason, v.notes, v.message, v.witness,
  e.path, e.sha256, c.offset, c.captured_at, c.policy, v.id
FROM v_current_entity c
JOIN wanted w ON w.kind = c.kind
JOIN v_verdict v ON v.policy_id = c.policy AND v.rule_id = w.rule_id AND v.account = ''
LEFT JOIN evidence e ON e.id = c.evidence;

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

/** What stands at the latest capture of the accounts, or of the ledgers, that `where` selects. */
function currentRoles(account: string, where: string): string {
  return `
WITH latest AS (
  SELECT account_id, max(CASE WHEN complete = 1 THEN captured_at ELSE '' END) AS complete_at
  FROM capture WHERE ${where} GROUP BY account_id
), standing AS (
  SELECT r.id AS role, r.account_id, r.arn, r.role_id,
    o.policy, o.last_seen, o.evidence, o.offset
  FROM latest l
  JOIN role r ON r.account_id = l.account_id
  JOIN observation o ON o.role = r.id
    AND o.last_seen = (SELECT max(n.last_seen) FROM observation n WHERE n.role = r.id)
  WHERE o.last_seen >= l.complete_at
)
SELECT s.role, ${account},
  substr(s.arn, 5, instr(substr(s.arn, 5), ':') - 1) AS partition, s.arn,
  substr(s.arn, length(rtrim(s.arn, replace(s.arn, '/', ''))) + 1) AS role_name, s.role_id, s.policy,
  s.last_seen || 'Z' AS captured_at, s.evidence, s.offset
FROM standing s
WHERE s.policy IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM role t JOIN observation n ON n.role = t.id
  WHERE t.account_id = s.account_id AND t.arn = s.arn AND t.id <> s.role
    AND (n.last_seen > s.last_seen OR (n.last_seen = s.last_seen AND s.role_id = '' AND n.policy = s.policy))
)`;
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

import { missingPartsSql, PARTS_THERE, wholeSince } from '../missing-parts.ts';
import { isMended } from '../sql-conditions.ts';

/** SQL: a path as it is compared. */
const plain = (path: string): string =>
  `rtrim(iif(substr(${path}, 1, 2) = './', substr(${path}, 3), ${path}), '/')`;

/**
 * Evidence files: their counts, and what is missing of them; and scans that did not come to their end, as long as no later one
 * read all of their paths, as store/read/interrupted.ts has it; and parts of lists of inputs that no scan has read, as
 * store/read/runs.ts has it.
 */
export const FILE_VIEWS = `
CREATE VIEW v_reconciliation AS
SELECT path, sha256, bytes, format, account, captured_at || 'Z' AS captured_at, captured_from,
  records_read, records_accepted, records_superseded, records_duplicate, records_rejected,
  records_read = records_accepted + records_superseded + records_duplicate + records_rejected AS adds_up, status, problems
FROM evidence;

CREATE VIEW v_missing_evidence AS
SELECT e.path, e.sha256, e.status, e.records_rejected, e.problems
FROM evidence e WHERE e.whole = 0 AND NOT (${isMended('e')}) ORDER BY e.path, e.sha256;

CREATE VIEW v_interrupted_run AS
WITH given AS MATERIALIZED (
  SELECT id, started_at, as_of, status, iif(json_type(options, '$.paths') = 'array', json_extract(options, '$.paths'), '[]') AS paths FROM run
)
SELECT r.id AS run_id, r.started_at, r.as_of, r.status, r.paths FROM given r
WHERE r.status NOT IN ('complete', 'incomplete') AND NOT EXISTS (
  SELECT 1 FROM given n WHERE n.id > r.id AND r.paths <> '[]' AND NOT EXISTS (
    SELECT 1 FROM json_each(r.paths) p WHERE p.value = '-' OR NOT EXISTS (
      SELECT 1 FROM json_each(n.paths) e
      WHERE ${plain('p.value')} = ${plain('e.value')}
        OR substr(${plain('p.value')}, 1, length(${plain('e.value')}) + 1) = ${plain('e.value')} || '/'))
    AND (NOT EXISTS (SELECT 1 FROM shard o WHERE o.run_id = n.id AND o.parts > 1) OR ${wholeSince('n.id', 'r.id')}))
AND NOT EXISTS (
  SELECT 1 FROM shard o JOIN shard n USING (list, parts, part) WHERE o.run_id = r.id AND n.run_id > r.id AND o.parts > 1
  GROUP BY n.run_id HAVING count(*) = (SELECT count(*) FROM shard o WHERE o.run_id = r.id AND o.parts > 1))
ORDER BY r.id;

CREATE VIEW v_missing_part AS
${missingPartsSql(PARTS_THERE, 'SELECT DISTINCT list, parts FROM shard')};

CREATE VIEW v_problem AS
SELECT e.path, e.sha256, e.status, coalesce(c.value, 'unstated') AS code, p.value AS message
FROM evidence e, json_each(e.problems) p LEFT JOIN json_each(e.problem_codes) c ON c.key = p.key;
`;

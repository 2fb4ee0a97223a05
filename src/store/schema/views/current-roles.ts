import { nameIn } from './names.ts';

/** What stands at the latest capture of each account, and what files disagree on there. */
export const CURRENT_ROLE_VIEWS = `
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
  WHERE i.other_id = '' AND i.role = coalesce((
    SELECT n.other FROM live n WHERE n.role = i.role AND n.other_id <> '' AND n.other_policy = i.other_policy
    ORDER BY n.other_id LIMIT 1
  ), (
    SELECT n.other FROM live n WHERE n.role = i.role AND n.other_id <> '' ORDER BY n.other_id LIMIT 1
  ))
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
  ${nameIn('s.arn')} AS role_name, s.role_id, o.policy,
  o.last_seen || 'Z' AS captured_at, o.evidence, o.offset, s.seen_as
FROM standing s JOIN observation o ON o.role = s.seen_as
  AND o.last_seen = iif(s.seen_as = s.role, s.live_at, s.idless_at)`;
}

import { CLOSED_STATUSES } from '../../../model/account-lists.ts';
import { latestTime } from '../sql-conditions.ts';
import { literals } from './literals.ts';
import { ACCOUNT_NAME } from './names.ts';
import { RELATION_OF } from './relations.ts';

/** Accounts, and those of which evidence is missing. */
export const ACCOUNT_VIEWS = `
CREATE VIEW v_account AS
WITH latest AS (
  SELECT account_id, ${latestTime('captured_at', 'reason')} AS captured_at, max(CASE WHEN complete = 1 THEN captured_at END) AS complete_at
  FROM capture WHERE length(account_id) = 12 GROUP BY account_id
)
SELECT
  l.account_id, ${ACCOUNT_NAME} AS name,
  ${RELATION_OF} AS relation,
  l.captured_at || 'Z' AS captured_at,
  l.complete_at || 'Z' AS complete_at,
  l.complete_at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM capture c
    WHERE c.account_id = l.account_id AND c.captured_at > l.complete_at AND c.gap = 1
  ) AS complete,
  CASE WHEN unixepoch(n.newest) - unixepoch(l.captured_at) > 86400 * coalesce(r.stale_after, 7)
    THEN (unixepoch(n.newest) - unixepoch(l.captured_at)) / 86400 END AS carried_forward,
  l.account_id IN (SELECT account_id FROM settled_account) AS settled
FROM latest l JOIN account a ON a.id = l.account_id LEFT JOIN organization_member o ON o.account_id = l.account_id
CROSS JOIN (SELECT max(captured_at) AS newest FROM latest) n
LEFT JOIN run r ON r.id = (SELECT max(id) FROM run);

CREATE VIEW v_account_gap AS
WITH looked AS (
  SELECT account_id, ${latestTime('captured_at', 'reason')} AS at, max(CASE WHEN complete = 1 THEN captured_at END) AS complete_at
  FROM capture WHERE length(account_id) = 12 GROUP BY account_id
), judged AS (
  SELECT x.account_id, coalesce(o.name, m.name, a.name) AS name, l.at,
    (SELECT unixepoch(max(at)) FROM looked) AS newest,
    CASE
      WHEN (m.account_id IS NOT NULL OR o.whole = 1) AND l.at IS NULL THEN 'no-evidence'
      WHEN (m.account_id IS NOT NULL OR o.whole = 1) AND l.complete_at IS NULL THEN 'never-complete'
      WHEN (SELECT unixepoch(max(at)) FROM looked) - unixepoch(coalesce(l.complete_at, l.at))
        > 86400 * (SELECT max_age FROM run ORDER BY id DESC LIMIT 1) THEN 'too-old'
    END AS why
  FROM (SELECT account_id FROM member UNION SELECT account_id FROM organization_member WHERE whole = 1
    UNION SELECT account_id FROM looked) x
  LEFT JOIN looked l USING (account_id)
  LEFT JOIN member m USING (account_id)
  LEFT JOIN organization_member o ON o.account_id = x.account_id AND o.whole = 1
  LEFT JOIN account a ON a.id = x.account_id
  WHERE coalesce(m.status, o.status, '') NOT IN (${literals(CLOSED_STATUSES)})
    OR coalesce(o.status, m.status, '') NOT IN (${literals(CLOSED_STATUSES)})
)
SELECT account_id, name, why, at || 'Z' AS captured_at, (newest - unixepoch(at)) / 86400 AS age
FROM judged WHERE why IS NOT NULL
UNION ALL
SELECT NULL, NULL, iif(members = 'cut', 'members-cut', 'members-unknown'), NULL, NULL FROM setting
WHERE members <> 'whole' AND NOT EXISTS (SELECT 1 FROM organization_member WHERE whole = 1)
ORDER BY account_id;
`;

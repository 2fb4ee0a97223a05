/** What files show of failing roles beside their trust policies. */
export const ROLE_DETAIL_VIEWS = `
CREATE VIEW v_role_detail AS
SELECT r.account_id, r.arn, r.role_id, f.captured_at || 'Z' AS captured_at, d.detail ->> 'createdAt' AS created,
  nullif(f.last_used, '') AS last_used, d.detail ->> 'maxSession' AS max_session, d.detail ->> 'boundary' AS boundary,
  d.detail ->> 'attached' AS attached,
  CASE WHEN d.detail ->> 'inline' IS NOT NULL
    THEN (SELECT json_group_array(i.value ->> 'name') FROM json_each(d.detail, '$.inline') i) END AS inline,
  d.detail ->> 'tags' AS tags, e.path
FROM role_detail_seen f JOIN role r ON r.id = f.role JOIN evidence e ON e.id = f.evidence_id
LEFT JOIN role_detail d ON d.id = f.detail;
`;

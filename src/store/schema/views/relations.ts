/**
 * SQL: the relation of the account `a`, which is the member `o` of an organisation or of none, for views that do not know whose
 * roles they are about: where there is evidence of accounts outside of the organisation, or of several, it is `unknown`.
 */
export const RELATION_OF = `CASE
    WHEN o.account_id IS NULL THEN a.relation
    WHEN (SELECT min(organization) = max(organization) FROM organization_member) AND NOT EXISTS (
      SELECT 1 FROM capture WHERE length(account_id) = 12 AND account_id NOT IN (SELECT account_id FROM organization_member)
    ) THEN 'same-organisation'
    ELSE 'unknown'
  END`;

/** SQL: an account that nobody names belongs to no organisation that is known. */
export const IS_ORGANISATION_KNOWN = `((SELECT organisation_known FROM setting) = 1
      OR EXISTS (SELECT 1 FROM organization_member WHERE whole = 1))`;

/**
 * SQL: the relation of the account behind the path `p` to the account `a`, the member `o`, that owns the role; model/relations.ts in
 * SQL. A statement of its own, because SQLite takes long to plan many tables in one.
 */
export const RELATION_TO_OWNER = `CASE WHEN p.account = '*' THEN 'any' WHEN p.account IS NOT NULL THEN (
    SELECT CASE
      WHEN po.organization = o.organization THEN 'same-organisation'
      WHEN po.organization IS NOT NULL THEN iif(
        o.organization IS NOT NULL OR (po.whole = 1 AND a.relation IS NOT 'same-organisation'), 'third-party', 'unknown')
      WHEN pa.relation IS NOT NULL THEN pa.relation
      WHEN pa.name IS NOT NULL THEN 'unknown'
      WHEN o.whole = 1 OR g.organisation_known = 1 THEN 'third-party'
      ELSE 'unknown' END
    FROM setting g LEFT JOIN account pa ON pa.id = p.account LEFT JOIN organization_member po ON po.account_id = p.account
  ) END`;

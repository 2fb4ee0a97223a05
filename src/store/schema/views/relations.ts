/**
 * SQL: the relation of the account `a`, which is the member `o` of an organisation or of none. A view does not know whose
 * roles it is about, so where there is evidence of
 * accounts outside of the organisation, or of several, it is `unknown`: reports tell for each role.
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

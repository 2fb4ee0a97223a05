import type { Organization } from '../../model/organizations/organization.ts';
import type { StoreReader } from '../../store/index.ts';
import type { Look } from '../look/looks.ts';

/** What of a look says which evidence of the organisation goes with it. */
export type LookMoment = Pick<Look, 'at' | 'until'>;

/**
 * The organisation of an account, where evidence of its resource control policies is in force at a look. Accounts and their
 * organisation are exported one after the other, not at one moment. So at a look that another capture follows it is the
 * newest evidence of that day or before; where there is none yet, the first that was given before the next capture. At the
 * latest look all that there is counts.
 */
export function organizationInForce(
  reader: StoreReader,
  account: string,
  { at, until }: LookMoment,
): Organization | null {
  if (reader.assembledOrganizations(null).organizations.length === 0) return null;
  const next = reader.nextCapture(account, at);
  if (next === null) return showing(reader.organizationOf(account, until ?? null));
  const moment = reader.organizationMoment(at, next);
  if (moment === null) return null;
  const isLater = until !== undefined && until < moment;
  return showing(reader.organizationOf(account, isLater ? until : moment));
}

function showing(organization: Organization | null): Organization | null {
  return organization?.showsPolicies === true ? organization : null;
}

import type { Organization } from '../../model/organization.ts';
import type { StoreReader } from '../../store/index.ts';
import type { Look } from '../look/looks.ts';

/** What of a look says which evidence of the organisation goes with it. */
export type LookMoment = Pick<Look, 'at' | 'until'>;

/**
 * The organisation of an account, where evidence of its resource control policies is in force at a look: the latest of
 * before the account's next capture, since accounts and their organisation are exported one after the other, not at one
 * moment. At the latest look all that there is counts. So what was told of one look changes only as long as nothing
 * newer is known of the account.
 */
export function organizationInForce(
  reader: StoreReader,
  account: string,
  { at, until }: LookMoment,
): Organization | null {
  if (reader.assembledOrganizations(null).organizations.length === 0) return null;
  const next = reader.nextCapture(account, at);
  const moment = [next === null ? null : justBefore(next), until ?? null]
    .filter((time) => time !== null)
    .sort()[0];
  const organization = reader.organizationOf(account, moment ?? null);
  return organization?.showsPolicies === true ? organization : null;
}

/** A column time a millisecond earlier, if that matters. */
function justBefore(time: string): string {
  return new Date(Date.parse(`${time}Z`) - 1).toISOString().slice(0, -1);
}

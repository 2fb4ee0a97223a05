import type { Organization } from '../../model/organization.ts';
import type { StoreReader } from '../../store/index.ts';
import type { Look } from '../look/looks.ts';

/** After every column time. */
const LATEST = '9999-12-31T24';

/**
 * The evidence of resource control policies that is in force for an account at a look, with the organisation: the latest of before the account's next capture,
 * since accounts and their organisation are exported one after the other, not at one moment. At the latest look all
 * that there is counts. So what was told of one look changes only as long as nothing newer is known of the account.
 */
export function organizationInForce(
  reader: StoreReader,
  account: string,
  { at, until }: Look,
): Organization | null {
  const latest = reader.organizationOf(account, null);
  if (latest === null && reader.organizationOf(account, at) === null) return null;
  const next = nextCapture(reader, account, at);
  const moment = [next === null ? null : justBefore(next), until ?? null]
    .filter((time) => time !== null)
    .sort()[0];
  const organization = moment === undefined ? latest : reader.organizationOf(account, moment);
  return organization?.showsPolicies === true ? organization : null;
}

function nextCapture(reader: StoreReader, account: string, at: string): string | null {
  let next: string | null = null;
  for (const capture of reader.capturesBefore(account, LATEST)) {
    if (capture.at <= at) break;
    next = capture.at;
  }
  return next;
}

/** A column time a millisecond earlier, if that matters. */
function justBefore(time: string): string {
  return new Date(Date.parse(`${time}Z`) - 1).toISOString().slice(0, -1);
}

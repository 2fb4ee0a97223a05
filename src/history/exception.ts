import type { AcceptedRisk, ExceptionRow } from '../store/types.ts';
import { dayNumber } from './periods.ts';

export const EXPIRING_DAYS = 30;

/** @param asOf ISO 8601 UTC */
export function expiryStatus(
  { expires }: Pick<AcceptedRisk, 'expires'>,
  asOf: string,
): ExceptionRow['status'] {
  if (Date.parse(asOf) > endOf(expires)) return 'expired';
  return dayNumber(expires) - dayNumber(asOf) <= EXPIRING_DAYS ? 'expiring' : 'active';
}

/** The last millisecond at which it holds. */
function endOf(expires: string): number {
  return expires.length === 10 ? (dayNumber(expires) + 1) * 86_400_000 - 1 : Date.parse(expires);
}

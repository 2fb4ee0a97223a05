import { dayNumber } from './periods.ts';

/** One entry of an exceptions file, checked. JSON can say all of it, so that the store keeps it with the run. */
export interface AcceptedRisk {
  readonly id: string;
  /** Patterns as written; null: anything. */
  readonly rule: string | null;
  readonly account: string | null;
  readonly role: string | null;
  /** Empty: any. With both, a way in must match one of each. */
  readonly principals: readonly string[];
  readonly principalAccounts: readonly string[];
  readonly reason: string;
  /** A day, which still counts, or a moment in ISO 8601 UTC. */
  readonly expires: string;
  readonly owner: string | null;
  readonly ticket: string | null;
}

export type ExpiryStatus = 'active' | 'expiring' | 'expired';

export const EXPIRING_DAYS = 30;

/** @param asOf ISO 8601 UTC */
export function expiryStatus({ expires }: Pick<AcceptedRisk, 'expires'>, asOf: string): ExpiryStatus {
  if (Date.parse(asOf) > endOf(expires)) return 'expired';
  return dayNumber(expires) - dayNumber(asOf) <= EXPIRING_DAYS ? 'expiring' : 'active';
}

/** The last millisecond at which it holds. */
function endOf(expires: string): number {
  return expires.length === 10 ? (dayNumber(expires) + 1) * 86_400_000 - 1 : Date.parse(expires);
}

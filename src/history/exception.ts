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
  const end = endOf(expires);
  const now = Date.parse(asOf);
  if (now > end) return 'expired';
  return now + EXPIRING_DAYS * 86_400_000 > end ? 'expiring' : 'active';
}

/** The last millisecond at which it holds. */
function endOf(expires: string): number {
  return expires.length === 10 ? Date.parse(`${expires}T00:00:00Z`) + 86_400_000 - 1 : Date.parse(expires);
}

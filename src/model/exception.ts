/** One entry of an exceptions file, checked. JSON can say all of it, so that the store keeps it with the run. */
export interface AcceptedRisk {
  readonly id: string;
  /** Patterns as written; null: anything. */
  readonly rule: string | null;
  readonly account: string | null;
  readonly role: string | null;
  /** Principals that may get in, and accounts they may come from; empty: any. A way in must match one of each. */
  readonly principals: readonly string[];
  readonly principalAccounts: readonly string[];
  readonly reason: string;
  /** A day, which still counts, or a moment in ISO 8601 UTC. */
  readonly expires: string;
  readonly owner: string | null;
  readonly ticket: string | null;
}

/** An exception judged against `asOf`. */
export interface ExceptionRow extends AcceptedRisk {
  /** `expiring`: within 30 days of `asOf`. An expired one suppresses nothing. */
  readonly status: 'active' | 'expiring' | 'expired';
  /** Failing verdicts that it covers, or would cover had it not expired. */
  readonly findings: number;
  /** Failing verdicts that it speaks of, but which have further unguarded ways in, so that it does not cover them. */
  readonly partly: number;
  /** Why it covers more than one would expect, one sentence each; empty when it does not. */
  readonly overBroad: readonly string[];
}

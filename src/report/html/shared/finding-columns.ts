import type { PackedTime } from './packed-time.ts';

/** Parallel arrays, one entry for each listed verdict. */
export interface FindingColumns {
  /** Indexes into the strings. */
  readonly rule: readonly number[];
  readonly account: readonly number[];
  readonly partition: readonly number[];
  /** JSON of `FindingDetail`: roles with the same policy share it. */
  readonly detail: readonly number[];
  /** Compact JSON text of the trust policy, or -1. */
  readonly policy: readonly number[];
  readonly source: readonly number[];
  readonly sha256: readonly number[];
  readonly capturedAt: readonly number[];
  readonly firstSeen: readonly number[];
  readonly lastSeen: readonly number[];
  readonly suppressedBy: readonly number[];
  /** Indexes into OUTCOMES, SEVERITIES and STATES. */
  readonly verdict: readonly number[];
  readonly literal: readonly number[];
  readonly severity: readonly number[];
  readonly state: readonly number[];
  /** The verdict that counts, like `verdict`. */
  readonly effective: readonly number[];
  /** JSON of `SharedImpact`, or -1. */
  readonly impact: readonly number[];
  /** JSON of its tags, or -1 where there is no impact. */
  readonly tags: readonly number[];
  /** Of the impact. */
  readonly created: readonly PackedTime[];
  readonly lastUsed: readonly PackedTime[];
  readonly offset: readonly number[];
  readonly roleName: readonly string[];
  readonly roleId: readonly string[];
  /** Index of what the ARN has before the role name, as an ARN should; -1 where it does not. */
  readonly arnStart: readonly number[];
  /** Those ARNs that do not end with the role name; else empty. */
  readonly oddArn: readonly string[];
}

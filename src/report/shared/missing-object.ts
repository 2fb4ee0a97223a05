import type { VerdictObject } from '../../model/verdict.ts';

/**
 * Something that is missing, as an object with the keys of a verdict: a verdict on no role, so that ARN, role name and
 * id are empty, and what cannot be said of it is null. `reason`: `scan-interrupted`, `scan-parts-missing`,
 * `account-gap`, `evidence-unread`, the code by which a record was rejected, or `conflicting-records`, where the message names the role. Apart from what
 * makes them, because the library hands it to programs that may not have the types of Node.js.
 */
export type MissingObject = Omit<VerdictObject, 'evidence' | 'firstSeen' | 'lastSeen'> & {
  readonly evidence: {
    /** Path of the file; empty when of no file. */
    readonly source: string;
    readonly sha256: string;
    readonly offset: number | null;
    readonly capturedAt: string | null;
  };
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
};

/** What programs are given: a verdict object, or what is missing. */
export type ReportedObject = MissingObject & {
  /** Days, where the account stands as last captured, long before the newest capture; else null. See `AccountRow`. */
  readonly carriedForward: number | null;
};

import type { DataProblem } from '../../errors.ts';
import type { Reasons } from '../../model/capture.ts';
import type { RolePage } from './role-columns.ts';

/** What identifies a role, or an entity under further rules. */
export interface StagedRole {
  readonly arn: string;
  readonly roleId: string;
}

/** What one file says of one account, or of one of its ledgers, at one time. */
export interface StagedClaim {
  readonly account: string;
  /** Evidence time, ISO 8601 UTC. */
  readonly capturedAt: string;
  /** Null when the file says nothing of it; it then counts as incomplete. */
  readonly complete: boolean | null;
  /** Empty when complete. */
  readonly reasons: Reasons;
}

export interface StagedCapture extends StagedClaim {
  /** Ascending by role, each role once. */
  readonly pages: Iterable<RolePage>;
}

export interface StagedReject {
  readonly offset: number;
  readonly pointer: string;
  readonly code: DataProblem;
  readonly message: string;
}

const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Text as SQLite can hold it. UTF-8 has no lone surrogates; without this, two names that differ only in one would
 * be two roles here and one in the store.
 */
export function storableText(text: string): string {
  return LONE_SURROGATE.test(text) ? text.replace(/\p{Surrogate}/gu, '\ufffd') : text;
}

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

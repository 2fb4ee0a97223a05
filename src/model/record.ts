import type { DataProblem } from '../errors.ts';

/** A role's trust policy as the export shows it, after all layers of encoding are peeled off. */
export type TrustPolicy =
  /** `text` is compact JSON: no white space outside strings, members in source order, duplicates kept. */
  | { readonly state: 'document'; readonly text: string }
  | { readonly state: 'missing' }
  /** `damaged`: the export holds something else in its place. The same reason always goes with the same `damaged`. */
  | { readonly state: 'undecodable'; readonly reason: string; readonly damaged?: true };

/**
 * Characters. No trust policy that IAM takes is near as long
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html): a longer one is the work of an attacker,
 * and nothing keeps it for a second role.
 */
export const MAX_REMEMBERED_POLICY = 16_384;

/**
 * Characters. A longer permissions policy is none that IAM takes, and is kept as one that cannot be read
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
 */
export const MAX_PERMISSIONS_POLICY = 131_072;

/** One role as one export shows it at one time. */
export interface RoleRecord {
  /** 12 digits, always a string: leading zeros count. */
  readonly account: string;
  readonly partition: string;
  readonly arn: string;
  readonly roleName: string;
  /** The `AROA...` id; empty when the export does not carry one. */
  readonly roleId: string;
  readonly trust: TrustPolicy;
  /** `deleted`: the export says the role is gone. `not-recorded`: the export names the role but holds nothing of it. */
  readonly status: 'live' | 'deleted' | 'not-recorded';
  /** Evidence time, ISO 8601 UTC (`2026-02-01T00:00:00Z`, fraction only when not zero). */
  readonly capturedAt: string;
  /** Sorts the items of one role inside one capture, newest last; empty when the export has no such time. */
  readonly version: string;
  /** Byte offset of the record's first byte in the decompressed evidence; of its row group in Parquet, 0 in a database. */
  readonly offset: number;
  /** JSON pointer of the record in its document; `#` and the number of its row in a table. */
  readonly pointer: string;
}

/** What further rules can judge in an export, named as the rule language names it. */
export type EntityType = 'IamRole' | 'IamUser' | 'IamGroup' | 'IamPolicy';

/** One entity as one export shows it at one time; handed out only when rules ask for its type. */
export interface EntityRecord {
  readonly type: EntityType;
  /** 12 digits: the account it was found in. */
  readonly account: string;
  readonly partition: string;
  readonly arn: string;
  readonly name: string;
  /** Unique id such as `AIDA...`; empty when the export does not carry one. */
  readonly id: string;
  readonly status: RoleRecord['status'];
  /**
   * As an element of account authorization details, with those keys that the export holds
   * (https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html); only `Arn` unless
   * live.
   */
  readonly detail: Readonly<Record<string, unknown>>;
  /** Keys whose value cannot be relied on, because it occurs twice or is too large. */
  readonly unreadable: readonly string[];
  /** As in RoleRecord, like the next three. */
  readonly capturedAt: string;
  readonly version: string;
  readonly offset: number;
  readonly pointer: string;
}

/** A managed policy as one export shows it at one time. */
export interface ManagedPolicy {
  /** It names the account that has the policy, `aws` for one of AWS. */
  readonly arn: string;
  /** As in RoleRecord, like `version`. */
  readonly capturedAt: string;
  readonly version: string;
  /** The default version as JSON text; null when the export shows none that can be read. */
  readonly document: string | null;
  /** Set where the file holds nothing but managed policies, so that each is one of its records. */
  readonly isRecord?: true;
}

/** One policy of a role, as a table of such policies shows it in a row. */
export interface RolePolicy {
  /** ARN of the role. */
  readonly role: string;
  /** As in RoleRecord. */
  readonly capturedAt: string;
  readonly kind: 'attached' | 'inline';
  /** ARN of the managed policy attached, or the name of the one in the role. */
  readonly policy: string;
  /** JSON text of an inline policy; null when it cannot be read, and for an attached one. */
  readonly document: string | null;
  /** The user's word that the table shows the policies of all roles. */
  readonly whole: boolean;
}

/** A record that was read but could not be used; it is counted and shown, never dropped in silence. */
export interface RejectedRecord {
  readonly offset: number;
  readonly pointer: string;
  readonly code: DataProblem;
  readonly message: string;
}

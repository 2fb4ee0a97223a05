import type { RoleColumns, RowRun } from '../json/reader.ts';
import type { AccountCapture } from '../model/capture.ts';
import type { OrganizationCapture } from '../model/organizations/fact.ts';
import type {
  EntityRecord,
  EntityType,
  ManagedPolicy,
  RejectedRecord,
  RolePolicy,
  RoleRecord,
  TrustPolicy,
} from '../model/record.ts';
import type { StoredDetail } from '../model/role-detail-text.ts';
import type { Evaluated } from '../model/verdict.ts';
import type { EntityOutcomes } from './entity-rules.ts';

/** What is kept of a role when its policy is judged. */
export type JudgedRole = Omit<RoleRecord, 'partition' | 'roleName' | 'pointer'>;

/** A trust policy and what was made of it. */
export interface JudgedPolicy {
  readonly trust: TrustPolicy;
  readonly evaluated: Evaluated;
}

/** What the export shows of a failing role beside its trust policy. */
export interface DetailOfRow extends StoredDetail {
  readonly row: number;
}

/** Live roles without versions, in columns. */
export interface JudgedRoles extends Pick<RoleColumns, 'texts' | 'lengths' | 'offsets'> {
  readonly runs: readonly RowRun[];
  /** By row: index into `judged`. */
  readonly policies: Int32Array;
  readonly judged: readonly JudgedPolicy[];
  /** By row, ascending; absent: none. */
  readonly details?: readonly DetailOfRow[];
}

/** Where the judged records of one file go. */
export interface JudgedSink {
  /** `evaluated` is null for a deleted role, which has no policy to judge; `detail` goes with a failing role. */
  add(record: JudgedRole, evaluated: Evaluated | null, detail?: StoredDetail | null): void;
  addRoles(roles: JudgedRoles): void;
  /** One that a failing role may have. */
  managedPolicy(policy: ManagedPolicy): void;
  rolePolicy(policy: RolePolicy): void;
  reject(reject: RejectedRecord): void;
  capture(capture: AccountCapture): void;
  organization(capture: OrganizationCapture): void;
  /** These two only with further rules. `outcomes` is null for an entity that is gone. */
  entity(record: EntityRecord, outcomes: EntityOutcomes | null): void;
  entityCapture(type: EntityType, capture: AccountCapture): void;
}

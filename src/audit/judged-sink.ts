import type { AccountCapture } from '../model/capture.ts';
import type { EntityRecord, EntityType, RejectedRecord, RoleRecord } from '../model/record.ts';
import type { Evaluated } from '../model/verdict.ts';
import type { EntityOutcomes } from './entity-rules.ts';

/** What is kept of a role when its policy is judged. */
export type JudgedRole = Omit<RoleRecord, 'partition' | 'roleName' | 'pointer'>;

/** Where the judged records of one file go. */
export interface JudgedSink {
  /** `evaluated` is null for a deleted role, which has no policy to judge. */
  add(record: JudgedRole, evaluated: Evaluated | null): void;
  reject(reject: RejectedRecord): void;
  capture(capture: AccountCapture): void;
  /** These two only with further rules. `outcomes` is null for an entity that is gone. */
  entity(record: EntityRecord, outcomes: EntityOutcomes | null): void;
  entityCapture(type: EntityType, capture: AccountCapture): void;
}

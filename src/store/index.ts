/** What other folders may use of the store. */

export type { StoredRule } from './lists/rules.ts';
export { type Input, openInput, removeDatabase, settledFile } from './merge/input.ts';
export { type MergeOptions, mergeStores, type ShardedRun, secure } from './merge/merge.ts';
export { type AccountLook, type CaptureRow, type CaptureScope, scopeOfRun } from './read/looks.ts';
export type { MissingEvidence } from './read/missing-evidence.ts';
export type { JudgedPolicy, JudgedVerdict } from './read/policy-reader.ts';
export type { StoreReader } from './read/reader.ts';
export type { JudgedAs, RoleChoice, Span } from './read/role-choice.ts';
export type { ObservationRow, ObservedRole, Place, PolicyCount } from './read/role-reader.ts';
export type { RunFacts } from './read/runs.ts';
export type { SpanRoles } from './read/span-roles.ts';
export type { FormOf } from './schema/policy-form.ts';
export {
  type SavedScans,
  type StoredEvidence,
  type StoredScan,
  scansOf,
} from './seal/scans.ts';
export { openScannedStore, openStore, type Store } from './store.ts';
export { errorOfReplacement } from './store-error.ts';
export type { CurrentExposure, ExposureWriter, SettledAccount, SettledFinding } from './write/exposures.ts';
export type { Run } from './write/run.ts';
export { STAGING_LIMITS, type StagingLimits } from './write/staging.ts';

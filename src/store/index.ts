/** What other folders may use of the store. */
export type { EvidenceOutcome } from './evidence-rows.ts';
export type { EvidenceWriter, Run, RunStart } from './run.ts';
export type { Evaluated, StagedReject } from './staged-role.ts';
export { STAGING_LIMITS, type StagingLimits } from './staging.ts';
export { openStore, type PolicyRow, type Store, type StoreOptions } from './store.ts';
export type * from './types.ts';

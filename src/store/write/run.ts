import type { EntityOutcomes } from '../../audit/entity-rules.ts';
import type { JudgedRoles } from '../../audit/judged-sink.ts';
import { TrustsieveError } from '../../errors.ts';
import type { AccountCapture } from '../../model/capture.ts';
import type { Shard } from '../../model/completeness.ts';
import type { EvidenceRow } from '../../model/evidence-row.ts';
import type { OrganizationCapture } from '../../model/organizations/fact.ts';
import type {
  EntityRecord,
  EntityType,
  ManagedPolicy,
  RejectedRecord,
  RolePolicy,
  RoleRecord,
} from '../../model/record.ts';
import type { StoredDetail } from '../../model/role-detail-text.ts';
import type { Evaluated } from '../../model/verdict.ts';
import type { StoredRule } from '../lists/rules.ts';
import type { EvidenceOutcome } from './evidence-rows.ts';
import type { Staging } from './staging.ts';

/** What a run is asked to do, as the store keeps it. */
export interface RunStart {
  /** ISO 8601 UTC. */
  readonly startedAt: string;
  readonly asOf: string;
  readonly toolVersion: string;
  /** Ids of the rules that judge in this run. */
  readonly rules: readonly string[];
  /** Names the text of each rule, by id; see rules/digest.ts. */
  readonly ruleDigests?: Readonly<Record<string, string>>;
  /** Those of them that come from rule files; only then may entities be given to the writer. */
  readonly furtherRules?: readonly StoredRule[];
  /** Anything JSON can say, for people; only a list `paths` is read back, see interrupted.ts. */
  readonly options: unknown;
  /** The parts of a list of inputs that it reads; absent where nobody asks for the list. */
  readonly shards?: readonly Shard[];
  /** What `exceptions` of the run's facts gives back; a list that JSON can say. */
  readonly exceptions?: readonly unknown[];
  /** Days; see `Completeness`. 7 when absent. */
  readonly staleAfter?: number;
  /** Days; null or absent: no account is too old. */
  readonly maxAge?: number | null;
  /** Of a run that is written anew as it was. */
  readonly id?: number;
}

/** One `scan`. Several evidence files may be open at once; each lands whole, in the order they finish. */
export interface Run {
  readonly id: number;
  evidence(): EvidenceWriter;
  /** Takes for read by this run, too, what a run before read by the same rules and options. */
  again(files: readonly Pick<EvidenceRow, 'path' | 'sha256'>[]): void;
  /** `finishedAt`: ISO 8601 UTC. */
  finish(status: 'complete' | 'incomplete' | 'interrupted', finishedAt: string): void;
}

/** Takes the rows of one evidence file. Nothing reaches the tables before `finish`. */
export interface EvidenceWriter {
  /** `evaluated`: the verdicts on the record's policy; null for a deleted role; `detail` goes with a failing one. */
  add(record: RoleRecord, evaluated: Evaluated | null, detail?: StoredDetail | null): void;
  addRoles(roles: JudgedRoles): void;
  managedPolicy(policy: ManagedPolicy): void;
  rolePolicy(policy: RolePolicy): void;
  reject(reject: RejectedRecord): void;
  /** What the file says of organisations; once. */
  organization(capture: OrganizationCapture): void;
  /** `outcomes` is null for an entity that is gone. */
  entity(record: EntityRecord, outcomes: EntityOutcomes | null): void;
  entityCapture(type: EntityType, capture: AccountCapture): void;
  /** Writes the file in one transaction; returns its row with the counts. */
  finish(outcome: EvidenceOutcome): EvidenceRow;
  /** Forgets the file. */
  abandon(): void;
}

/** The evidence row of a file whose rows are all staged. Throws when the counts do not add up. */
export function reconcile(outcome: EvidenceOutcome, staging: Staging): EvidenceRow {
  const { evidence, recordsRead } = outcome;
  const { organization } = staging;
  const roles = staging.distinct();
  const superseded = staging.superseded();
  const policies = staging.policyCounts();
  const accepted = roles + (organization?.accepted ?? 0) + policies.accepted;
  const duplicate = staging.added - roles - superseded + (organization?.duplicate ?? 0) + policies.duplicate;
  if (duplicate < 0 || recordsRead !== accepted + superseded + duplicate + staging.rejected) {
    throw new TrustsieveError(
      'internal',
      `the counts of \`${evidence.path}\` do not add up: ${recordsRead} records read, ${accepted} accepted, ` +
        `${superseded} superseded, ${duplicate} duplicate, ${staging.rejected} rejected`,
    );
  }
  return {
    path: evidence.path,
    sha256: evidence.sha256,
    bytes: evidence.bytes,
    format: outcome.format,
    ...onlyCapture(staging),
    capturedFrom: outcome.capturedFrom,
    recordsRead,
    recordsAccepted: accepted,
    recordsSuperseded: superseded,
    recordsDuplicate: duplicate,
    recordsRejected: staging.rejected,
    status: outcome.status,
    problems: outcome.problems,
  };
}

/** Account and time, each null when the file holds none or several. */
function onlyCapture(staging: Staging): Pick<EvidenceRow, 'account' | 'capturedAt'> {
  let account: string | null | undefined;
  let capturedAt: string | null | undefined;
  for (const capture of staging.captures()) {
    account = account === undefined || account === capture.account ? capture.account : null;
    capturedAt = capturedAt === undefined || capturedAt === capture.capturedAt ? capture.capturedAt : null;
    if (account === null && capturedAt === null) break;
  }
  // Of organisations alone a file has no capture.
  if (capturedAt === undefined)
    return { account: null, capturedAt: staging.organization?.capturedAt ?? null };
  return { account: account ?? null, capturedAt };
}

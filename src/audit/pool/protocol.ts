import type { ErrorCode } from '../../errors.ts';
import type { EvidenceInput } from '../../evidence/evidence.ts';
import type { FileReading, ReadOptions } from '../../formats/shared/file-reading.ts';
import type { ReaderChoice } from '../../json/choice.ts';
import type { AccountCapture } from '../../model/capture.ts';
import type { OrganizationCapture } from '../../model/organizations/fact.ts';
import type {
  EntityRecord,
  EntityType,
  ManagedPolicy,
  RejectedRecord,
  RolePolicy,
} from '../../model/record.ts';
import type { RuleMetadata } from '../../model/rule.ts';
import type { EntityOutcomes } from '../entity-rules.ts';
import type { DetailOfRow, JudgedPolicy, JudgedRoles } from '../judged-sink.ts';

/** How a worker is to read. */
export interface WorkerSetup {
  readonly options: Omit<ReadOptions, 'onBytes'>;
  readonly reader: ReaderChoice;
  /** The rules of rule files; compiled anew in each worker. */
  readonly rules: readonly RuleMetadata[];
  readonly asOf: string;
}

export type ToWorker =
  /** Comes first. */
  | { readonly kind: 'setup'; readonly setup: WorkerSetup }
  | { readonly kind: 'read'; readonly input: EvidenceInput }
  /** One batch was taken up, so another may be sent. */
  | { readonly kind: 'taken' };

/** Batches that may be under way from one worker: enough to keep both ends busy, and a bound on what waits. */
export const MAX_UNDER_WAY = 4;
/** Rows in one batch, about. */
export const BATCH_ROWS = 512;
/** Bytes of evidence after which progress is told though there is nothing else to tell. */
export const BATCH_BYTES = 16 * 1024 * 1024;

/** Characters of what goes with failing roles. */
export const BATCH_CHARACTERS = 4 * 1024 * 1024;
/** Characters of policies that are sent for the first time, with their ways in. */
export const BATCH_POLICIES = 2 * 1024 * 1024;

/** What the rows of one account and time have in common; sent once for each batch. */
export interface SentCapture {
  readonly account: string;
  readonly capturedAt: string;
}

/** Roles in columns: messages of few large parts are the cheapest. */
export interface RoleRows {
  readonly captures: readonly SentCapture[];
  /** Index into `captures`. */
  readonly capture: Int32Array;
  /** Joined by line feeds, which none holds: a text each would be serialised and collected one by one. */
  readonly arn: string;
  readonly roleId: string;
  /** Numbers of policies, or DELETED. */
  readonly policy: Int32Array;
  readonly offset: Float64Array;
  /** Null: all empty. */
  readonly version: readonly string[] | null;
  readonly details: SentDetails | null;
}

/** Details in columns, for the same reason. */
export interface SentDetails {
  /** Ascending. */
  readonly rows: Int32Array;
  /** Joined by line feeds, which JSON text without white space has none of. */
  readonly texts: string;
  /** Joined by line feeds; '' for null. */
  readonly lastUsed: string;
}

export function packDetails(details: readonly DetailOfRow[]): SentDetails | null {
  if (details.length === 0) return null;
  return {
    rows: Int32Array.from(details, ({ row }) => row),
    texts: details.map(({ text }) => text).join('\n'),
    lastUsed: details.map(({ lastUsed }) => lastUsed ?? '').join('\n'),
  };
}

export function unpackDetails(sent: SentDetails | null): readonly DetailOfRow[] {
  if (sent === null) return [];
  const texts = sent.texts.split('\n');
  const times = sent.lastUsed.split('\n');
  return Array.from(sent.rows, (row, index) => {
    const lastUsed = times[index] as string;
    return { row, text: texts[index] as string, lastUsed: lastUsed === '' ? null : lastUsed };
  });
}

export interface SentColumns extends Omit<JudgedRoles, 'judged' | 'details'> {
  readonly details: SentDetails | null;
  /** How many rows of `roles` stand before these. */
  readonly behind: number;
}

/** The policy number of a role that is gone. */
export const DELETED = -1;

export interface EntityRow {
  readonly record: Omit<EntityRecord, 'detail' | 'unreadable'>;
  readonly outcomes: EntityOutcomes | null;
}

export interface Batch {
  readonly kind: 'batch';
  /** True: the policies numbered so far are forgotten. */
  readonly renumber: boolean;
  /** Each is sent once, then named by its number: numbered on from those before. */
  readonly policies: readonly JudgedPolicy[];
  readonly roles: RoleRows;
  /** Roles that were read in columns; their policies are such numbers. */
  readonly columns: readonly SentColumns[];
  /** By row, in ascending order: roles that are named in their export without anything of them. */
  readonly notRecorded: readonly number[];
  readonly managedPolicies: readonly ManagedPolicy[];
  readonly rolePolicies: readonly RolePolicy[];
  readonly rejects: readonly RejectedRecord[];
  readonly entities: readonly EntityRow[];
  readonly entityCaptures: readonly (readonly [EntityType, AccountCapture])[];
  readonly captures: readonly AccountCapture[];
  readonly organizations: readonly OrganizationCapture[];
  /** Bytes of evidence read since the last batch. */
  readonly bytes: number;
}

export type FromWorker =
  | Batch
  /** One part of the input, a file or a member of an archive, begins; batches until `part-end` are its own. */
  | { readonly kind: 'part' }
  | { readonly kind: 'part-end'; readonly reading: FileReading }
  | { readonly kind: 'read-end' }
  | {
      readonly kind: 'failed';
      readonly code: ErrorCode | null;
      readonly message: string;
      readonly stack: string;
    };

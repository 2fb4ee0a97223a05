import type { Evidence } from '../../evidence/evidence.ts';
import type { RoleColumns, RowRun } from '../../json/reader.ts';
import type { AccountCapture, CaptureTimeSource } from '../../model/capture.ts';
import type { FileProblem } from '../../model/file-problem.ts';
import type { OrganizationCapture } from '../../model/organizations/fact.ts';
import type {
  EntityRecord,
  EntityType,
  ManagedPolicy,
  RejectedRecord,
  RolePolicy,
  RoleRecord,
} from '../../model/record.ts';

/** What reading a file brings forth, in the file's order; captures stand at the end. */
export type FormatEvent =
  | { readonly kind: 'role'; readonly record: RoleRecord; readonly place?: number }
  /** Many live roles at once, without versions; only when `ReadOptions.rows` asks for it. */
  | { readonly kind: 'roles'; readonly runs: readonly RowRun[]; readonly columns: RoleColumns }
  | { readonly kind: 'reject'; readonly reject: RejectedRecord }
  | { readonly kind: 'capture'; readonly capture: AccountCapture }
  /** At most once, behind everything else. */
  | { readonly kind: 'organization'; readonly capture: OrganizationCapture }
  | { readonly kind: 'role-policy'; readonly policy: RolePolicy }
  /** These two only when `ReadOptions.details` asks for them; a policy that is a record always. */
  | ({ readonly kind: 'policy' } & PolicyPlace)
  /** Behind the managed policies of one listing, and all roles of it. */
  | { readonly kind: 'policies-end'; readonly whole: boolean }
  /** These two only when `ReadOptions.entities` asks for them. */
  | { readonly kind: 'entity'; readonly record: EntityRecord }
  | { readonly kind: 'entity-capture'; readonly type: EntityType; readonly capture: AccountCapture };

/** Where a managed policy stands whose text may matter. */
export interface PolicyPlace extends Pick<ManagedPolicy, 'arn' | 'capturedAt' | 'version' | 'isRecord'> {
  /** Offset of the element's first byte. */
  readonly offset: number;
  /** As `RoleColumns.places` has it; absent where the offset tells. */
  readonly place?: number;
  /** The default version, where it is known already; null: it cannot be read. */
  readonly document?: string | null;
  /** True where all roles that may have the policy stand before it. */
  readonly settled?: boolean;
}

/** The account of one file, once it is read. */
export interface FileReading {
  readonly evidence: Evidence;
  /** Id of the format, or `zip` or `tar` for an archive as a whole; null when the file was not recognised. */
  readonly format: string | null;
  /** Roles, records of organisations, rows of tables of policies, and rejected records together. */
  readonly recordsRead: number;
  readonly recordsRejected: number;
  /** Null when the file speaks of no account or of several. */
  readonly account: string | null;
  /** Null when the file has no capture or several. */
  readonly capturedAt: string | null;
  /** The least trusted source among the file's captures; null without a capture. */
  readonly capturedFrom: CaptureTimeSource | null;
  /** `incomplete`: more was there to read, or is known to be missing. `unreadable`: nothing could be read. */
  readonly status: 'complete' | 'incomplete' | 'unreadable';
  readonly problems: readonly FileProblem[];
}

export interface ReadOptions {
  /** 12 digits: the account of input that names none. */
  readonly account: string | null;
  /** Normalised time. */
  readonly capturedAt: string | null;
  /** Id of a format, instead of looking at the content. */
  readonly format: string | null;
  /** The user's word that every export shows all roles of its accounts. */
  readonly whole?: boolean;
  /** Types of entities to hand out besides the roles' trust policies; none when absent. */
  readonly entities?: ReadonlySet<EntityType>;
  /** Hands out roles in columns where a format can. */
  readonly rows?: true;
  /** Says where managed policies stand. */
  readonly details?: true;
  /** Capture time of input that has no modification time (standard input) and no other clue. Normalised. */
  readonly receivedAt: string;
  /** Told how many bytes were read from the file system, as often as some are. */
  readonly onBytes?: (count: number) => void;
  /** Ends the waiting for a pipe or terminal. */
  readonly stop?: AbortSignal;
}

import type { DataProblem } from '../../errors.ts';
import type { RoleColumns, RowRun } from '../../json/reader.ts';
import { ALL_READ, type FileProblem } from '../../model/file-problem.ts';
import type { OrganizationCapture } from '../../model/organizations/fact.ts';
import type { EntityRecord, EntityType, RejectedRecord, RolePolicy, RoleRecord } from '../../model/record.ts';
import { parseRoleArn } from '../../model/role-arn.ts';
import type { CaptureTime } from './capture-time.ts';
import { FileCaptures } from './file-captures.ts';
import type { FormatEvent, PolicyPlace, ReadOptions } from './file-reading.ts';
import { GatheredRoles } from './gathered-roles.ts';

const MANAGED_POLICY = /^arn:[a-z0-9-]{1,40}:iam::(?:\d{12}|aws):policy\/[^\p{Cc}]{1,1024}$/u;

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html
const INLINE_NAME = /^[\w+=,.@-]{1,128}$/;

/** A place at which nothing stands. */
export const NO_PLACE = Number.MIN_SAFE_INTEGER;

/** Problems after which a file still counts as complete: nothing is missing from it. */
const NOTES: ReadonlySet<DataProblem> = new Set([
  'not-evidence',
  'not-a-role',
  'unrelated',
  'account-mismatch',
  'account-number-changed',
  'keys-restored',
  'no-trust-policies',
  'text-skipped',
  'account-number-padded',
  'name-from-path',
  'arn-from-name',
  'organization-list-unstated',
  ...ALL_READ,
]);

/** True for a problem that leaves a file complete. */
export function isNote(code: DataProblem): boolean {
  return NOTES.has(code);
}

/** Takes up what a format finds in one file. */
export class Sink {
  readonly captures = new FileCaptures();
  private readonly entityCaptures = new Map<EntityType, FileCaptures>();
  recordsRead = 0;
  recordsRejected = 0;
  private events: FormatEvent[] = [];
  private organizationTime: CaptureTime | null = null;
  private lateOffsets = new Set<number>();
  /** Where the element that is handed to the format can be looked at once more; null where its offset says so. */
  place: number | null = null;
  private readonly noted = new Map<DataProblem, { readonly message: string; count: number }>();
  /** Null where roles are wanted one by one. */
  private readonly gathered: GatheredRoles | null;

  private readonly details: boolean;

  constructor({ rows, details }: Pick<ReadOptions, 'rows' | 'details'>) {
    this.gathered = rows === true ? new GatheredRoles() : null;
    this.details = details === true;
  }

  role(record: RoleRecord): void {
    this.recordsRead++;
    const { place } = this;
    if (this.gathered?.add(record, place) === true) return;
    this.put({ kind: 'role', record, ...(place !== null && { place }) });
  }

  /** Roles of which nothing is odd, in columns. */
  roles(runs: readonly RowRun[], columns: RoleColumns): void {
    this.recordsRead += columns.policies.length;
    this.put({ kind: 'roles', runs, columns });
  }

  /** Not among the records that are counted: those are the roles. */
  entity(record: EntityRecord): void {
    this.put({ kind: 'entity', record });
  }

  /** A managed policy; one whose ARN is none is passed over. */
  policy(place: PolicyPlace): void {
    if (this.details && MANAGED_POLICY.test(place.arn)) this.putPolicy(place);
  }

  /** A managed policy in a file that holds nothing else, with its text; false for an ARN that is none. */
  policyRecord(place: PolicyPlace): boolean {
    if (!MANAGED_POLICY.test(place.arn)) return false;
    this.recordsRead++;
    this.putPolicy({ ...place, isRecord: true });
    return true;
  }

  /** A policy of a role, in a file that holds nothing else; false for one of which an ARN is none. */
  rolePolicy(policy: RolePolicy): boolean {
    const isAttached = policy.kind === 'attached';
    if (isAttached ? !MANAGED_POLICY.test(policy.policy) : !INLINE_NAME.test(policy.policy)) return false;
    if (!parseRoleArn(policy.role).ok) return false;
    this.recordsRead++;
    this.put({ kind: 'role-policy', policy });
    return true;
  }

  /**
   * The end of a listing of roles and managed policies.
   *
   * @param whole it shows all roles of its accounts and all their policies
   */
  endPolicies(whole: boolean): void {
    if (this.details) this.put({ kind: 'policies-end', whole });
  }

  /** The role handed out next has an element that was read some time ago. */
  late(offset: number): void {
    this.lateOffsets.add(offset);
    if (this.place !== null) this.place = NO_PLACE;
  }

  /** True for a role of the last batch that was handed out late. */
  isLate(offset: number): boolean {
    return this.lateOffsets.has(offset);
  }

  /** The batch was taken up. */
  forgetLate(): void {
    if (this.lateOffsets.size > 0) this.lateOffsets = new Set();
  }

  /** What the file says of entities of one type, apart from the trust policies of roles. */
  capturesOf(type: EntityType): FileCaptures {
    let captures = this.entityCaptures.get(type);
    if (captures === undefined) {
      captures = new FileCaptures();
      this.entityCaptures.set(type, captures);
    }
    return captures;
  }

  /** What the file says of organisations, whose records are counted already; call at most once, when all is read. */
  organization(time: CaptureTime, capture: OrganizationCapture): void {
    this.organizationTime = time;
    this.put({ kind: 'organization', capture });
  }

  reject(place: Pick<RejectedRecord, 'offset' | 'pointer'>, code: DataProblem, message: string): void {
    this.recordsRead++;
    this.recordsRejected++;
    const { offset, pointer } = place;
    this.put({ kind: 'reject', reject: { offset, pointer, code, message } });
  }

  /** Of one code the first message is kept and the rest are counted. */
  problem(code: DataProblem, message: string): void {
    const noted = this.noted.get(code);
    if (noted === undefined) this.noted.set(code, { message, count: 1 });
    else noted.count++;
  }

  /** Puts the captures behind the records; call once, when all is read. */
  closeCaptures(): void {
    for (const capture of this.captures.list()) this.put({ kind: 'capture', capture });
    let overflowed = this.captures.overflowed;
    for (const [type, captures] of this.entityCaptures) {
      for (const capture of captures.list()) this.put({ kind: 'entity-capture', type, capture });
      overflowed ||= captures.overflowed;
    }
    if (overflowed) {
      this.problem('captures-too-many', 'the file holds more captures than can be followed; split it');
    }
  }

  /** Of what the file shows as a whole: null where it speaks of no account or of several, or of several times. */
  summary(): ReturnType<FileCaptures['summary']> {
    const of = this.captures.summary();
    const time = this.organizationTime;
    if (time === null || of.capturedFrom !== null) return of;
    return { account: null, capturedAt: time.at, capturedFrom: time.from };
  }

  /** The events since the last call. */
  take(): readonly FormatEvent[] {
    this.settle();
    const events = this.events;
    this.events = [];
    return events;
  }

  private putPolicy(policy: PolicyPlace): void {
    this.put({ kind: 'policy', ...policy, ...(this.place !== null && { place: this.place }) });
  }

  /** Behind the roles that were gathered before. */
  private put(event: FormatEvent): void {
    this.settle();
    this.events.push(event);
  }

  private settle(): void {
    const roles = this.gathered?.take() ?? null;
    if (roles !== null) this.events.push({ kind: 'roles', runs: roles.runs, columns: roles.roles });
  }

  problems(): FileProblem[] {
    return Array.from(this.noted, ([code, { message, count }]) => ({
      code,
      message: count === 1 ? message : `${message} (and ${count - 1} more such)`,
    }));
  }

  /** True when nothing that was noted means that something is missing. */
  get complete(): boolean {
    for (const code of this.noted.keys()) if (!NOTES.has(code)) return false;
    return true;
  }
}

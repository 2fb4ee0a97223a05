import type { AccountCapture } from '../../model/capture.ts';
import type { OrganizationCapture } from '../../model/organizations/fact.ts';
import type {
  EntityRecord,
  EntityType,
  ManagedPolicy,
  RejectedRecord,
  RolePolicy,
} from '../../model/record.ts';
import type { StoredDetail } from '../../model/role-detail-text.ts';
import type { Evaluated } from '../../model/verdict.ts';
import type { EntityOutcomes } from '../entity-rules.ts';
import type { DetailOfRow, JudgedPolicy, JudgedRole, JudgedRoles, JudgedSink } from '../judged-sink.ts';
import {
  BATCH_BYTES,
  BATCH_CHARACTERS,
  BATCH_POLICIES,
  BATCH_ROWS,
  type Batch,
  DELETED,
  type EntityRow,
  packDetails,
  type SentCapture,
  type SentColumns,
} from './protocol.ts';

/** Policies with a number, and their weight; beyond, numbering starts afresh. */
const MAX_NUMBERED = 1024;
const MAX_WEIGHT = 4_000_000;
/** Characters that a way in counts for. */
const WAY_IN = 256;

/** Packs judged records into batches; a policy goes along only the first time. */
export class Batcher implements JudgedSink {
  private readonly numbers = new Map<Evaluated, Map<string, number>>();
  private numbered = 0;
  /** Of the numbered policies, and of those of them that are to be sent. */
  private weight = 0;
  private policyWeight = 0;
  private renumber = true;
  private policies: JudgedPolicy[] = [];
  private captures = new Map<string, number>();
  private sentCaptures: SentCapture[] = [];
  private columns: SentColumns[] = [];
  private rowsInColumns = 0;
  private last: SentCapture | null = null;
  private lastIndex = 0;
  private captureOfRow: number[] = [];
  private arn: string[] = [];
  private roleId: string[] = [];
  private policy: number[] = [];
  private offset: number[] = [];
  private version: string[] = [];
  private versioned = false;
  private notRecorded: number[] = [];
  private details: DetailOfRow[] = [];
  private managedPolicies: ManagedPolicy[] = [];
  private rolePolicies: RolePolicy[] = [];
  /** Characters of both and of those in columns. */
  private detailCharacters = 0;
  private rejects: RejectedRecord[] = [];
  private entities: EntityRow[] = [];
  private entityCaptures: (readonly [EntityType, AccountCapture])[] = [];
  private accountCaptures: AccountCapture[] = [];
  private organizations: OrganizationCapture[] = [];
  private bytesRead = 0;

  /** True when there is enough for a batch. */
  get full(): boolean {
    const records = this.rejects.length + this.entities.length;
    const policies = this.managedPolicies.length + this.rolePolicies.length;
    return (
      this.rowsInColumns + this.arn.length + records + policies >= BATCH_ROWS ||
      this.bytesRead >= BATCH_BYTES ||
      this.detailCharacters >= BATCH_CHARACTERS ||
      this.heavy
    );
  }

  /** True when policies and their ways in alone are enough for a batch. */
  get heavy(): boolean {
    return this.policyWeight >= BATCH_POLICIES;
  }

  addRoles({ judged, details = [], ...roles }: JudgedRoles): void {
    const numbers = judged.map((policy) => this.policyOf(policy));
    const policies = roles.policies.map((place) => numbers[place] as number);
    this.columns.push({ ...roles, policies, details: packDetails(details), behind: this.arn.length });
    for (const { text } of details) this.detailCharacters += text.length;
    this.rowsInColumns += roles.policies.length;
  }

  add(record: JudgedRole, evaluated: Evaluated | null, detail: StoredDetail | null = null): void {
    if (detail !== null) {
      this.details.push({ row: this.arn.length, ...detail });
      this.detailCharacters += detail.text.length;
    }
    const { arn, status, version } = record;
    if (status === 'not-recorded') this.notRecorded.push(this.arn.length);
    this.captureOfRow.push(this.captureOf(record));
    this.policy.push(evaluated === null ? DELETED : this.policyOf({ trust: record.trust, evaluated }));
    this.arn.push(arn);
    this.roleId.push(record.roleId);
    this.offset.push(record.offset);
    this.version.push(version);
    this.versioned ||= version !== '';
  }

  managedPolicy(policy: ManagedPolicy): void {
    this.managedPolicies.push(policy);
    this.detailCharacters += policy.document?.length ?? 0;
  }

  rolePolicy(policy: RolePolicy): void {
    this.rolePolicies.push(policy);
    this.detailCharacters += policy.document?.length ?? 0;
  }

  reject(reject: RejectedRecord): void {
    this.rejects.push(reject);
  }

  capture(capture: AccountCapture): void {
    this.accountCaptures.push(capture);
  }

  organization(capture: OrganizationCapture): void {
    this.organizations.push(capture);
  }

  entity({ detail: _, unreadable: __, ...record }: EntityRecord, outcomes: EntityOutcomes | null): void {
    this.entities.push({ record, outcomes });
  }

  entityCapture(type: EntityType, capture: AccountCapture): void {
    this.entityCaptures.push([type, capture]);
  }

  bytes(count: number): void {
    this.bytesRead += count;
  }

  take(): Batch {
    const batch: Batch = {
      kind: 'batch',
      renumber: this.renumber,
      policies: this.policies,
      roles: {
        captures: this.sentCaptures,
        capture: Int32Array.from(this.captureOfRow),
        arn: this.arn.join('\n'),
        roleId: this.roleId.join('\n'),
        policy: Int32Array.from(this.policy),
        offset: Float64Array.from(this.offset),
        version: this.versioned ? this.version : null,
        details: packDetails(this.details),
      },
      columns: this.columns,
      notRecorded: this.notRecorded,
      managedPolicies: this.managedPolicies,
      rolePolicies: this.rolePolicies,
      rejects: this.rejects,
      entities: this.entities,
      entityCaptures: this.entityCaptures,
      captures: this.accountCaptures,
      organizations: this.organizations,
      bytes: this.bytesRead,
    };
    this.clear();
    return batch;
  }

  private clear(): void {
    // Numbers hold for all batches after the one that brings the policy.
    this.renumber = this.numbered > MAX_NUMBERED || this.weight > MAX_WEIGHT;
    if (this.renumber) {
      this.numbers.clear();
      this.numbered = 0;
      this.weight = 0;
    }
    this.policies = [];
    this.policyWeight = 0;
    this.captures = new Map();
    this.sentCaptures = [];
    this.columns = [];
    this.rowsInColumns = 0;
    this.last = null;
    this.captureOfRow = [];
    this.arn = [];
    this.roleId = [];
    this.policy = [];
    this.offset = [];
    this.version = [];
    this.versioned = false;
    this.notRecorded = [];
    this.details = [];
    this.managedPolicies = [];
    this.rolePolicies = [];
    this.detailCharacters = 0;
    this.rejects = [];
    this.entities = [];
    this.entityCaptures = [];
    this.accountCaptures = [];
    this.organizations = [];
    this.bytesRead = 0;
  }

  private captureOf({ account, capturedAt }: JudgedRole): number {
    const last = this.last;
    if (last?.account === account && last.capturedAt === capturedAt) return this.lastIndex;
    const key = `${account} ${capturedAt}`;
    let index = this.captures.get(key);
    if (index === undefined) {
      index = this.sentCaptures.length;
      this.sentCaptures.push({ account, capturedAt });
      this.captures.set(key, index);
    }
    this.last = this.sentCaptures[index] as SentCapture;
    this.lastIndex = index;
    return index;
  }

  /** The memo hands the same object for the same policy; without a policy, verdicts can be the same object for several. */
  private policyOf({ trust, evaluated }: JudgedPolicy): number {
    const text = trust.state === 'document' ? trust.text : trust.state === 'missing' ? '' : trust.reason;
    const known = this.numbers.get(evaluated);
    const number = known?.get(text);
    if (number !== undefined) return number;
    if (known === undefined) this.numbers.set(evaluated, new Map([[text, this.numbered]]));
    else known.set(text, this.numbered);
    this.policies.push({ trust, evaluated });
    const weight = text.length + WAY_IN * waysIn(evaluated);
    this.weight += weight;
    this.policyWeight += weight;
    return this.numbered++;
  }
}

function waysIn({ verdicts }: Evaluated): number {
  return verdicts.reduce((sum, { paths }) => sum + paths.length, 0);
}

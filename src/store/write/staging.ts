import type { Database } from 'better-sqlite3';
import type { EntityOutcomes } from '../../audit/entity-rules.ts';
import type { JudgedPolicy, JudgedRole, JudgedRoles } from '../../audit/judged-sink.ts';
import { TrustsieveError } from '../../errors.ts';
import type { AccountCapture } from '../../model/capture.ts';
import { ledgerId } from '../../model/ledger.ts';
import type { OrganizationCapture } from '../../model/organizations/fact.ts';
import {
  type EntityRecord,
  MAX_REMEMBERED_POLICY,
  type ManagedPolicy,
  type RejectedRecord,
  type RolePolicy,
  type RoleRecord,
} from '../../model/record.ts';
import type { StoredDetail } from '../../model/role-detail-text.ts';
import type { Evaluated } from '../../model/verdict.ts';
import { wellFormed } from '../../text/hidden-characters.ts';
import { toColumnTime } from '../schema/columns.ts';
import { type Dictionary, type Entry, sourceText } from './dictionary.ts';
import { RoleColumns } from './role-columns.ts';
import { Spill } from './spill.ts';
import type { Compacted } from './spill-pieces.ts';
import { StagedClaims } from './staged-claims.ts';
import { StagedFacts } from './staged-facts.ts';
import type { PolicyHolder } from './staged-policy.ts';
import type { StagedCapture, StagedRole } from './staged-role.ts';

/** How much of one file may wait in memory before it goes to disk. */
export interface StagingLimits {
  /** Roles, captures and rejects together. */
  readonly rows: number;
}

export const STAGING_LIMITS: StagingLimits = { rows: 65_536 };

/** Rows that are numbered together; few, so that they are garbage before the collector has to move them. */
const BATCH = 256;
/** What a capture, a reject and a fact that goes with roles take, compared with a role in its columns. */
const OBJECT_ROWS = 16;

/** A row that has no numbers yet. */
interface Pending extends Entry {
  readonly capture: number;
  readonly offset: number;
  readonly version: string;
  readonly capturedAt: string;
  readonly detail: StoredDetail | null;
}

/**
 * The rows of one evidence file until the file is read to its end: as numbers, in memory up to the limits, beyond them
 * in temporary tables. Of several records of one role in one capture it keeps the one that stands.
 */
export class Staging {
  private readonly db: Database;
  private readonly file: number;
  private readonly dictionary: Dictionary;
  private readonly limits: StagingLimits;
  private readonly claims = new StagedClaims();
  private readonly columns = new RoleColumns();
  private readonly ofOutcomes = new WeakMap<EntityOutcomes, Evaluated>();
  private pending: Pending[] = [];
  private rejectedRecords: RejectedRecord[] = [];
  private onDisk: Compacted | undefined;
  /** Of columns that went to disk. */
  private supersededOnDisk = 0;
  private spill: Spill | undefined;
  /** What the file says of organisations; null: nothing. */
  organization: OrganizationCapture | null = null;
  /** What goes with failing roles. */
  readonly details: StagedFacts;
  readonly managedPolicies: StagedFacts;
  /** Of roles that may be in other files. */
  readonly rolePolicies: StagedFacts;
  /** Managed policies that are records. */
  private policyRecords = 0;
  private rolePolicyRecords = 0;
  /** Records given to `add`. */
  added = 0;
  /** Records given to `reject`. */
  rejected = 0;

  constructor(db: Database, file: number, dictionary: Dictionary, limits: StagingLimits) {
    this.db = db;
    this.file = file;
    this.dictionary = dictionary;
    this.limits = limits;
    const facts = Math.max(1, Math.floor(limits.rows / OBJECT_ROWS));
    this.details = new StagedFacts(db, `spill_detail_${file}`, facts);
    this.managedPolicies = new StagedFacts(db, `spill_policy_${file}`, facts);
    this.rolePolicies = new StagedFacts(db, `spill_role_policy_${file}`, facts);
  }

  /** `evaluated` is null for a deleted role, which has no policy to judge. */
  add(record: JudgedRole, evaluated: Evaluated | null, detail: StoredDetail | null = null): void {
    if (evaluated === null && record.status !== 'deleted')
      throw new TrustsieveError('internal', `no verdict for the live role \`${record.arn}\``);
    this.added++;
    const outcome = record.status === 'deleted' ? null : evaluated;
    this.put(record.account, record, record, outcome, record, detail);
  }

  addRoles({ runs, texts, lengths, offsets, policies, judged, details = [] }: JudgedRoles): void {
    const sources: PolicyHolder[] = [];
    let row = 0;
    let at = 0;
    let detailed = 0;
    for (const { group, count } of runs) {
      for (const end = row + count; row < end; row++) {
        const id = at + (lengths[2 * row] as number);
        const next = id + (lengths[2 * row + 1] as number);
        const policy = policies[row] as number;
        const { trust, evaluated } = judged[policy] as JudgedPolicy;
        sources[policy] ??= { trust, status: 'live' };
        const role = { arn: texts.slice(at, id), roleId: texts.slice(id, next) };
        const place = { capturedAt: group.capturedAt, offset: offsets[row] as number, version: '' };
        const detail = details[detailed]?.row === row ? (details[detailed++] as StoredDetail) : null;
        this.put(group.account, role, place, evaluated, sources[policy], detail);
        at = next;
      }
      this.added += count;
    }
  }

  /** One entity under further rules; `outcomes` is null for one that is gone. */
  addEntity(record: EntityRecord, outcomes: EntityOutcomes | null): void {
    const { arn, id: roleId } = record;
    this.put(
      ledgerId(record.account, record.type),
      { arn, roleId },
      record,
      outcomes === null ? null : this.evaluatedOf(outcomes),
      outcomes?.text ?? '',
    );
  }

  addPolicy({ arn, capturedAt, version, document, isRecord }: ManagedPolicy): void {
    if (isRecord === true) this.policyRecords++;
    const [id, value] = this.dictionary.policyWords(arn, document);
    this.managedPolicies.add({ id, at: toColumnTime(capturedAt), version, value, extra: '' });
  }

  addRolePolicy({ role, capturedAt, kind, policy, document, whole }: RolePolicy): void {
    this.rolePolicyRecords++;
    const [id, value] = this.dictionary.policyWords(role, document, true);
    const extra = `${kind === 'attached' ? 0 : 1}${whole ? 1 : 0}${wellFormed(policy)}`;
    this.rolePolicies.add({ id, at: toColumnTime(capturedAt), version: '', value, extra });
  }

  /** What became of the policies that are records. */
  policyCounts(): { readonly accepted: number; readonly duplicate: number } {
    const read = this.policyRecords + this.rolePolicyRecords;
    if (read === 0) return { accepted: 0, duplicate: 0 };
    const accepted =
      (this.policyRecords > 0 ? this.managedPolicies.distinct() : 0) + this.rolePolicies.distinct();
    return { accepted, duplicate: read - accepted };
  }

  reject(reject: RejectedRecord): void {
    this.rejected++;
    this.rejectedRecords.push(reject);
    this.settle();
  }

  /** What the file says of an account at a time; said twice, incomplete outweighs complete. */
  claim(capture: AccountCapture): void {
    this.claims.add(capture);
    this.settle();
  }

  /** Rows that stand: one for each role and capture. */
  distinct(): number {
    if (this.settledOnDisk() !== undefined) return this.onDisk?.roles ?? 0;
    this.settleColumns();
    return this.columns.length;
  }

  /** Rows that a newer version of the same role in the same capture set aside. */
  superseded(): number {
    if (this.settledOnDisk() !== undefined) return this.supersededOnDisk + (this.onDisk?.superseded ?? 0);
    this.settleColumns();
    return this.columns.superseded;
  }

  /** By account, then time. May be read more than once. */
  captures(): Iterable<StagedCapture> {
    return this.settledOnDisk()?.captures() ?? this.capturesInMemory();
  }

  rejects(): Iterable<readonly RejectedRecord[]> {
    return this.settledOnDisk()?.rejects() ?? [this.rejectedRecords];
  }

  clear(): void {
    this.organization = null;
    this.pending = [];
    this.forget();
    this.details.clear();
    this.managedPolicies.clear();
    this.rolePolicies.clear();
    this.policyRecords = 0;
    this.rolePolicyRecords = 0;
    this.spill?.clear();
    this.spill = undefined;
  }

  private put(
    account: string,
    role: StagedRole,
    { capturedAt, offset, version }: Pick<RoleRecord, 'capturedAt' | 'offset' | 'version'>,
    evaluated: Evaluated | null,
    source: Entry['source'],
    detail: StoredDetail | null = null,
  ): void {
    if (role.arn === '') throw new TrustsieveError('internal', 'a record without an ARN reached the store');
    const capture = this.claims.of(account, capturedAt).index;
    this.pending.push({
      account,
      role: storable(role),
      evaluated,
      source,
      capture,
      offset,
      version,
      capturedAt,
      detail,
    });
    const isLarge = isLong(source) || (detail !== null && detail.text.length > MAX_REMEMBERED_POLICY);
    if (this.pending.length >= BATCH || isLarge) this.number();
    this.settle();
  }

  private evaluatedOf(outcomes: EntityOutcomes): Evaluated {
    let evaluated = this.ofOutcomes.get(outcomes);
    if (evaluated === undefined) {
      evaluated = { account: '', verdicts: outcomes.verdicts };
      this.ofOutcomes.set(outcomes, evaluated);
    }
    return evaluated;
  }

  /** Puts the pending rows into the columns. */
  private number(): void {
    const pending = this.pending;
    if (pending.length === 0) return;
    this.pending = [];
    this.dictionary.intern(pending, (index, role, policy) => {
      const { capture, offset, version, capturedAt, detail } = pending[index] as Pending;
      this.columns.push(capture, role, policy, offset, version);
      if (detail !== null) {
        const value = this.dictionary.details.detail(detail.text);
        this.details.add({
          id: role,
          at: toColumnTime(capturedAt),
          version,
          value,
          extra: detail.lastUsed ?? '',
        });
      }
    });
  }

  private settleColumns(): void {
    this.number();
    this.columns.settle(this.dictionary.policies.outranks);
  }

  /** Called when every row is in its place, because going to disk empties the maps. */
  private settle(): void {
    const objects = this.claims.size + this.rejectedRecords.length + this.pending.length;
    if (this.columns.length + objects * OBJECT_ROWS < this.limits.rows) return;
    this.spill ??= new Spill(this.db, this.file);
    this.toDisk(this.spill);
  }

  private toDisk(spill: Spill): void {
    this.settleColumns();
    spill.write(this.claims.all(), this.columns, this.rejectedRecords);
    this.supersededOnDisk += this.columns.superseded;
    this.onDisk = undefined;
    this.forget();
  }

  /** The rows on disk, all of them and each role once; undefined when the file fits into memory. */
  private settledOnDisk(): Spill | undefined {
    if (this.spill === undefined) return undefined;
    if (this.claims.size + this.rejectedRecords.length > 0) this.toDisk(this.spill);
    this.onDisk ??= this.spill.compact(this.dictionary.policies.outranks);
    return this.spill;
  }

  private forget(): void {
    this.claims.clear();
    this.columns.clear();
    this.rejectedRecords = [];
  }

  private *capturesInMemory(): Iterable<StagedCapture> {
    this.settleColumns();
    const firstOf = new Map<number, number>();
    for (let from = 0; from < this.columns.length; from += this.columns.page(from).length) {
      firstOf.set(this.columns.captures[from] as number, from);
    }
    for (const { index, account, capturedAt, complete, reasons } of this.claims.inOrder()) {
      const from = firstOf.get(index);
      const pages = from === undefined ? [] : [this.columns.page(from)];
      yield { account, capturedAt, complete, reasons, pages };
    }
  }
}

/** True for what is too long to wait with others. */
function isLong(source: Entry['source']): boolean {
  return (sourceText(source)?.length ?? 0) > MAX_REMEMBERED_POLICY;
}

/** Text as SQLite can hold it: else two names that differ only in half a surrogate pair would be two roles here and one there. */
function storable(role: StagedRole): StagedRole {
  const arn = wellFormed(role.arn);
  const roleId = wellFormed(role.roleId);
  if (arn === role.arn && roleId === role.roleId) return role;
  return { arn, roleId };
}

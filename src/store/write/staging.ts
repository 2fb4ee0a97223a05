import type { Database } from 'better-sqlite3';
import type { JudgedRole } from '../../audit/audit-file.ts';
import type { EntityOutcomes } from '../../audit/entity-rules.ts';
import { TrustsieveError } from '../../errors.ts';
import { type AccountCapture, joinReasons, type Reasons } from '../../model/capture.ts';
import { ledgerId } from '../../model/ledger.ts';
import { type EntityRecord, MAX_REMEMBERED_POLICY, type RoleRecord } from '../../model/record.ts';
import type { Evaluated } from '../../model/verdict.ts';
import { type Dictionary, type Entry, textOf } from './dictionary.ts';
import { RoleColumns } from './role-columns.ts';
import { Spill } from './spill.ts';
import type { Compacted } from './spill-pieces.ts';
import {
  type StagedCapture,
  type StagedClaim,
  type StagedReject,
  type StagedRole,
  storableText,
} from './staged-role.ts';

/** How much of one file may wait in memory before it goes to disk. */
export interface StagingLimits {
  /** Roles, captures and rejects together. */
  readonly rows: number;
  /** Characters of trust policies whose hashes are remembered. */
  readonly policyCharacters: number;
}

export const STAGING_LIMITS: StagingLimits = { rows: 65_536, policyCharacters: 1_000_000 };

/** Rows that are numbered together; few, so that they are garbage before the collector has to move them. */
const BATCH = 256;
/** What a capture and a reject take, compared with a role in its columns. */
const OBJECT_ROWS = 16;

interface Group {
  readonly account: string;
  readonly capturedAt: string;
  readonly index: number;
  complete: boolean | null;
  reasons: Reasons;
}

/** A row that has no numbers yet. */
interface Pending extends Entry {
  readonly capture: number;
  readonly offset: number;
  readonly version: string;
}

/**
 * The rows of one evidence file until the file is read to its end: as numbers, in memory up to the limits, beyond them
 * in temporary tables. Of several records of one role in one capture it keeps the one that stands.
 */
export class Staging {
  readonly #db: Database;
  readonly #file: number;
  readonly #dictionary: Dictionary;
  readonly #limits: StagingLimits;
  readonly #groups = new Map<string, Group>();
  readonly #columns = new RoleColumns();
  readonly #ofOutcomes = new WeakMap<EntityOutcomes, Evaluated>();
  #pending: Pending[] = [];
  #rejects: StagedReject[] = [];
  #group: Group | undefined;
  #onDisk: Compacted | undefined;
  /** Of columns that went to disk. */
  #superseded = 0;
  #spill: Spill | undefined;
  /** Records given to `add`. */
  added = 0;
  /** Records given to `reject`. */
  rejected = 0;

  constructor(db: Database, file: number, dictionary: Dictionary, limits: StagingLimits) {
    this.#db = db;
    this.#file = file;
    this.#dictionary = dictionary;
    this.#limits = limits;
  }

  /** `evaluated` is null for a deleted role, which has no policy to judge. */
  add(record: JudgedRole, evaluated: Evaluated | null): void {
    if (evaluated === null && record.status !== 'deleted')
      throw new TrustsieveError('internal', `no verdict for the live role \`${record.arn}\``);
    this.added++;
    this.#put(record.account, record, record, record.status === 'deleted' ? null : evaluated, record);
  }

  /** One entity under further rules; `outcomes` is null for one that is gone. */
  addEntity(record: EntityRecord, outcomes: EntityOutcomes | null): void {
    const { arn, id: roleId } = record;
    this.#put(
      ledgerId(record.account, record.type),
      { arn, roleId },
      record,
      outcomes === null ? null : this.#evaluatedOf(outcomes),
      outcomes?.text ?? '',
    );
  }

  reject(reject: StagedReject): void {
    this.rejected++;
    this.#rejects.push(reject);
    this.#settle();
  }

  /** What the file says of an account at a time; said twice, incomplete outweighs complete. */
  claim(capture: AccountCapture): void {
    const group = this.#groupOf(capture.account, capture.capturedAt);
    if (capture.complete) {
      group.complete ??= true;
    } else {
      group.complete = false;
      group.reasons = joinReasons(group.reasons, capture.reasons);
    }
    this.#settle();
  }

  /** Rows that stand: one for each role and capture. */
  distinct(): number {
    if (this.#settledOnDisk() !== undefined) return this.#onDisk?.roles ?? 0;
    this.#settleColumns();
    return this.#columns.length;
  }

  /** Rows that a newer version of the same role in the same capture set aside. */
  superseded(): number {
    if (this.#settledOnDisk() !== undefined) return this.#superseded + (this.#onDisk?.superseded ?? 0);
    this.#settleColumns();
    return this.#columns.superseded;
  }

  /** By account, then time. May be read more than once. */
  captures(): Iterable<StagedCapture> {
    return this.#settledOnDisk()?.captures() ?? this.#capturesInMemory();
  }

  rejects(): Iterable<readonly StagedReject[]> {
    return this.#settledOnDisk()?.rejects() ?? [this.#rejects];
  }

  clear(): void {
    this.#pending = [];
    this.#forget();
    this.#spill?.clear();
    this.#spill = undefined;
  }

  #put(
    account: string,
    role: StagedRole,
    { capturedAt, offset, version }: Pick<RoleRecord, 'capturedAt' | 'offset' | 'version'>,
    evaluated: Evaluated | null,
    source: Entry['source'],
  ): void {
    if (role.arn === '') throw new TrustsieveError('internal', 'a record without an ARN reached the store');
    const capture = this.#groupOf(account, capturedAt).index;
    this.#pending.push({ account, role: storable(role), evaluated, source, capture, offset, version });
    if (this.#pending.length >= BATCH || isLong(source)) this.#number();
    this.#settle();
  }

  #evaluatedOf(outcomes: EntityOutcomes): Evaluated {
    let evaluated = this.#ofOutcomes.get(outcomes);
    if (evaluated === undefined) {
      evaluated = { account: '', verdicts: outcomes.verdicts };
      this.#ofOutcomes.set(outcomes, evaluated);
    }
    return evaluated;
  }

  #groupOf(account: string, capturedAt: string): Group {
    const last = this.#group;
    if (last !== undefined && last.account === account && last.capturedAt === capturedAt) return last;
    const key = `${capturedAt} ${account}`;
    let group = this.#groups.get(key);
    if (group === undefined) {
      if (account === '')
        throw new TrustsieveError('internal', 'a record without an account reached the store');
      group = { account, capturedAt, index: this.#groups.size, complete: null, reasons: [] };
      this.#groups.set(key, group);
    }
    this.#group = group;
    return group;
  }

  /** Puts the pending rows into the columns. */
  #number(): void {
    const pending = this.#pending;
    if (pending.length === 0) return;
    this.#pending = [];
    this.#dictionary.intern(pending, (index, role, policy) => {
      const { capture, offset, version } = pending[index] as Pending;
      this.#columns.push(capture, role, policy, offset, version);
    });
  }

  #settleColumns(): void {
    this.#number();
    this.#columns.settle(this.#dictionary.policies.outranks);
  }

  /** Called when every row is in its place, because going to disk empties the maps. */
  #settle(): void {
    const objects = this.#groups.size + this.#rejects.length + this.#pending.length;
    if (this.#columns.length + objects * OBJECT_ROWS < this.#limits.rows) return;
    this.#spill ??= new Spill(this.#db, this.#file);
    this.#toDisk(this.#spill);
  }

  #toDisk(spill: Spill): void {
    this.#settleColumns();
    spill.write([...this.#groups.values()], this.#columns, this.#rejects);
    this.#superseded += this.#columns.superseded;
    this.#onDisk = undefined;
    this.#forget();
  }

  /** The rows on disk, all of them and each role once; undefined when the file fits into memory. */
  #settledOnDisk(): Spill | undefined {
    if (this.#spill === undefined) return undefined;
    if (this.#groups.size + this.#rejects.length > 0) this.#toDisk(this.#spill);
    this.#onDisk ??= this.#spill.compact(this.#dictionary.policies.outranks);
    return this.#spill;
  }

  #forget(): void {
    this.#groups.clear();
    this.#columns.clear();
    this.#rejects = [];
    this.#group = undefined;
  }

  *#capturesInMemory(): Iterable<StagedCapture> {
    this.#settleColumns();
    const firstOf = new Map<number, number>();
    for (let from = 0; from < this.#columns.length; from += this.#columns.page(from).length) {
      firstOf.set(this.#columns.captures[from] as number, from);
    }
    const groups: readonly (StagedClaim & { readonly index: number })[] = [...this.#groups.values()];
    for (const { index, account, capturedAt, complete, reasons } of groups.toSorted(byAccountAndTime)) {
      const from = firstOf.get(index);
      const pages = from === undefined ? [] : [this.#columns.page(from)];
      yield { account, capturedAt, complete, reasons, pages };
    }
  }
}

/** True for what is too long to wait with others. */
function isLong(source: Entry['source']): boolean {
  return (textOf(source)?.length ?? 0) > MAX_REMEMBERED_POLICY;
}

function storable(role: StagedRole): StagedRole {
  const arn = storableText(role.arn);
  const roleId = storableText(role.roleId);
  if (arn === role.arn && roleId === role.roleId) return role;
  return { arn, roleId };
}

function byAccountAndTime(a: StagedClaim, b: StagedClaim): number {
  return order(a.account, b.account) || order(a.capturedAt, b.capturedAt);
}

function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

import type { Database } from 'better-sqlite3';
import type { EntityOutcomes } from '../audit/entity-rules.ts';
import { TrustsieveError } from '../errors.ts';
import type { AccountCapture, EntityRecord, RoleRecord } from '../formats/record.ts';
import { ledgerId } from './ledger.ts';
import { openSpill, type Spill } from './spill.ts';
import { roleKey } from './spill-pieces.ts';
import { type PolicyMemo, type StagedPolicy, stageOutcomes } from './staged-policy.ts';
import {
  type Evaluated,
  type StagedCapture,
  type StagedReject,
  type StagedRole,
  type StagedVerdicts,
  storableText,
  supersedes,
} from './staged-role.ts';

/** How much of one file may wait in memory before it goes to disk. */
export interface StagingLimits {
  /** Roles, captures and rejects together. */
  readonly rows: number;
  /** Characters of distinct trust policies. */
  readonly policyCharacters: number;
}

export const STAGING_LIMITS: StagingLimits = { rows: 40_000, policyCharacters: 32_000_000 };

interface Group {
  readonly account: string;
  readonly capturedAt: string;
  complete: boolean | null;
  reason: string | null;
  readonly roles: Map<string, StagedRole>;
}

interface PolicyEntry {
  readonly policy: StagedPolicy;
  readonly text: string;
  readonly evaluated: Map<string, Evaluated>;
}

/**
 * The rows of one evidence file until the file is read to its end: in memory up to the limits, beyond them in
 * temporary tables. Holds one row for each role and capture, the one that `supersedes` the others.
 */
export class Staging {
  readonly #db: Database;
  readonly #file: number;
  readonly #memo: PolicyMemo;
  readonly #limits: StagingLimits;
  readonly #groups = new Map<string, Group>();
  readonly #policies = new Map<string, PolicyEntry>();
  readonly #recent = new Map<Evaluated, PolicyEntry>();
  readonly #recentOutcomes = new Map<EntityOutcomes, StagedPolicy>();
  #rejects: StagedReject[] = [];
  #group: Group | undefined;
  #rows = 0;
  #policyCharacters = 0;
  #distinctOnDisk: number | undefined;
  #spill: Spill | undefined;
  /** Records given to `add`. */
  added = 0;
  /** Records given to `reject`. */
  rejected = 0;

  constructor(db: Database, file: number, memo: PolicyMemo, limits: StagingLimits) {
    this.#db = db;
    this.#file = file;
    this.#memo = memo;
    this.#limits = limits;
  }

  /** `evaluated` is null for a deleted role, which has no policy to judge. */
  add(record: RoleRecord, evaluated: Evaluated | null): void {
    const group = this.#groupOf(record.account, record.capturedAt);
    const policy = record.status === 'deleted' ? '' : this.#policyOf(record, evaluated);
    this.added++;
    this.#put(group, this.#roleOf(record, policy));
  }

  /** One entity under further rules; `outcomes` is null for one that is gone. */
  addEntity(record: EntityRecord, outcomes: EntityOutcomes | null): void {
    const group = this.#groupOf(ledgerId(record.account, record.type), record.capturedAt);
    const policy = outcomes === null ? '' : this.#outcomesOf(outcomes);
    const { name: roleName, id: roleId } = record;
    this.#put(group, this.#roleOf({ ...record, roleName, roleId }, policy));
  }

  #put(group: Group, role: StagedRole): void {
    const key = roleKey(role);
    const known = group.roles.get(key);
    if (known === undefined) this.#rows++;
    if (known === undefined || supersedes(role, known)) group.roles.set(key, role);
    this.#settle();
  }

  reject(reject: StagedReject): void {
    this.rejected++;
    this.#rejects.push(reject);
    this.#rows++;
    this.#settle();
  }

  /** What the file says of an account at a time; said twice, incomplete outweighs complete. */
  claim(capture: AccountCapture): void {
    const group = this.#groupOf(capture.account, capture.capturedAt);
    if (capture.complete) {
      group.complete ??= true;
    } else {
      const reason = capture.reason ?? 'unstated';
      group.complete = false;
      group.reason = group.reason === null || reason < group.reason ? reason : group.reason;
    }
    this.#settle();
  }

  /** Rows that stand: one for each role and capture. */
  distinct(): number {
    if (this.#settledOnDisk() !== undefined) return this.#distinctOnDisk ?? 0;
    let distinct = 0;
    for (const group of this.#groups.values()) distinct += group.roles.size;
    return distinct;
  }

  /** By account, then time. May be read more than once. */
  captures(): Iterable<StagedCapture> {
    return this.#settledOnDisk()?.captures() ?? this.#groupsInMemory();
  }

  verdicts(): Iterable<StagedVerdicts> {
    return this.#settledOnDisk()?.verdicts() ?? this.#verdictsInMemory();
  }

  rejects(): Iterable<readonly StagedReject[]> {
    return this.#settledOnDisk()?.rejects() ?? [this.#rejects];
  }

  clear(): void {
    this.#forget();
    this.#spill?.clear();
    this.#spill = undefined;
  }

  #groupOf(account: string, capturedAt: string): Group {
    const last = this.#group;
    if (last !== undefined && last.account === account && last.capturedAt === capturedAt) return last;
    const key = `${capturedAt} ${account}`;
    let group = this.#groups.get(key);
    if (group === undefined) {
      if (account === '')
        throw new TrustsieveError('internal', 'a record without an account reached the store');
      group = { account, capturedAt, complete: null, reason: null, roles: new Map() };
      this.#groups.set(key, group);
      this.#rows++;
    }
    this.#group = group;
    return group;
  }

  #policyOf(record: RoleRecord, evaluated: Evaluated | null): string {
    if (evaluated === null)
      throw new TrustsieveError('internal', `no verdict for the live role \`${record.arn}\``);
    const text = record.trust.state === 'document' && record.status === 'live' ? record.trust.text : null;
    // The caller hands the same object for the same policy; comparing texts is far cheaper than hashing them.
    const recent = this.#recent.get(evaluated);
    if (text !== null && recent !== undefined && recent.text === text) return recent.policy.sha256;
    const policy = this.#memo.stage(record);
    let entry = this.#policies.get(policy.sha256);
    if (entry === undefined) {
      entry = { policy, text: policy.document ?? '', evaluated: new Map() };
      this.#policies.set(policy.sha256, entry);
      this.#policyCharacters += 1000 + entry.text.length;
    }
    if (!entry.evaluated.has(evaluated.account)) entry.evaluated.set(evaluated.account, evaluated);
    this.#recent.set(evaluated, entry);
    return policy.sha256;
  }

  #outcomesOf(outcomes: EntityOutcomes): string {
    const recent = this.#recentOutcomes.get(outcomes);
    if (recent !== undefined) return recent.sha256;
    const policy = stageOutcomes(outcomes.text);
    if (!this.#policies.has(policy.sha256)) {
      const evaluated = new Map([['', { account: '', verdicts: outcomes.verdicts }]]);
      this.#policies.set(policy.sha256, { policy, text: outcomes.text, evaluated });
      this.#policyCharacters += 1000 + outcomes.text.length * 10;
    }
    this.#recentOutcomes.set(outcomes, policy);
    return policy.sha256;
  }

  #roleOf(
    record: Pick<RoleRecord, 'arn' | 'roleName' | 'roleId' | 'partition' | 'version' | 'offset'>,
    policy: string,
  ): StagedRole {
    if (record.arn === '') throw new TrustsieveError('internal', 'a record without an ARN reached the store');
    return {
      arn: storableText(record.arn),
      roleName: record.roleName,
      roleId: storableText(record.roleId),
      partition: record.partition,
      policy,
      version: record.version,
      offset: record.offset,
    };
  }

  /** Called when every row is in its place, because going to disk empties the maps. */
  #settle(): void {
    if (this.#rows < this.#limits.rows && this.#policyCharacters < this.#limits.policyCharacters) return;
    this.#spill ??= openSpill(this.#db, this.#file, this.#limits.rows);
    this.#toDisk(this.#spill);
  }

  #toDisk(spill: Spill): void {
    spill.write(this.#groupsInMemory(), this.#verdictsInMemory(), this.#rejects);
    this.#distinctOnDisk = undefined;
    this.#forget();
  }

  /** The rows on disk, all of them and each role once; undefined when the file fits into memory. */
  #settledOnDisk(): Spill | undefined {
    if (this.#spill === undefined) return undefined;
    if (this.#rows > 0) this.#toDisk(this.#spill);
    this.#distinctOnDisk ??= this.#spill.compact();
    return this.#spill;
  }

  #forget(): void {
    this.#groups.clear();
    this.#policies.clear();
    this.#recent.clear();
    this.#recentOutcomes.clear();
    this.#rejects = [];
    this.#group = undefined;
    this.#rows = 0;
    this.#policyCharacters = 0;
  }

  *#groupsInMemory(): Iterable<StagedCapture> {
    const groups = [...this.#groups.values()];
    groups.sort((a, b) => order(a.account, b.account) || order(a.capturedAt, b.capturedAt));
    for (const { account, capturedAt, complete, reason, roles } of groups) {
      yield { account, capturedAt, complete, reason, pages: [[...roles.values()]] };
    }
  }

  *#verdictsInMemory(): Iterable<StagedVerdicts> {
    for (const { policy, evaluated } of this.#policies.values())
      yield { policy, evaluated: evaluated.values() };
  }
}

function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

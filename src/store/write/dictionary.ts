import type { Database } from 'better-sqlite3';
import { MAX_REMEMBERED_POLICY } from '../../model/record.ts';
import type { Evaluated } from '../../model/verdict.ts';
import { BoundedMap } from '../../text/bounded-map.ts';
import { breakSeal } from '../schema/seal-rows.ts';
import { DetailWords } from './detail-words.ts';
import { type KnownPolicy, openPolicies, type Policies } from './policies.ts';
import { Roles } from './roles.ts';
import { type PolicyHolder, type StagedPolicy, stageOutcomes, stagePolicy } from './staged-policy.ts';
import type { StagedRole } from './staged-role.ts';
import { VerdictWriter } from './verdict-writer.ts';

/** One row to be given numbers. */
export interface Entry {
  readonly account: string;
  readonly role: StagedRole;
  /** What was made of the policy; null: the role is gone. */
  readonly evaluated: Evaluated | null;
  /** What holds the trust policy, or the text of the outcomes of further rules. */
  readonly source: PolicyHolder | string;
}

const REMEMBERED = 1024;
/** Rows in one transaction: each commit writes again all pages of the index that its rows touched. */
const COMMIT_ROWS = 65_536;
/** Longest time for which the store is locked while no rows come, in milliseconds. */
const COMMIT_AFTER = 250;

interface Known {
  readonly text: string;
  readonly id: number;
}

/**
 * The tables that give names numbers: roles and policies, with the verdicts that follow from a policy alone. They may
 * be written before a file is known to its end, because no row of them says that anything was seen: only observations
 * do, and those come in one transaction with the file.
 */
export class Dictionary {
  private readonly db: Database;
  readonly policies: Policies;
  private readonly roles: Roles;
  readonly verdicts: VerdictWriter;
  /** To be asked while entries are visited. */
  readonly details: DetailWords;
  /** The caller hands the same object for the same policy; comparing texts is far cheaper than hashing them. */
  private readonly recent = new BoundedMap<Evaluated, Known>(REMEMBERED);
  private broken: { readonly error: unknown } | null = null;
  private rows = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(db: Database) {
    this.db = db;
    this.policies = openPolicies(db);
    this.roles = new Roles(db);
    this.verdicts = new VerdictWriter(db);
    this.details = new DetailWords(db);
  }

  /**
   * Gives each entry's role and policy (0: gone) in the order of the entries. What it adds is committed some time
   * later, at the latest by `commit`. Once something went wrong, numbers may be void: every later call throws too.
   */
  intern(entries: readonly Entry[], visit: (index: number, role: number, policy: number) => void): void {
    this.attempt(() => {
      this.begin();
      this.numberAll(entries, this.policiesOf(entries), visit);
      this.rows += entries.length;
      if (this.rows >= COMMIT_ROWS) this.end();
    });
  }

  /**
   * The numbers of a managed policy and of its text, as DetailWords gives them; for the rest as `intern`.
   *
   * @param isHolder the ARN is that of a role which has the policy
   */
  policyWords(arn: string, document: string | null, isHolder = false): readonly [number, number] {
    let words: readonly [number, number] = [0, 0];
    this.attempt(() => {
      this.begin();
      const { details } = this;
      words = [isHolder ? details.holder(arn) : details.policy(arn), details.document(document)];
      if (++this.rows >= COMMIT_ROWS) this.end();
    });
    return words;
  }

  /** Does the work of one file, which has a savepoint of its own, in one transaction with the names it waits for. */
  commitWith(work: () => void): void {
    this.attempt(() => this.begin());
    try {
      work();
    } catch (error) {
      // SQLite may have rolled back all of it, and with it names that have their numbers already.
      if (!this.db.inTransaction) this.fail(error);
      throw error;
    }
    this.commit();
  }

  /** To be called before any other transaction on this connection, and before it is closed. */
  commit(): void {
    this.attempt(() => this.end());
  }

  /** Forgets what was saved, so that it is saved again: other rules may judge from now on. */
  forget(): void {
    this.policies.forget();
    this.verdicts.forget();
    this.roles.forget();
    this.details.forget();
    this.recent.clear();
  }

  /** The policy of each entry, 0 where the role is gone; those that were not there are added, with their verdicts. */
  private policiesOf(entries: readonly Entry[]): Int32Array {
    const ids = new Int32Array(entries.length);
    const unknown = new Unknown();
    entries.forEach(({ evaluated, source }, index) => {
      if (evaluated === null) return;
      const known = this.recent.get(evaluated);
      if (known !== undefined && known.text === sourceText(source)) ids[index] = known.id;
      else unknown.add(index, evaluated, source);
    });
    if (unknown.policies.length === 0) return ids;
    const found = this.policies.internAll(unknown.policies);
    for (const { index, evaluated, source, policy, isFirst } of unknown.entries) {
      const { id, isNew } = found[policy] as KnownPolicy;
      ids[index] = id;
      this.verdicts.save(id, evaluated, isNew && isFirst);
      const text = sourceText(source);
      if (text !== null && text.length <= MAX_REMEMBERED_POLICY) this.recent.set(evaluated, { text, id });
    }
    return ids;
  }

  private numberAll(
    entries: readonly Entry[],
    policies: Int32Array,
    visit: Parameters<Dictionary['intern']>[1],
  ): void {
    for (let from = 0; from < entries.length; ) {
      const { account } = entries[from] as Entry;
      let end = from + 1;
      while (end < entries.length && entries[end]?.account === account) end++;
      const roles = entries.slice(from, end).map(({ role }) => role);
      for (const id of this.roles.internAll(account, roles)) {
        visit(from, id, policies[from] as number);
        from++;
      }
    }
  }

  /** Does what must succeed as long as anything builds on it. */
  private attempt(work: () => void): void {
    if (this.broken !== null) throw this.broken.error;
    try {
      work();
    } catch (error) {
      this.fail(error);
      if (this.db.inTransaction) this.db.exec('ROLLBACK');
      throw error;
    }
  }

  private fail(error: unknown): void {
    this.broken = { error };
    clearTimeout(this.timer);
  }

  private begin(): void {
    if (this.timer !== undefined) {
      this.timer.refresh();
      return;
    }
    this.db.exec('BEGIN IMMEDIATE');
    breakSeal(this.db);
    this.roles.begin();
    this.rows = 0;
    this.timer = setTimeout(() => {
      try {
        this.attempt(() => this.end());
      } catch {
        // The next call throws it again.
      }
    }, COMMIT_AFTER);
    this.timer.unref();
  }

  private end(): void {
    if (this.timer === undefined) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.verdicts.flush();
    this.roles.end();
    this.db.exec('COMMIT');
  }
}

interface UnknownEntry extends Pick<Entry, 'source'> {
  /** Its place among all entries. */
  readonly index: number;
  readonly evaluated: Evaluated;
  /** The place of its policy among the unknown ones. */
  readonly policy: number;
  /** True when no entry before it has this policy. */
  readonly isFirst: boolean;
}

/** Entries whose policies have no number yet, and these policies, each once. */
class Unknown {
  readonly entries: UnknownEntry[] = [];
  readonly policies: StagedPolicy[] = [];
  private readonly places = new Map<string, number>();

  add(index: number, evaluated: Evaluated, source: Entry['source']): void {
    const staged = typeof source === 'string' ? stageOutcomes(source) : stagePolicy(source);
    const known = this.places.get(staged.sha256);
    const policy = known ?? this.policies.push(staged) - 1;
    if (known === undefined) this.places.set(staged.sha256, policy);
    this.entries.push({ index, evaluated, source, policy, isFirst: known === undefined });
  }
}

/** Null for what has no text to compare by. */
export function sourceText(source: Entry['source']): string | null {
  if (typeof source === 'string') return source;
  const { trust, status } = source;
  return trust.state === 'document' && status === 'live' ? trust.text : null;
}

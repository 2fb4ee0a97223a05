import type { Database } from 'better-sqlite3';
import { MAX_REMEMBERED_POLICY } from '../../model/record.ts';
import type { Evaluated } from '../../model/verdict.ts';
import { BoundedMap } from '../../text/bounded-map.ts';
import { openPolicies, type Policies } from './policies.ts';
import { Roles } from './roles.ts';
import { type PolicyMemo, stageOutcomes } from './staged-policy.ts';
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

export type PolicyHolder = Parameters<PolicyMemo['stage']>[0];

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
  private readonly memo: PolicyMemo;
  readonly policies: Policies;
  private readonly roles: Roles;
  readonly verdicts: VerdictWriter;
  /** The caller hands the same object for the same policy; comparing texts is far cheaper than hashing them. */
  private readonly recent = new BoundedMap<Evaluated, Known>(REMEMBERED);
  private broken: { readonly error: unknown } | null = null;
  private rows = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(db: Database, memo: PolicyMemo) {
    this.memo = memo;
    this.db = db;
    this.policies = openPolicies(db);
    this.roles = new Roles(db);
    this.verdicts = new VerdictWriter(db);
  }

  /**
   * Gives each entry's role and policy (0: gone) in the order of the entries. What it adds is committed some time
   * later, at the latest by `commit`. Once something went wrong, numbers may be void: every later call throws too.
   */
  intern(entries: readonly Entry[], visit: (index: number, role: number, policy: number) => void): void {
    this.attempt(() => {
      this.begin();
      this.numberAll(entries, visit);
      this.verdicts.flush();
      this.rows += entries.length;
      if (this.rows >= COMMIT_ROWS) this.end();
    });
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
    this.recent.clear();
  }

  private policyOf({ evaluated, source }: Entry): number {
    if (evaluated === null) return 0;
    const text = sourceText(source);
    const known = this.recent.get(evaluated);
    if (text !== null && known !== undefined && known.text === text) return known.id;
    const { id, isNew } = this.policies.intern(
      typeof source === 'string' ? stageOutcomes(source) : this.memo.stage(source),
    );
    this.verdicts.save(id, evaluated, isNew);
    if (text !== null && text.length <= MAX_REMEMBERED_POLICY) {
      this.recent.set(evaluated, { text, id });
    }
    return id;
  }

  private numberAll(entries: readonly Entry[], visit: Parameters<Dictionary['intern']>[1]): void {
    for (let from = 0; from < entries.length; ) {
      const { account } = entries[from] as Entry;
      let end = from + 1;
      while (end < entries.length && entries[end]?.account === account) end++;
      this.roles.internAll(account, entries, from, end, (index, role) =>
        visit(index, role, this.policyOf(entries[index] as Entry)),
      );
      from = end;
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
    if (this.timer !== undefined) return;
    this.db.exec('BEGIN IMMEDIATE');
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
    this.roles.end();
    this.db.exec('COMMIT');
  }
}

/** Null for what has no text to compare by. */
export function sourceText(source: Entry['source']): string | null {
  if (typeof source === 'string') return source;
  const { trust, status } = source;
  return trust.state === 'document' && status === 'live' ? trust.text : null;
}

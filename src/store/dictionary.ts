import type { Database } from 'better-sqlite3';
import { MAX_REMEMBERED_POLICY } from '../formats/record.ts';
import { openPolicies, type Policies } from './policies.ts';
import { openRoles } from './roles.ts';
import { type PolicyMemo, stageOutcomes } from './staged-policy.ts';
import type { Evaluated, StagedRole } from './staged-role.ts';
import { openVerdictWriter, type VerdictWriter } from './verdict-writer.ts';

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

/**
 * The tables that give names numbers: roles and policies, with the verdicts that follow from a policy alone. They may
 * be written before a file is known to its end, because no row of them says that anything was seen: only observations
 * do, and those come in one transaction with the file.
 */
export interface Dictionary {
  readonly policies: Policies;
  readonly verdicts: VerdictWriter;
  /**
   * Gives each entry's role and policy (0: gone) in the order of the entries. What it adds is committed some time
   * later, at the latest by `commit`. Once something went wrong, numbers may be void: every later call throws too.
   */
  intern(entries: readonly Entry[], visit: (index: number, role: number, policy: number) => void): void;
  /** To be called before any other transaction on this connection, and before it is closed. */
  commit(): void;
  /** Forgets what was saved, so that it is saved again: other rules may judge from now on. */
  forget(): void;
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

export function openDictionary(db: Database, memo: PolicyMemo): Dictionary {
  const policies = openPolicies(db);
  const roles = openRoles(db);
  const verdicts = openVerdictWriter(db);
  /** The caller hands the same object for the same policy; comparing texts is far cheaper than hashing them. */
  const recent = new Map<Evaluated, Known>();

  function policyOf({ evaluated, source }: Entry): number {
    if (evaluated === null) return 0;
    const text = textOf(source);
    const known = recent.get(evaluated);
    if (text !== null && known !== undefined && known.text === text) return known.id;
    const id = policies.intern(typeof source === 'string' ? stageOutcomes(source) : memo.stage(source));
    verdicts.save(id, evaluated);
    if (text !== null && text.length <= MAX_REMEMBERED_POLICY) {
      if (recent.size >= REMEMBERED) recent.clear();
      recent.set(evaluated, { text, id });
    }
    return id;
  }

  function numberAll(entries: readonly Entry[], visit: Parameters<Dictionary['intern']>[1]): void {
    for (let from = 0; from < entries.length; ) {
      const { account } = entries[from] as Entry;
      let end = from + 1;
      while (end < entries.length && entries[end]?.account === account) end++;
      roles.internAll(account, entries, from, end, (index, role) =>
        visit(index, role, policyOf(entries[index] as Entry)),
      );
      from = end;
    }
  }

  let broken: { readonly error: unknown } | null = null;
  let rows = 0;
  let timer: NodeJS.Timeout | undefined;

  /** Does what must succeed as long as anything builds on it. */
  function attempt(work: () => void): void {
    if (broken !== null) throw broken.error;
    try {
      work();
    } catch (error) {
      broken = { error };
      clearTimeout(timer);
      if (db.inTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }

  function begin(): void {
    if (timer !== undefined) return;
    db.exec('BEGIN IMMEDIATE');
    roles.begin();
    rows = 0;
    timer = setTimeout(() => {
      try {
        attempt(end);
      } catch {
        // The next call throws it again.
      }
    }, COMMIT_AFTER);
    timer.unref();
  }

  function end(): void {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    roles.end();
    db.exec('COMMIT');
  }

  return {
    policies,
    verdicts,
    intern: (entries, visit) =>
      attempt(() => {
        begin();
        numberAll(entries, visit);
        rows += entries.length;
        if (rows >= COMMIT_ROWS) end();
      }),
    commit: () => attempt(end),
    forget: () => {
      policies.forget();
      verdicts.forget();
      roles.forget();
      recent.clear();
    },
  };
}

/** Null for what has no text to compare by. */
export function textOf(source: Entry['source']): string | null {
  if (typeof source === 'string') return source;
  const { trust, status } = source;
  return trust.state === 'document' && status === 'live' ? trust.text : null;
}

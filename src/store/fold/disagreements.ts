import type { Database } from 'better-sqlite3';
import { CONFLICTING_RECORDS } from '../../model/completeness.ts';
import { openForms } from '../schema/policy-form.ts';
import type { Policies } from '../write/policies.ts';

const GONE = 'gone';
const MISSING = 'missing';

/** What the table `disagreement` holds: of every role that files of one capture disagree on, each policy shown. */
export interface Disagreements {
  /**
   * Takes up that these policies were shown, beside those that were before; 0: the role is gone, or a file that shows all
   * roles does not show it. Of policies that say the same (policy-form.ts) the greatest hash stands for all; a file
   * without the policy says nothing of it.
   */
  add(account: string, at: string, role: number, policies: Iterable<number>): void;
  /** True when some capture of the account has one on the role. */
  has(account: string, role: number): boolean;
  /** Puts the note to the capture when there is any. */
  note(account: string, at: string): void;
  drop(account: string, at: string): void;
  dropAll(account: string): void;
}

export function openDisagreements(
  db: Database,
  policies: Pick<Policies, 'outranks' | 'isMissing'>,
): Disagreements {
  const formOf = openForms(db);
  const add = db.prepare(
    'INSERT OR IGNORE INTO disagreement (account_id, captured_at, role, policy) VALUES (?, ?, ?, ?)',
  );
  const shownAt = db
    .prepare<[string, string, number], number>(
      'SELECT policy FROM disagreement WHERE account_id = ? AND captured_at = ? AND role = ?',
    )
    .pluck();
  const remove = db.prepare(
    'DELETE FROM disagreement WHERE account_id = ? AND captured_at = ? AND role = ? AND policy = ?',
  );
  const find = db
    .prepare<[string, number], number>('SELECT 1 FROM disagreement WHERE account_id = ? AND role = ? LIMIT 1')
    .pluck();
  const note = db.prepare(
    `UPDATE capture SET note = '${CONFLICTING_RECORDS}' WHERE account_id = $account AND captured_at = $at AND note IS NULL
       AND EXISTS (SELECT 1 FROM disagreement WHERE account_id = $account AND captured_at = $at)`,
  );
  const drop = db.prepare('DELETE FROM disagreement WHERE account_id = ? AND captured_at = ?');
  const dropAll = db.prepare('DELETE FROM disagreement WHERE account_id = ?');
  function keyOf(policy: number): string {
    if (policy === 0) return GONE;
    return policies.isMissing(policy) ? MISSING : formOf(policy) || String(policy);
  }

  return {
    add(account, at, role, shown) {
      const before = shownAt.all(account, at, role);
      const byForm = new Map<string, number>();
      for (const policy of [...before, ...shown]) {
        const form = keyOf(policy);
        const known = byForm.get(form);
        if (known === undefined || policies.outranks(policy, known)) byForm.set(form, policy);
      }
      if ([...byForm.keys()].some((form) => form !== GONE && form !== MISSING)) byForm.delete(MISSING);
      if (byForm.size < 2) return;
      const now = new Set(byForm.values());
      for (const policy of before) if (!now.has(policy)) remove.run(account, at, role, policy);
      for (const policy of now) add.run(account, at, role, policy);
    },
    has: (account, role) => find.get(account, role) !== undefined,
    note: (account, at) => note.run({ account, at }),
    drop: (account, at) => drop.run(account, at),
    dropAll: (account) => dropAll.run(account),
  };
}

import type { Database } from 'better-sqlite3';
import { BoundedMap } from '../../text/bounded-map.ts';
import type { StagedPolicy } from './staged-policy.ts';

/** The policy table as the writer sees it. */
export interface Policies {
  /** The id of a policy, which is added when new. */
  intern(policy: StagedPolicy): { readonly id: number; readonly isNew: boolean };
  /**
   * True when `a` outranks `b` where two files show a role at one time: what is a policy ranks above none in the export, and
   * that above 0 (role gone).
   */
  outranks(a: number, b: number): boolean;
  /** True where the export holds no policy of the role, which is no contradiction to one that does. */
  isMissing(policy: number): boolean;
  /** To be called when the transaction that added policies is over, either way. */
  forget(): void;
}

const REMEMBERED = 4096;

export function openPolicies(db: Database): Policies {
  const find = db.prepare<[string], number>('SELECT id FROM policy WHERE sha256 = ?').pluck();
  const add = db.prepare('INSERT INTO policy (sha256, state, document, detail) VALUES (?, ?, ?, ?)');
  const rankOf = db
    .prepare<[number], string>("SELECT iif(state = 'missing', '', '~') || sha256 FROM policy WHERE id = ?")
    .pluck();
  const ids = new BoundedMap<string, number>(REMEMBERED);

  function remember(sha256: string, id: number, isNew: boolean): ReturnType<Policies['intern']> {
    ids.set(sha256, id);
    return { id, isNew };
  }

  return {
    intern(policy) {
      const known = ids.get(policy.sha256) ?? find.get(policy.sha256);
      if (known !== undefined) return remember(policy.sha256, known, false);
      const { lastInsertRowid } = add.run(policy.sha256, policy.state, policy.document, policy.detail);
      return remember(policy.sha256, Number(lastInsertRowid), true);
    },
    outranks(a, b) {
      if (a === 0 || b === 0) return b === 0 && a !== 0;
      return String(rankOf.get(a)) > String(rankOf.get(b));
    },
    isMissing: (policy) => policy !== 0 && rankOf.get(policy)?.startsWith('~') === false,
    forget: () => ids.clear(),
  };
}

import type { Database } from 'better-sqlite3';
import { TrustsieveError } from '../../errors.ts';
import { BoundedMap } from '../../text/bounded-map.ts';
import { BulkInsert, type SqlValue } from './bulk-insert.ts';
import type { StagedPolicy } from './staged-policy.ts';

/** A policy as it stands in the table. */
export interface KnownPolicy {
  readonly id: number;
  /** True for one that was added just now. */
  readonly isNew: boolean;
}

/** The policy table as the writer sees it. */
export interface Policies {
  /** The policies in the order given, each of which comes once; those that are new are added. */
  internAll(policies: readonly StagedPolicy[]): readonly KnownPolicy[];
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
/** Policies that are added by one statement, unlooked for. */
const AT_ONCE = 16;

export function openPolicies(db: Database): Policies {
  const find = db.prepare<[string], number>('SELECT id FROM policy WHERE sha256 = ?').pluck();
  const columns = 'policy (sha256, state, document, detail)';
  const add = new BulkInsert(db, columns, 4, 'ON CONFLICT (sha256) DO NOTHING');
  const rankOf = db
    .prepare<[number], string>("SELECT iif(state = 'missing', '', '~') || sha256 FROM policy WHERE id = ?")
    .pluck();
  const ids = new BoundedMap<string, number>(REMEMBERED);
  // What the last policies were, the next are most likely. Adding in vain costs what looking for them does.
  let mostAreNew = true;

  function lookUp({ sha256 }: StagedPolicy): KnownPolicy {
    const id = find.get(sha256);
    if (id === undefined) throw new TrustsieveError('internal', `the policy ${sha256} is not in the store`);
    return { id, isNew: false };
  }

  function addAll(policies: readonly StagedPolicy[]): readonly KnownPolicy[] {
    const { last, added } = add.runOnce(policies.flatMap(rowOf));
    mostAreNew = added === policies.length;
    if (!mostAreNew) return policies.map(lookUp);
    return policies.map((_, index) => ({ id: last - policies.length + 1 + index, isNew: true }));
  }

  function findOrAdd(policies: readonly StagedPolicy[]): readonly KnownPolicy[] {
    let news = 0;
    const known = policies.map((policy) => {
      const id = find.get(policy.sha256);
      if (id !== undefined) return { id, isNew: false };
      news++;
      return { id: add.runOnce(rowOf(policy)).last, isNew: true };
    });
    mostAreNew = news === policies.length;
    return known;
  }

  /** @param policies at most AT_ONCE */
  function internUnknown(policies: readonly StagedPolicy[]): readonly KnownPolicy[] {
    return mostAreNew && policies.length === AT_ONCE ? addAll(policies) : findOrAdd(policies);
  }

  return {
    internAll(policies) {
      const unknown = policies.filter(({ sha256 }) => !ids.has(sha256));
      const found: KnownPolicy[] = [];
      for (let from = 0; from < unknown.length; from += AT_ONCE)
        found.push(...internUnknown(unknown.slice(from, from + AT_ONCE)));
      let next = 0;
      const all = policies.map(({ sha256 }) => {
        const id = ids.get(sha256);
        return id === undefined ? (found[next++] as KnownPolicy) : { id, isNew: false };
      });
      for (const [index, { sha256 }] of unknown.entries()) ids.set(sha256, (found[index] as KnownPolicy).id);
      return all;
    },
    outranks(a, b) {
      if (a === 0 || b === 0) return b === 0 && a !== 0;
      return String(rankOf.get(a)) > String(rankOf.get(b));
    },
    isMissing: (policy) => policy !== 0 && rankOf.get(policy)?.startsWith('~') === false,
    forget: () => ids.clear(),
  };
}

function rowOf({ sha256, state, document, detail }: StagedPolicy): SqlValue[] {
  return [sha256, state, document, detail];
}

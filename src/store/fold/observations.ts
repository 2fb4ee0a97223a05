import type { Database } from 'better-sqlite3';
import type { Policies } from '../write/policies.ts';
import type { RolePage } from '../write/role-columns.ts';
import type { Disagreements } from './disagreements.ts';

/** One capture of one account while facts are placed into it. Times are column times. */
export interface Placing {
  readonly account: string;
  readonly at: string;
  /** Whether the capture counts as complete, all its evidence taken together. */
  readonly complete: boolean;
  /** True when no evidence showed this capture before. */
  readonly fresh: boolean;
  /** True when the account has no other capture, so that no role of it was ever observed. */
  readonly first: boolean;
  /** The complete captures of the account next to this one; null where there is none. */
  readonly before: string | null;
  readonly after: string | null;
}

/** Evidence of one sighting, with what decides between two files that show the same. */
export interface SeenIn {
  readonly evidence: number;
  readonly path: string;
  readonly sha256: string;
}

/** Rows in one statement: it costs a third less than a statement for each. */
const AT_ONCE = 64;
/** What the rows have in common is bound once, which is a quarter of the time of binding it for each. */
const MANY_NEW = `INSERT OR FAIL INTO observation (role, policy, first_seen, last_seen, complete, evidence, offset)
  WITH shared (at, complete, evidence) AS MATERIALIZED (SELECT ?, ?, ?)
  SELECT own.column1, own.column2, shared.at, shared.at, shared.complete, shared.evidence, own.column3
  FROM shared CROSS JOIN (VALUES ${Array(AT_ONCE).fill('(?, ?, ?)').join(', ')}) own`;

interface Row {
  readonly policy: number | null;
  readonly first: string;
  readonly last: string;
  readonly evidence: number | null;
  readonly offset: number | null;
}

const prepareStatements = (db: Database) => {
  const columns = 'policy, first_seen AS first, last_seen AS last, evidence, offset';
  return {
    insert: db.prepare(
      `INSERT INTO observation (role, policy, first_seen, last_seen, complete, evidence, offset)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ),
    insertMany: db.prepare(MANY_NEW),
    extend: db.prepare(
      `UPDATE observation SET last_seen = ?, evidence = ?, offset = ?
     WHERE role = ? AND last_seen = ? AND policy IS ?`,
    ),
    setFirst: db.prepare('UPDATE observation SET first_seen = ? WHERE role = ? AND last_seen = ?'),
    setEvidence: db.prepare(
      'UPDATE observation SET evidence = ?, offset = ? WHERE role = ? AND last_seen = ?',
    ),
    setLast: db.prepare(
      'UPDATE observation SET last_seen = ?, evidence = NULL, offset = NULL WHERE role = ? AND last_seen = ?',
    ),
    setFact: db.prepare(
      'UPDATE observation SET policy = ?, evidence = ?, offset = ? WHERE role = ? AND last_seen = ?',
    ),
    remove: db.prepare('DELETE FROM observation WHERE role = ? AND last_seen = ?'),
    endingAt: db.prepare<[number, string], Row>(
      `SELECT ${columns} FROM observation WHERE role = ? AND last_seen = ?`,
    ),
    reaching: db.prepare<[number, string], Row>(
      `SELECT ${columns} FROM observation WHERE role = ? AND last_seen >= ? AND complete = 1 ORDER BY last_seen LIMIT 1`,
    ),
    // In SQL, so that the order is the one the sightings are read back in.
    sortsAfter: db
      .prepare<[string, string, number], number>('SELECT (path, sha256) > (?, ?) FROM evidence WHERE id = ?')
      .pluck(),
  };
};

/**
 * Places single facts into the observation table.
 *
 * INVARIANT: a row with complete = 1 says that the role was seen with this policy at every complete capture of its
 * account from first_seen to last_seen, and no wider row would be true; a row with complete = 0 is one point of an
 * incomplete capture. Where evidence is NULL it has to be looked up again (captures.ts does so before the
 * transaction ends).
 */
export class Observations {
  private readonly sql: ReturnType<typeof prepareStatements>;
  private readonly policies: Policies;
  private readonly disagreements: Disagreements;

  constructor(db: Database, policies: Policies, disagreements: Disagreements) {
    this.disagreements = disagreements;
    this.policies = policies;
    this.sql = prepareStatements(db);
  }

  /**
   * Records that `role` was seen at the capture with `policy` (0: said to be gone). Returns false when another policy is
   * shown at that time; both then stand in the table of disagreements.
   */
  place(capture: Placing, role: number, policy: number, seenIn: SeenIn, offset: number): boolean {
    if (capture.complete) return this.placeComplete(capture, role, policy, seenIn, offset);
    return this.placePoint(capture, role, policy, seenIn, offset);
  }

  /** The same of many roles. */
  placeAll(capture: Placing, page: RolePage, seenIn: SeenIn): boolean {
    const { roles, policies: stored, offsets } = page;
    const again = { ...capture, fresh: false };
    let agreed = true;
    // Points of a fresh capture touch no other row, nor do roles that were never observed.
    const allNew = capture.fresh && (capture.first || !capture.complete) && page.repeated === 0;
    let at = allNew ? this.placeNew(capture, page, seenIn) : 0;
    for (; at < page.length; at++) {
      // A role that the page shows a further time was placed in this capture already.
      const to = at > 0 && roles[at] === roles[at - 1] ? again : capture;
      if (!this.place(to, roles[at] as number, stored[at] as number, seenIn, offsets[at] as number))
        agreed = false;
    }
    return agreed;
  }

  private comesFirst(seenIn: SeenIn, offset: number, than: Row): boolean {
    if (than.evidence === null) return false;
    if (than.evidence === seenIn.evidence) return offset < Number(than.offset);
    return this.sql.sortsAfter.get(seenIn.path, seenIn.sha256, than.evidence) === 1;
  }

  /** Takes the capture out of a row that covers it. */
  private cut(row: Row, role: number, { at, before, after }: Placing): void {
    if (row.first < at && row.last > at) {
      this.sql.insert.run(role, row.policy, row.first, before, 1, null, null);
      this.sql.setFirst.run(after, role, row.last);
    } else if (row.first < at) {
      this.sql.setLast.run(before, role, at);
    } else if (row.last > at) {
      this.sql.setFirst.run(after, role, row.last);
    } else {
      this.sql.remove.run(role, at);
    }
  }

  /** Adds the capture to the rows of the role that end right before it or begin right after it. */
  private join(
    capture: Placing,
    role: number,
    policy: number | null,
    evidence: number,
    offset: number,
  ): void {
    const { at, before, after } = capture;
    const left = before === null ? undefined : this.sql.endingAt.get(role, before);
    const right = after === null ? undefined : this.sql.reaching.get(role, after);
    const joinsLeft = left !== undefined && left.policy === policy;
    const joinsRight = right !== undefined && right.policy === policy && right.first === after;
    if (joinsRight) {
      if (joinsLeft) this.sql.remove.run(role, before);
      this.sql.setFirst.run(joinsLeft ? left.first : at, role, right.last);
    } else if (joinsLeft) {
      this.sql.extend.run(at, evidence, offset, role, before, policy);
    } else {
      this.sql.insert.run(role, policy, at, at, 1, evidence, offset);
    }
  }

  private placeComplete(
    capture: Placing,
    role: number,
    policy: number,
    seenIn: SeenIn,
    offset: number,
  ): boolean {
    const { at, before, after, fresh } = capture;
    const stored = policy === 0 ? null : policy;
    if (fresh && after === null) {
      // The common case, evidence read in time order: nothing can lie at or after this capture.
      const extended =
        before !== null && this.sql.extend.run(at, seenIn.evidence, offset, role, before, stored).changes > 0;
      if (!extended) this.sql.insert.run(role, stored, at, at, 1, seenIn.evidence, offset);
      return true;
    }
    const reached = this.sql.reaching.get(role, at);
    const covering = reached !== undefined && reached.first <= at ? reached : undefined;
    if (covering === undefined) {
      this.join(capture, role, stored, seenIn.evidence, offset);
      return true;
    }
    if (covering.policy === stored) {
      if (covering.last === at && this.comesFirst(seenIn, offset, covering)) {
        this.sql.setEvidence.run(seenIn.evidence, offset, role, at);
      }
      return true;
    }
    // In a fresh capture the row only bridged it; otherwise that policy is really shown.
    if (!fresh) this.disagreements.add(capture.account, at, role, [policy, covering.policy ?? 0]);
    if (fresh || this.policies.outranks(policy, covering.policy ?? 0)) {
      this.cut(covering, role, capture);
      this.join(capture, role, stored, seenIn.evidence, offset);
    }
    return fresh;
  }

  private placePoint(
    capture: Placing,
    role: number,
    policy: number,
    seenIn: SeenIn,
    offset: number,
  ): boolean {
    const { at, fresh } = capture;
    const stored = policy === 0 ? null : policy;
    const there = fresh ? undefined : this.sql.endingAt.get(role, at);
    if (there === undefined) {
      this.sql.insert.run(role, stored, at, at, 0, seenIn.evidence, offset);
      return true;
    }
    if (there.policy === stored) {
      if (this.comesFirst(seenIn, offset, there)) this.sql.setEvidence.run(seenIn.evidence, offset, role, at);
      return true;
    }
    this.disagreements.add(capture.account, at, role, [policy, there.policy ?? 0]);
    if (this.policies.outranks(policy, there.policy ?? 0))
      this.sql.setFact.run(stored, seenIn.evidence, offset, role, at);
    return false;
  }

  /** Adds an observation of each role, of which the page shows none twice; returns how many, the rest of the page being too few for a statement. */
  private placeNew(
    capture: Placing,
    { length, roles, policies: stored, offsets }: RolePage,
    seenIn: SeenIn,
  ): number {
    const shared = [capture.at, capture.complete ? 1 : 0, seenIn.evidence];
    let from = 0;
    for (; length - from >= AT_ONCE; from += AT_ONCE) {
      const values: (number | string | null)[] = [...shared];
      for (let at = from; at < from + AT_ONCE; at++) {
        const policy = stored[at] as number;
        values.push(roles[at] as number, policy === 0 ? null : policy, offsets[at] as number);
      }
      this.sql.insertMany.run(values);
    }
    return from;
  }
}

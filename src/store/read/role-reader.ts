import type { Database } from 'better-sqlite3';
import { nameOfArn, partitionOfArn } from '../../model/role-arn.ts';
import { conditionsOf, parametersOf, type RoleChoice } from './role-choice.ts';
import { openSightings } from './sightings.ts';

/** A role with all that was ever observed of it. */
export interface ObservedRole {
  readonly arn: string;
  readonly roleName: string;
  readonly roleId: string;
  readonly partition: string;
  /**
   * By last time. Of a moment on which files disagree there are several: what the observation table holds, then each policy
   * that one of them shows, the greatest SHA-256 first and what is gone last. The former is among the latter.
   */
  readonly observations: readonly ObservationRow[];
}

/** One row of the observation table, or one policy of a disagreement. Times are column times, comparable as text. */
export interface ObservationRow {
  readonly role: number;
  /** Null: the evidence says that the role is gone. */
  readonly policy: number | null;
  readonly first: string;
  readonly last: string;
  /** True: seen like this at every complete capture from `first` to `last`. */
  readonly complete: boolean;
  /** Where `last` was seen; null: see `placesAt`. */
  readonly evidence: number | null;
  readonly offset: number | null;
}

type Columns = [
  arn: string,
  roleId: string,
  role: number,
  policy: number | null,
  first: string,
  last: string,
  complete: number,
  evidence: number | null,
  offset: number | null,
];

/** Roles of one account by ARN, then role id. Streamed, but for what files disagree on. */
export function* observedRoles(
  db: Database,
  account: string,
  choice: RoleChoice = {},
): Iterable<ObservedRole> {
  const disputed = disputedRows(db, account);
  const statement = db.prepare<[Record<string, string | number>], Columns>(
    `SELECT r.arn, r.role_id, r.id, o.policy, o.first_seen, o.last_seen, o.complete, o.evidence, o.offset
     FROM role r CROSS JOIN observation o ON o.role = r.id
     WHERE r.account_id = $account ${conditionsOf(choice, disputed.size > 0)}
     ORDER BY r.arn, r.role_id, o.last_seen`,
  );
  let role: (ObservedRole & { observations: ObservationRow[] }) | undefined;
  let id = 0;
  for (const row of statement.raw().iterate(parametersOf(account, choice))) {
    const observation: ObservationRow = {
      role: row[2],
      policy: row[3],
      first: row[4],
      last: row[5],
      complete: row[6] === 1,
      evidence: row[7],
      offset: row[8],
    };
    if (role !== undefined && id === observation.role) {
      role.observations.push(observation);
      continue;
    }
    if (role !== undefined) yield withDisputed(role, disputed.get(id));
    id = observation.role;
    role = {
      arn: row[0],
      roleName: nameOfArn(row[0]),
      roleId: row[1],
      partition: partitionOfArn(row[0]),
      observations: [observation],
    };
  }
  if (role !== undefined) yield withDisputed(role, disputed.get(id));
}

/** What files of one moment disagree on, by role; all of the account, because it is little. */
function disputedRows(db: Database, account: string): ReadonlyMap<number, readonly ObservationRow[]> {
  const rows = db
    .prepare<[string], [role: number, at: string, policy: number, complete: number]>(
      `SELECT d.role, d.captured_at, d.policy, c.complete FROM disagreement d
       JOIN capture c USING (account_id, captured_at) LEFT JOIN policy p ON p.id = d.policy
       WHERE d.account_id = ? ORDER BY d.role, d.captured_at, p.sha256 DESC`,
    )
    .raw();
  const byRole = new Map<number, ObservationRow[]>();
  for (const [role, at, policy, complete] of rows.iterate(account)) {
    const own = byRole.get(role) ?? [];
    byRole.set(role, own);
    const seen = { first: at, last: at, complete: complete === 1 };
    own.push({ role, policy: policy === 0 ? null : policy, ...seen, evidence: null, offset: null });
  }
  return byRole;
}

function withDisputed(role: ObservedRole, disputed: readonly ObservationRow[] | undefined): ObservedRole {
  if (disputed === undefined) return role;
  // Sorting keeps the order of equal ones.
  const observations = [...role.observations, ...disputed].sort((a, b) =>
    a.last < b.last ? -1 : Number(a.last > b.last),
  );
  return { ...role, observations };
}

/** The partition of an account's roles; '' for an account without any. */
export function openPartitions(db: Database): (account: string) => string {
  const arn = db.prepare<[string], string>('SELECT arn FROM role WHERE account_id = ? LIMIT 1').pluck();
  return (account) => partitionOfArn(arn.get(account) ?? '');
}

/** The policies that roles under the path of service-linked roles ever had, but for what files disagree on. */
export function openServiceLinked(
  db: Database,
  partitionOf: (account: string) => string,
): (account: string) => ReadonlySet<number> {
  const policies = db
    .prepare<[string, string, string], number>(
      `SELECT DISTINCT o.policy FROM role r CROSS JOIN observation o ON o.role = r.id
       WHERE r.account_id = ? AND r.arn > ? || '/' AND r.arn < ? || '0' AND o.policy IS NOT NULL`,
    )
    .pluck();
  return (account) => {
    const path = `arn:${partitionOf(account)}:iam::${account}:role/aws-service-role`;
    // `0` is the character after `/`.
    return new Set(policies.all(account, path, path));
  };
}

/** How many roles of an account have one policy. */
export interface PolicyCount {
  readonly policy: number;
  readonly count: number;
}

/** Where one sighting stands. */
export interface Place {
  readonly evidence: number;
  readonly offset: number;
}

/**
 * Where the roles of an account were seen at a time in the past: by role id and policy id, the first file that
 * shows them so. A file of AWS Config may show an older state than the one that stands; then the first that shows the
 * role. Holds one entry for each role of that capture.
 */
export function placesAt(db: Database, account: string, at: string): (role: number, policy: number) => Place {
  const sightings = openSightings(db);
  const places = new Map<string, Place>();
  sightings.visit(account, at, (evidence, role, policy, offset) => {
    const key = `${role} ${policy}`;
    if (!places.has(key)) places.set(key, { evidence, offset });
  });
  let first: Map<number, Place> | undefined;

  function firstOf(role: number): Place {
    if (first === undefined) {
      const found = new Map<number, Place>();
      sightings.visit(account, at, (evidence, shown, _, offset) => {
        if (!found.has(shown)) found.set(shown, { evidence, offset });
      });
      first = found;
    }
    const place = first.get(role);
    if (place === undefined) throw new Error(`no evidence for role ${role} at ${at}`);
    return place;
  }

  return (role, policy) => places.get(`${role} ${policy}`) ?? firstOf(role);
}

import type { Database } from 'better-sqlite3';

/** The roles that one file shows in a capture, ascending, each once. */
export interface Shown {
  readonly roles: Int32Array;
  /** 1: at least one record shows the role as there; 0: it is said to be gone. */
  readonly live: Uint8Array;
}

/** What a file that shows all roles of a capture says of another file of it. */
export interface Held {
  /** Every role of the other is there; one without an id, under any id of its ARN. */
  readonly covered: boolean;
  /** Roles that the other shows as there, and whose ARN it does not show, or as gone only. */
  readonly absent: readonly number[];
}

/** Holds a file against one that shows all roles. */
export type Hold = (account: string, other: Shown, whole: Shown) => Held;

interface SiblingRow {
  readonly role: number;
  readonly idless: number;
  /** A role of the same ARN, or the role itself. */
  readonly sibling: number;
}

const NOTHING: readonly SiblingRow[] = [];

export function openHold(db: Database): Hold {
  // Roles have no index by number, so this reads the names of all roles of the account: for the few that are not found.
  const siblingsOf = db.prepare<[string, string], SiblingRow>(
    `SELECT a.id AS role, a.role_id = '' AS idless, b.id AS sibling
     FROM role a CROSS JOIN role b ON b.account_id = a.account_id AND b.arn = a.arn
     WHERE a.account_id = ? AND a.id IN (SELECT value FROM json_each(?))`,
  );
  return (account, other, whole) => {
    const open: number[] = [];
    for (const [index, role] of other.roles.entries()) {
      const found = indexOf(whole, role);
      if (found < 0 || (other.live[index] === 1 && whole.live[found] === 0)) open.push(role);
    }
    if (open.length === 0) return { covered: true, absent: [] };
    const siblings = new Map<number, SiblingRow[]>();
    for (const row of siblingsOf.iterate(account, JSON.stringify(open))) {
      const own = siblings.get(row.role);
      if (own === undefined) siblings.set(row.role, [row]);
      else own.push(row);
    }
    const absent: number[] = [];
    let covered = true;
    for (const role of open) {
      const own = siblings.get(role) ?? NOTHING;
      const found = own.map(({ sibling }) => indexOf(whole, sibling)).filter((index) => index >= 0);
      const isCovered = own.some(({ idless }) => idless === 1) ? found.length > 0 : indexOf(whole, role) >= 0;
      if (!isCovered) covered = false;
      const isLive = other.live[indexOf(other, role)] === 1;
      if (isLive && !found.some((index) => whole.live[index] === 1)) absent.push(role);
    }
    return { covered, absent };
  };
}

/** Less than 0 when the role is not shown. */
function indexOf({ roles }: Shown, role: number): number {
  let low = 0;
  let high = roles.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = roles[middle] as number;
    if (found === role) return middle;
    if (found < role) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

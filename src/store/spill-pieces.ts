import type { Database } from 'better-sqlite3';
import { type StagedRole, supersedes } from './staged-role.ts';

/** Roles of one account and time that may be merged in memory at once. */
export const MERGE_ROLES = 150_000;
const PARTS = 64;

/** Roles on disk in pieces, each one account and time as one trip to disk found them. */
export interface Pieces {
  write(account: string, capturedAt: string, roles: readonly StagedRole[]): void;
  /** Afterwards no role of an account and time is there twice. Returns how many roles there are. */
  compact(): number;
  read(account: string, capturedAt: string): Iterable<readonly StagedRole[]>;
}

interface GroupRow {
  readonly account: string;
  readonly capturedAt: string;
  readonly roles: number;
}

/** `name` is the name of the table to make. */
export function openPieces(db: Database, name: string, mergeRoles: number): Pieces {
  db.exec(`CREATE TEMP TABLE ${name} (id INTEGER PRIMARY KEY, account TEXT, captured_at TEXT, part INTEGER,
    roles INTEGER, data TEXT);
    CREATE INDEX temp.${name}_group ON ${name} (account, captured_at, part)`);
  const add = db.prepare(
    `INSERT INTO ${name} (account, captured_at, part, roles, data) VALUES (?, ?, ?, ?, ?)`,
  );
  const inPieces = db.prepare<[], GroupRow>(
    `SELECT account, captured_at AS capturedAt, sum(roles) AS roles FROM ${name}
     GROUP BY account, captured_at HAVING count(*) > 1`,
  );
  const total = db.prepare<[], number>(`SELECT coalesce(sum(roles), 0) FROM ${name}`).pluck();
  const ofGroup = db
    .prepare<[string, string], number>(
      `SELECT id FROM ${name} WHERE account = ? AND captured_at = ? ORDER BY id`,
    )
    .pluck();
  const ofPart = db
    .prepare<[string, string, number], number>(
      `SELECT id FROM ${name} WHERE account = ? AND captured_at = ? AND part = ? ORDER BY id`,
    )
    .pluck();
  const dataOf = db.prepare<[number], string>(`SELECT data FROM ${name} WHERE id = ?`).pluck();
  const drop = db.prepare(`DELETE FROM ${name} WHERE id = ?`);

  const readPiece = (id: number): StagedRole[] => JSON.parse(dataOf.get(id) ?? '[]') as StagedRole[];

  function writePiece(
    { account, capturedAt }: Omit<GroupRow, 'roles'>,
    part: number,
    roles: readonly StagedRole[],
  ) {
    add.run(account, capturedAt, part, roles.length, JSON.stringify(roles));
  }

  function merge(group: GroupRow, part: number): void {
    const best = new Map<string, StagedRole>();
    for (const id of ofPart.all(group.account, group.capturedAt, part)) {
      for (const role of readPiece(id)) {
        const known = best.get(roleKey(role));
        if (known === undefined || supersedes(role, known)) best.set(roleKey(role), role);
      }
      drop.run(id);
    }
    if (best.size > 0) writePiece(group, part, [...best.values()]);
  }

  /** Deals the roles of a very large account into parts by name, so that each part can be merged in memory. */
  function deal(group: GroupRow): void {
    for (const id of ofGroup.all(group.account, group.capturedAt)) {
      const parts: StagedRole[][] = Array.from({ length: PARTS }, () => []);
      for (const role of readPiece(id)) parts[partOf(role.arn)]?.push(role);
      drop.run(id);
      for (const [index, roles] of parts.entries()) if (roles.length > 0) writePiece(group, index + 1, roles);
    }
  }

  const compact = db.transaction((): number => {
    for (const group of inPieces.all()) {
      if (group.roles <= mergeRoles) {
        merge(group, 0);
        continue;
      }
      deal(group);
      for (let part = 1; part <= PARTS; part++) merge(group, part);
    }
    return total.get() ?? 0;
  });

  return {
    write: (account, capturedAt, roles) => writePiece({ account, capturedAt }, 0, roles),
    compact: () => compact.deferred(),
    *read(account, capturedAt) {
      for (const id of ofGroup.all(account, capturedAt)) yield readPiece(id);
    },
  };
}

/** Identifies a role within an account and time. */
export function roleKey({ arn, roleId }: Pick<StagedRole, 'arn' | 'roleId'>): string {
  return `${roleId.length}:${roleId}${arn}`;
}

function partOf(arn: string): number {
  let hash = 0;
  for (let at = 0; at < arn.length; at++) hash = (hash * 31 + arn.charCodeAt(at)) | 0;
  return (hash >>> 0) % PARTS;
}

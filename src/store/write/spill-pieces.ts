import type { Database } from 'better-sqlite3';
import { decodeSightings, SightingEncoder } from '../schema/sighting-codec.ts';
import { type Outranks, RoleColumns, type RolePage } from './role-columns.ts';

/** Roles with neighbouring ids lie in one part, so that a part can be merged in memory whatever the file's size. */
const PART_ROLES = 1 << 16;

export interface Compacted {
  readonly roles: number;
  /** Rows that were set aside for newer ones, here and in earlier calls. */
  readonly superseded: number;
}

interface PartRow {
  readonly account: string;
  readonly capturedAt: string;
  readonly part: number;
}

interface DataRow {
  /** See sighting-codec.ts. */
  readonly data: Buffer;
  /** JSON, or null when no row of the piece has a version. */
  readonly versions: string | null;
}

const prepareStatements = (db: Database, name: string) => {
  return {
    add: db.prepare(
      `INSERT INTO ${name} (account, captured_at, part, first, last, roles, data, versions) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    overlapping: db.prepare<[], PartRow>(
      `SELECT DISTINCT account, captured_at AS capturedAt, part FROM (
       SELECT account, captured_at, part, first,
         lag(last) OVER (PARTITION BY account, captured_at, part ORDER BY first, id) AS before FROM ${name}
     ) WHERE before >= first`,
    ),
    total: db.prepare<[], number>(`SELECT coalesce(sum(roles), 0) FROM ${name}`).pluck(),
    partsOf: db
      .prepare<[string, string], number>(
        `SELECT DISTINCT part FROM ${name} WHERE account = ? AND captured_at = ? ORDER BY part`,
      )
      .pluck(),
    ofPart: db.prepare<[PartRow], DataRow>(
      `SELECT data, versions FROM ${name}
     WHERE account = $account AND captured_at = $capturedAt AND part = $part ORDER BY first, id`,
    ),
    drop: db.prepare(
      `DELETE FROM ${name} WHERE account = $account AND captured_at = $capturedAt AND part = $part`,
    ),
  };
};

/** Roles on disk in pieces, each of one account and time, as trips to disk left them. */
export class Pieces {
  private readonly sql: ReturnType<typeof prepareStatements>;
  private readonly encoder = new SightingEncoder();
  private superseded = 0;

  /** @param name of the table to make */
  constructor(db: Database, name: string) {
    db.exec(`CREATE TEMP TABLE ${name} (id INTEGER PRIMARY KEY, account TEXT, captured_at TEXT, part INTEGER,
    first INTEGER, last INTEGER, roles INTEGER, data BLOB, versions TEXT);
    CREATE INDEX temp.${name}_part ON ${name} (account, captured_at, part)`);
    this.sql = prepareStatements(db, name);
  }

  /** Takes settled rows of one capture. */
  write(account: string, capturedAt: string, columns: RoleColumns, page: RolePage, first: number): void {
    for (let at = 0; at < page.length; ) {
      const part = Math.floor((page.roles[at] as number) / PART_ROLES);
      const from = at;
      while (at < page.length && (page.roles[at] as number) < (part + 1) * PART_ROLES) at++;
      this.writePart({ account, capturedAt, part }, columns, first + from, first + at);
    }
  }

  /** Afterwards no role of an account and time is there twice. */
  compact(outranks: Outranks): Compacted {
    for (const row of this.sql.overlapping.all()) this.merge(row, outranks);
    return { roles: this.sql.total.get() ?? 0, superseded: this.superseded };
  }

  /** Ascending by role. A page is valid until the next one. */
  *read(account: string, capturedAt: string): Iterable<RolePage> {
    const columns = new RoleColumns();
    for (const part of this.sql.partsOf.all(account, capturedAt)) {
      for (const { data, versions } of this.sql.ofPart.all({ account, capturedAt, part })) {
        columns.clear();
        const texts = versions === null ? [] : (JSON.parse(versions) as readonly string[]);
        let at = 0;
        decodeSightings(data, (role, policy, offset) =>
          columns.push(0, role, policy, offset, texts[at++] ?? ''),
        );
        yield columns.page(0);
      }
    }
  }

  private writePart(row: PartRow, columns: RoleColumns, from: number, end: number): void {
    for (let at = from; at < end; at++) {
      this.encoder.add(
        columns.roles[at] as number,
        columns.policies[at] as number,
        columns.offsets[at] as number,
      );
    }
    this.sql.add.run(
      row.account,
      row.capturedAt,
      row.part,
      columns.roles[from],
      columns.roles[end - 1],
      end - from,
      this.encoder.take(),
      columns.versioned ? JSON.stringify(versionsOf(columns, from, end)) : null,
    );
  }

  private merge(row: PartRow, outranks: Outranks): void {
    const columns = new RoleColumns();
    for (const piece of this.sql.ofPart.all(row)) {
      const versions = piece.versions === null ? [] : (JSON.parse(piece.versions) as readonly string[]);
      let at = 0;
      decodeSightings(piece.data, (role, policy, offset) =>
        columns.push(0, role, policy, offset, versions[at++] ?? ''),
      );
    }
    columns.settle(outranks);
    this.superseded += columns.superseded;
    this.sql.drop.run(row);
    this.writePart(row, columns, 0, columns.length);
  }
}

function versionsOf(columns: RoleColumns, from: number, end: number): readonly string[] {
  return Array.from({ length: end - from }, (_, index) => columns.version(from + index));
}

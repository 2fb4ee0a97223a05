import type { Database, Transaction } from 'better-sqlite3';
import { joinReasons } from '../../model/capture.ts';
import type { RejectedRecord } from '../../model/record.ts';
import { fromReasonColumn, toReasonColumn } from '../schema/columns.ts';
import type { Outranks, RoleColumns } from './role-columns.ts';
import { type Compacted, Pieces } from './spill-pieces.ts';
import type { StagedCapture, StagedClaim } from './staged-role.ts';

/**
 * Temporary tables take the rows of files too large to wait in memory. They live in SQLite's own temporary file,
 * which vanishes with the process, so a killed run leaves nothing of a half-read file. Each file has tables of its
 * own, because dropping a table is far cheaper than deleting its rows.
 */
const TABLES = {
  spill_capture: `account TEXT, captured_at TEXT, complete INTEGER, reason TEXT,
    PRIMARY KEY (account, captured_at)`,
  spill_reject: 'ordinal INTEGER PRIMARY KEY, offset INTEGER, pointer TEXT, code TEXT, message TEXT',
} as const;
const PAGE = 8192;

interface ClaimRow {
  readonly account: string;
  readonly capturedAt: string;
  readonly complete: number | null;
  readonly reason: string | null;
}

const prepareStatements = (db: Database, file: number) => {
  return {
    addCapture: db.prepare(
      `INSERT INTO spill_capture_${file} VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE
     SET complete = coalesce(min(complete, excluded.complete), complete, excluded.complete),
         reason = coalesce(reason || ',' || excluded.reason, reason, excluded.reason)`,
    ),
    addReject: db.prepare(`INSERT INTO spill_reject_${file} VALUES (?, ?, ?, ?, ?)`),
    nextCapture: db.prepare<[string, string], ClaimRow>(
      `SELECT account, captured_at AS capturedAt, complete, reason FROM spill_capture_${file}
     WHERE (account, captured_at) > (?, ?) ORDER BY account, captured_at LIMIT 1`,
    ),
    nextRejects: db.prepare<[number], RejectedRecord>(
      `SELECT offset, pointer, code, message FROM spill_reject_${file} WHERE ordinal >= ? ORDER BY ordinal LIMIT ${PAGE}`,
    ),
  };
};

/** Rows of one file on disk. */
export class Spill {
  private readonly sql: ReturnType<typeof prepareStatements>;
  private readonly db: Database;
  private readonly file: number;
  private readonly pieces: Pieces;
  private readonly writeAll: Transaction<Spill['writeRows']>;
  private readonly compactAll: Transaction<Pieces['compact']>;
  private rejectCount = 0;

  /** @param file tells the files of one connection apart */
  constructor(db: Database, file: number) {
    this.file = file;
    this.db = db;
    for (const [name, columns] of Object.entries(TABLES)) {
      db.exec(`CREATE TEMP TABLE ${name}_${file} (${columns}) WITHOUT ROWID`);
    }
    this.sql = prepareStatements(db, file);
    this.pieces = new Pieces(db, `spill_role_${file}`);
    this.writeAll = db.transaction((captures, columns, rejects) =>
      this.writeRows(captures, columns, rejects),
    );
    this.compactAll = db.transaction((outranks) => this.pieces.compact(outranks));
  }

  /** `captures` are numbered by their place, as the columns number them. The columns must be settled. */
  write(captures: readonly StagedClaim[], columns: RoleColumns, rejects: Iterable<RejectedRecord>): void {
    this.writeAll.deferred(captures, columns, rejects);
  }

  /** Settles which of several records of one role stands; to be called before reading. Returns how many do. */
  compact(outranks: Outranks): Compacted {
    return this.compactAll.deferred(outranks);
  }

  /** By account, then time. */
  *captures(): Iterable<StagedCapture> {
    let row = this.sql.nextCapture.get('', '');
    while (row !== undefined) {
      const { account, capturedAt } = row;
      const reasons = joinReasons(fromReasonColumn(row.reason), []);
      const complete = row.complete === null ? null : row.complete === 1;
      yield { account, capturedAt, complete, reasons, pages: this.pieces.read(account, capturedAt) };
      row = this.sql.nextCapture.get(account, capturedAt);
    }
  }

  *rejects(): Iterable<readonly RejectedRecord[]> {
    for (let from = 0; from < this.rejectCount; from += PAGE) yield this.sql.nextRejects.all(from);
  }

  clear(): void {
    for (const name of [...Object.keys(TABLES), 'spill_role'])
      this.db.exec(`DROP TABLE IF EXISTS ${name}_${this.file}`);
  }

  private writeRows(
    captures: readonly StagedClaim[],
    columns: RoleColumns,
    rejects: Iterable<RejectedRecord>,
  ): void {
    for (const { account, capturedAt, complete, reasons } of captures) {
      this.sql.addCapture.run(
        account,
        capturedAt,
        complete === null ? null : Number(complete),
        toReasonColumn(reasons),
      );
    }
    for (let from = 0; from < columns.length; ) {
      const { account, capturedAt } = captures[columns.captures[from] as number] as StagedClaim;
      const page = columns.page(from);
      this.pieces.write(account, capturedAt, columns, page, from);
      from += page.length;
    }
    for (const { offset, pointer, code, message } of rejects) {
      this.sql.addReject.run(this.rejectCount++, offset, pointer, code, message);
    }
  }
}

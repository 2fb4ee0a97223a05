import type { Database } from 'better-sqlite3';
import { fromReasonColumn, joinReasons, toReasonColumn } from './capture-reasons.ts';
import type { Outranks, RoleColumns } from './role-columns.ts';
import { type Compacted, openPieces } from './spill-pieces.ts';
import type { StagedCapture, StagedClaim, StagedReject } from './staged-role.ts';

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

/** Rows of one file on disk. */
export interface Spill {
  /** `captures` are numbered by their place, as the columns number them. The columns must be settled. */
  write(captures: readonly StagedClaim[], columns: RoleColumns, rejects: Iterable<StagedReject>): void;
  /** Settles which of several records of one role stands; to be called before reading. Returns how many do. */
  compact(outranks: Outranks): Compacted;
  /** By account, then time. */
  captures(): Iterable<StagedCapture>;
  rejects(): Iterable<readonly StagedReject[]>;
  clear(): void;
}

interface CaptureRow {
  readonly account: string;
  readonly capturedAt: string;
  readonly complete: number | null;
  readonly reason: string | null;
}

/** `file` tells the files of one connection apart. */
export function openSpill(db: Database, file: number): Spill {
  for (const [name, columns] of Object.entries(TABLES)) {
    db.exec(`CREATE TEMP TABLE ${name}_${file} (${columns}) WITHOUT ROWID`);
  }
  const pieces = openPieces(db, `spill_role_${file}`);
  const addCapture = db.prepare(
    `INSERT INTO spill_capture_${file} VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE
     SET complete = coalesce(min(complete, excluded.complete), complete, excluded.complete),
         reason = coalesce(reason || ',' || excluded.reason, reason, excluded.reason)`,
  );
  const addReject = db.prepare(`INSERT INTO spill_reject_${file} VALUES (?, ?, ?, ?, ?)`);
  let rejectCount = 0;

  const write = db.transaction<Spill['write']>((captures, columns, rejects) => {
    for (const { account, capturedAt, complete, reasons } of captures) {
      addCapture.run(
        account,
        capturedAt,
        complete === null ? null : Number(complete),
        toReasonColumn(reasons),
      );
    }
    for (let from = 0; from < columns.length; ) {
      const { account, capturedAt } = captures[columns.captures[from] as number] as StagedClaim;
      const page = columns.page(from);
      pieces.write(account, capturedAt, columns, page, from);
      from += page.length;
    }
    for (const { offset, pointer, code, message } of rejects) {
      addReject.run(rejectCount++, offset, pointer, code, message);
    }
  });
  const compact = db.transaction(pieces.compact);

  const nextCapture = db.prepare<[string, string], CaptureRow>(
    `SELECT account, captured_at AS capturedAt, complete, reason FROM spill_capture_${file}
     WHERE (account, captured_at) > (?, ?) ORDER BY account, captured_at LIMIT 1`,
  );
  const nextRejects = db.prepare<[number], StagedReject>(
    `SELECT offset, pointer, code, message FROM spill_reject_${file} WHERE ordinal >= ? ORDER BY ordinal LIMIT ${PAGE}`,
  );

  return {
    write: (captures, columns, rejects) => write.deferred(captures, columns, rejects),
    compact: (outranks) => compact.deferred(outranks),
    *captures() {
      let row = nextCapture.get('', '');
      while (row !== undefined) {
        const { account, capturedAt } = row;
        const reasons = joinReasons(fromReasonColumn(row.reason), []);
        const complete = row.complete === null ? null : row.complete === 1;
        yield { account, capturedAt, complete, reasons, pages: pieces.read(account, capturedAt) };
        row = nextCapture.get(account, capturedAt);
      }
    },
    *rejects() {
      for (let from = 0; from < rejectCount; from += PAGE) yield nextRejects.all(from);
    },
    clear() {
      for (const name of [...Object.keys(TABLES), 'spill_role'])
        db.exec(`DROP TABLE IF EXISTS ${name}_${file}`);
    },
  };
}

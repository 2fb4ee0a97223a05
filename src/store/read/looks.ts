import type { Database } from 'better-sqlite3';
import type { EvidencePeriod } from '../../model/report-source.ts';
import { fromColumnTime } from '../schema/columns.ts';
import { isLedger, latestTime, showsRoles } from '../schema/sql-conditions.ts';

/** The moment at which one account is looked at. Times are column times, comparable as text. */
export interface AccountLook {
  readonly account: string;
  readonly name: string | null;
  /** The latest capture in scope; one that shows nothing of roles only where there is no other. */
  readonly at: string;
  /** The latest complete capture not after `at`; null when there is none. */
  readonly completeAt: string | null;
  /**
   * The latest capture after `completeAt` that should show all roles and does not; null when there is none. A role
   * that was last seen before it may have changed since.
   */
  readonly gapAt: string | null;
  /** True when all roles of the account are known at `at`. */
  readonly complete: boolean;
}

/** Up to which captures to look. */
export type CaptureScope =
  | { readonly kind: 'all' }
  /** Those that the evidence of one run holds. */
  | { readonly kind: 'run'; readonly run: number }
  /** Those that the evidence of earlier runs holds. */
  | { readonly kind: 'before-run'; readonly run: number }
  /** Those not after a column time. */
  | { readonly kind: 'at'; readonly time: string };

type LookColumns = Omit<AccountLook, 'complete'>;

const LATEST = `SELECT account_id, ${latestTime('captured_at', 'reason')} AS at FROM capture`;
const OF_RUNS = `SELECT s.account_id, ${latestTime('s.captured_at', 's.reason')} AS at
  FROM run_evidence r JOIN capture_source s USING (evidence_id) WHERE r.run_id $compare $run AND $wanted
  GROUP BY s.account_id`;
const CAPTURES: Readonly<Record<CaptureScope['kind'], string>> = {
  all: `${LATEST} WHERE $wanted GROUP BY account_id`,
  at: `${LATEST} WHERE captured_at <= $time AND $wanted GROUP BY account_id`,
  run: OF_RUNS.replace('$compare', '='),
  'before-run': OF_RUNS.replace('$compare', '<'),
};

/** The scope of a report: one run, or all the store has. */
export function scopeOfRun(run: number | null): CaptureScope {
  return run === null ? { kind: 'all' } : { kind: 'run', run };
}

/** From when to when the store has evidence; null without a capture. */
export function evidencePeriod(db: Database): EvidencePeriod | null {
  const row = db
    .prepare<[], { readonly from: string | null; readonly to: string | null }>(
      'SELECT min(captured_at) AS "from", max(captured_at) AS "to" FROM capture',
    )
    .get();
  if (row?.from == null || row.to === null) return null;
  return { from: fromColumnTime(row.from), to: fromColumnTime(row.to) };
}

/** Accounts by id, each at its latest capture in scope. */
export function accountLooks(db: Database, scope: CaptureScope): readonly AccountLook[] {
  return looks(db, scope, `NOT ${isLedger('account_id')}`, '');
}

/** The same of the ledgers of one account, by the type they are of. */
export function ledgerLooks(
  db: Database,
  scope: CaptureScope,
  account: string,
): ReadonlyMap<string, AccountLook> {
  // `0` is the character after `/`.
  const wanted = `account_id > $account || '/' AND account_id < $account || '0'`;
  return new Map(
    looks(db, scope, wanted, account).map((look) => [look.account.slice(account.length + 1), look]),
  );
}

function looks(db: Database, scope: CaptureScope, wanted: string, account: string): AccountLook[] {
  const sql = `
    WITH scope AS (${CAPTURES[scope.kind].replace('$wanted', () => wanted)}),
    based AS (
      SELECT s.*, (SELECT c.captured_at FROM capture c WHERE c.account_id = s.account_id AND c.complete = 1
        AND c.captured_at <= s.at ORDER BY c.captured_at DESC LIMIT 1) AS complete_at
      FROM scope s
    )
    SELECT b.account_id AS account, a.name, b.at, b.complete_at AS completeAt,
      (SELECT max(c.captured_at) FROM capture c WHERE c.account_id = b.account_id
        AND c.captured_at > coalesce(b.complete_at, '') AND c.captured_at <= b.at
        AND c.gap = 1) AS gapAt
    FROM based b JOIN account a ON a.id = b.account_id ORDER BY b.account_id`;
  const rows = db.prepare<[Record<string, string | number>], LookColumns>(sql).all({ ...scope, account });
  return rows.map((row) => ({ ...row, complete: row.completeAt !== null && row.gapAt === null }));
}

/** One capture of an account. */
export interface CaptureRow {
  /** Column time. */
  readonly at: string;
  readonly complete: boolean;
  /** See `AccountLook.gapAt`. */
  readonly gap: boolean;
}

/** The captures of an account, or of a ledger, not after a column time, that show something of roles, oldest first. */
export function* capturesOf(db: Database, account: string, until: string): Iterable<CaptureRow> {
  const statement = db.prepare<
    [{ account: string; until: string }],
    [at: string, complete: number, gap: number]
  >(
    `SELECT captured_at, complete, gap FROM capture
     WHERE account_id = $account AND captured_at <= $until AND ${showsRoles('reason')} ORDER BY captured_at`,
  );
  for (const [at, complete, gap] of statement.raw().iterate({ account, until })) {
    yield { at, complete: complete === 1, gap: gap === 1 };
  }
}

/** Those before a column time that show something of roles, newest first. */
export function* capturesBefore(db: Database, account: string, time: string): Iterable<CaptureRow> {
  const statement = db.prepare<[string, string], [at: string, complete: number, gap: number]>(
    `SELECT captured_at, complete, gap FROM capture
     WHERE account_id = ? AND captured_at < ? AND ${showsRoles('reason')} ORDER BY captured_at DESC`,
  );
  for (const [at, complete, gap] of statement.raw().iterate(account, time)) {
    yield { at, complete: complete === 1, gap: gap === 1 };
  }
}

/** The first after a column time that shows something of roles; null when there is none. */
export function openNextCapture(db: Database): (account: string, time: string) => string | null {
  const next = db
    .prepare<[string, string], string | null>(
      `SELECT min(captured_at) FROM capture WHERE account_id = ? AND captured_at > ? AND ${showsRoles('reason')}`,
    )
    .pluck();
  return (account, time) => next.get(account, time) ?? null;
}

/** True when all evidence of the account up to a column time is AWS Config's, without IAM being recorded. */
export function isUnrecorded(db: Database, account: string, until: string): boolean {
  const recorded = db
    .prepare<[{ account: string; until: string }], number>(
      `SELECT 1 FROM capture_source
       WHERE account_id = $account AND captured_at <= $until AND instr(coalesce(reason, ''), 'no-iam-recorded') = 0 LIMIT 1`,
    )
    .pluck();
  return recorded.get({ account, until }) === undefined;
}

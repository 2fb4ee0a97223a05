import type { Database } from 'better-sqlite3';
import { toColumnTime, toReasonColumn } from '../schema/columns.ts';
import { isLedger } from '../schema/sql-conditions.ts';
import { openAccounts } from '../write/accounts.ts';
import type { RolePage } from '../write/role-columns.ts';
import type { StagedCapture } from '../write/staged-role.ts';
import type { Staging } from '../write/staging.ts';
import type { Claim } from './captures.ts';
import { ChunkBuilder } from './chunk-builder.ts';

/** A file, and of what: of roles, or of the ledgers of further rules. */
export interface OfFile {
  readonly evidence: number;
  readonly ledgers: 0 | 1;
}

const OF_FILE = `evidence_id = $evidence AND (${isLedger('account_id')}) = $ledgers`;

const prepareStatements = (db: Database) => {
  return {
    addSource: db.prepare(
      `INSERT INTO capture_source (account_id, captured_at, evidence_id, complete, reason) VALUES (?, ?, ?, ?, ?)`,
    ),
    addChunk: db.prepare(
      'INSERT INTO sighting (account_id, captured_at, evidence_id, chunk, data) VALUES (?, ?, ?, ?, ?)',
    ),
    findSource: db.prepare<
      [string, string, number],
      { complete: number; reason: string | null; covered: number }
    >(
      'SELECT complete, reason, covered FROM capture_source WHERE account_id = ? AND captured_at = ? AND evidence_id = ?',
    ),
    findChunk: db
      .prepare<[string, string, number, number], Buffer>(
        `SELECT data FROM sighting WHERE account_id = ? AND captured_at = ? AND evidence_id = ? AND chunk = ?`,
      )
      .pluck(),
    countSources: db
      .prepare<[OfFile], number>(`SELECT count(*) FROM capture_source WHERE ${OF_FILE}`)
      .pluck(),
    accountsOf: db
      .prepare<[OfFile], string>(`SELECT DISTINCT account_id FROM capture_source WHERE ${OF_FILE}`)
      .pluck(),
    dropSightings: db.prepare(
      `DELETE FROM sighting WHERE evidence_id = $evidence AND (account_id, captured_at) IN
       (SELECT account_id, captured_at FROM capture_source WHERE ${OF_FILE})`,
    ),
    dropSources: db.prepare(`DELETE FROM capture_source WHERE ${OF_FILE}`),
  };
};

/** What single files say, as they said it: the tables `capture_source` and `sighting`. */
export class FileFacts {
  private readonly sql: ReturnType<typeof prepareStatements>;
  private readonly addAccount: (account: string) => void;

  constructor(db: Database) {
    this.sql = prepareStatements(db);
    this.addAccount = openAccounts(db);
  }

  /** Adds what the file shows of one capture; `visit` sees every page of roles on the way. `at` is a column time. */
  add(
    staged: StagedCapture,
    at: string,
    claim: Claim,
    evidence: number,
    visit?: (page: RolePage) => void,
  ): void {
    this.addAccount(staged.account);
    this.sql.addSource.run(
      staged.account,
      at,
      evidence,
      claim.complete ? 1 : 0,
      toReasonColumn(claim.reasons),
    );
    const builder = new ChunkBuilder((chunk, data) =>
      this.sql.addChunk.run(staged.account, at, evidence, chunk, data),
    );
    for (const page of staged.pages) {
      builder.addAll(page);
      visit?.(page);
    }
    builder.end();
  }

  /** True when the store holds exactly these facts of the file already. */
  holds(staging: Staging, ofFile: OfFile): boolean {
    const { evidence } = ofFile;
    let sources = 0;
    for (const staged of staging.captures()) {
      const at = toColumnTime(staged.capturedAt);
      const claim = claimOf(staged);
      const source = this.sql.findSource.get(staged.account, at, evidence);
      sources++;
      if (
        source === undefined ||
        source.complete !== Number(claim.complete) ||
        source.reason !== toReasonColumn(claim.reasons)
      ) {
        return false;
      }
      let same = true;
      const builder = new ChunkBuilder((chunk, data) => {
        if (this.sql.findChunk.get(staged.account, at, evidence, chunk)?.equals(data) !== true) same = false;
      });
      for (const page of staged.pages) builder.addAll(page);
      const chunks = builder.end();
      if (!same || this.sql.findChunk.get(staged.account, at, evidence, chunks) !== undefined) return false;
    }
    return sources === this.sql.countSources.get(ofFile);
  }

  /** The accounts, or the ledgers, that the file says anything of. */
  accountsOf(ofFile: OfFile): readonly string[] {
    return this.sql.accountsOf.all(ofFile);
  }

  drop(ofFile: OfFile): void {
    this.sql.dropSightings.run(ofFile);
    this.sql.dropSources.run(ofFile);
  }

  /** True when the file shows all roles of the capture, or all that it shows is shown by files that do. */
  canComplete(account: string, at: string, evidence: number): boolean {
    const source = this.sql.findSource.get(account, at, evidence);
    return source !== undefined && (source.complete === 1 || source.covered === 1);
  }
}

/** What a file claims to show of a capture. */
export function claimOf({ complete, reasons }: StagedCapture): Claim {
  if (complete === true) return { complete, reasons: [] };
  return { complete: false, reasons: reasons.length === 0 ? ['unstated'] : reasons };
}

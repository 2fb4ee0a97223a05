import type { Database, Transaction } from 'better-sqlite3';
import type { EvidenceRow } from '../../model/evidence-row.ts';
import { openSightings } from '../read/sightings.ts';
import { toReasonColumn } from '../schema/capture-reasons.ts';
import { toColumnTime } from '../schema/evidence-time.ts';
import { isLedger } from '../schema/ledger.ts';
import { openAccounts } from '../write/accounts.ts';
import type { Dictionary } from '../write/dictionary.ts';
import { type EvidenceRows, isWhole, openEvidenceRows } from '../write/evidence-rows.ts';
import type { Policies } from '../write/policies.ts';
import { RoleColumns, type RolePage } from '../write/role-columns.ts';
import type { StagedCapture } from '../write/staged-role.ts';
import type { Staging } from '../write/staging.ts';
import { Captures, type Claim, mustConfirm } from './captures.ts';
import { ChunkBuilder } from './chunk-builder.ts';
import { ConfigItems, holdsConfigItems } from './config-items.ts';
import { Covering } from './covering.ts';
import { type Disagreements, openDisagreements } from './disagreements.ts';
import { Observations, type Placing, type SeenIn } from './observations.ts';
import { Rebuild } from './rebuild.ts';

/** What a file says: of roles, or in the ledgers of further rules. */
interface OfFile {
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
    isComplete: db
      .prepare<[string, string], number>(
        'SELECT complete FROM capture WHERE account_id = ? AND captured_at = ?',
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

/** Folds staged files into the tables. */
export class Fold {
  private readonly sql: ReturnType<typeof prepareStatements>;
  private readonly policies: Policies;
  private readonly disagreements: Disagreements;
  private readonly configItems: ConfigItems;
  private readonly observations: Observations;
  private readonly captures: Captures;
  private readonly covering: Covering;
  private readonly accounts: Rebuild;
  private readonly addAccount: (account: string) => void;
  private readonly evidenceRows: EvidenceRows;
  private readonly atOnce: Transaction<(work: () => void) => void>;

  constructor(db: Database, { policies }: Pick<Dictionary, 'policies'>) {
    this.policies = policies;
    this.sql = prepareStatements(db);
    this.addAccount = openAccounts(db);
    const sightings = openSightings(db);
    const disagreements = openDisagreements(db, policies);
    const configItems = new ConfigItems(db, disagreements);
    const observations = new Observations(db, policies, disagreements);
    const captures = new Captures(db, sightings, configItems, disagreements);
    const covering = new Covering(db, sightings, configItems, disagreements);
    this.accounts = new Rebuild(db, {
      captures,
      observations,
      sightings,
      covering,
      configItems,
      disagreements,
    });
    this.disagreements = disagreements;
    this.configItems = configItems;
    this.observations = observations;
    this.captures = captures;
    this.covering = covering;
    this.evidenceRows = openEvidenceRows(db);
    this.atOnce = db.transaction((work: () => void) => work());
  }

  /**
   * One transaction: afterwards the store holds the whole file, or, when this throws, nothing of it. `entities` is
   * null when no further rules were asked for; what the store holds under such rules then stays.
   */
  fold(staging: Staging, entities: Staging | null, row: EvidenceRow, runId: number): void {
    try {
      this.atOnce.immediate(() => this.foldFile(staging, entities, row, runId));
    } catch (error) {
      // What is remembered of the tables must not outlive a transaction that was rolled back.
      this.covering.forget();
      throw error;
    }
  }

  /** Builds an account, or a ledger, anew from what its files showed; within a transaction of the caller. */
  rebuild(account: string): void {
    this.accounts.account(account);
  }

  private foldFile(staging: Staging, entities: Staging | null, row: EvidenceRow, runId: number): void {
    const known = this.evidenceRows.find(row);
    const evidence = this.evidenceRows.write(row, runId, staging);
    const hasItems = holdsConfigItems(row.format);
    for (const part of entities === null ? [staging] : [staging, entities]) {
      const ofFile: OfFile = { evidence, ledgers: part === entities ? 1 : 0 };
      if (known === undefined) this.foldNew(part, { evidence, path: row.path, sha256: row.sha256 }, hasItems);
      else if (known.whole !== Number(isWhole(row)) || !this.holds(part, ofFile))
        this.replace(part, ofFile, hasItems);
    }
  }

  /** Stores what the file shows of one capture; `visit` sees every page of roles on the way. */
  private store(
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

  /** Takes up the ages of what a file of AWS Config shows; returns the accounts to be built anew for it. */
  private addItems(staging: Staging): ReadonlySet<string> {
    const accounts = new Set<string>();
    for (const { account, capturedAt, pages } of staging.captures()) {
      for (const page of pages) {
        if (this.configItems.add(account, toColumnTime(capturedAt), page)) accounts.add(account);
      }
    }
    return accounts;
  }

  /** The page as it stands, given all items of AWS Config that are known. */
  private asItemsStand(page: RolePage, at: string): RolePage {
    const columns = new RoleColumns();
    for (let index = 0; index < page.length; index++) {
      const role = page.roles[index] as number;
      for (const policy of this.configItems.standing(role, page.policies[index] as number, at))
        columns.push(0, role, policy, page.offsets[index] as number, '');
    }
    columns.settle(this.policies.outranks);
    return columns.page(0);
  }

  private foldNew(staging: Staging, seenIn: SeenIn, hasItems: boolean): void {
    const anew = hasItems ? this.addItems(staging) : new Set<string>();
    const further: Placing[] = [];
    for (const staged of staging.captures()) {
      const at = toColumnTime(staged.capturedAt);
      const claim = claimOf(staged);
      if (anew.has(staged.account)) {
        this.store(staged, at, claim, seenIn.evidence);
        continue;
      }
      const capture = this.captures.begin(staged.account, at, claim);
      const confirming = mustConfirm(capture);
      let conflict = false;
      this.store(staged, at, claim, seenIn.evidence, (page) => {
        const standing = hasItems ? this.asItemsStand(page, at) : page;
        if (!this.observations.placeAll(capture, standing, seenIn)) conflict = true;
        if (confirming) for (const role of page.roles) this.captures.confirm(role);
      });
      this.captures.end(capture, conflict);
      if (!capture.fresh) further.push(capture);
    }
    for (const account of anew) this.rebuild(account);
    for (const { account, at } of further) {
      if (!anew.has(account)) this.joinOthers(account, at, seenIn.evidence);
    }
  }

  /** True when the store holds exactly these facts of the file already. */
  private holds(staging: Staging, ofFile: OfFile): boolean {
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

  private replace(staging: Staging, ofFile: OfFile, hasItems: boolean): void {
    const { evidence } = ofFile;
    const accounts = new Set([
      ...this.sql.accountsOf.all(ofFile),
      ...(hasItems ? this.addItems(staging) : []),
    ]);
    this.sql.dropSightings.run(ofFile);
    this.sql.dropSources.run(ofFile);
    for (const staged of staging.captures()) {
      accounts.add(staged.account);
      this.store(staged, toColumnTime(staged.capturedAt), claimOf(staged), evidence);
    }
    for (const account of accounts) this.rebuild(account);
  }

  /** What the file lacks, or other files of the capture do, may not matter any more, taken together. */
  private joinOthers(account: string, at: string, evidence: number): void {
    this.covering.arrive(account, at, evidence);
    this.disagreements.note(account, at);
    if (this.sql.isComplete.get(account, at) === 1) return;
    const source = this.sql.findSource.get(account, at, evidence);
    // What neither shows all roles nor is covered makes nothing complete.
    if (source !== undefined && (source.complete === 1 || source.covered === 1)) {
      if (this.covering.isComplete(account, at)) this.accounts.promote(account, at);
    }
  }
}

function claimOf({ complete, reasons }: StagedCapture): Claim {
  if (complete === true) return { complete, reasons: [] };
  return { complete: false, reasons: reasons.length === 0 ? ['unstated'] : reasons };
}

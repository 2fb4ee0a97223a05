import type { Database } from 'better-sqlite3';
import { toReasonColumn } from './capture-reasons.ts';
import { type Claim, mustConfirm, openCaptures } from './captures.ts';
import { holdsConfigItems, openConfigItems } from './config-items.ts';
import { openCovering } from './covering.ts';
import type { Dictionary } from './dictionary.ts';
import { openDisagreements } from './disagreements.ts';
import { isWhole, openEvidenceRows } from './evidence-rows.ts';
import { toColumnTime } from './evidence-time.ts';
import { isLedger } from './ledger.ts';
import { openObservations, type Placing, type SeenIn } from './observations.ts';
import { openRebuild } from './rebuild.ts';
import { RoleColumns, type RolePage } from './role-columns.ts';
import { ChunkBuilder, openSightings } from './sightings.ts';
import type { StagedCapture } from './staged-role.ts';
import type { Staging } from './staging.ts';
import type { EvidenceRow } from './types.ts';

/** Folds staged files into the tables. */
export interface Fold {
  /**
   * One transaction: afterwards the store holds the whole file, or, when this throws, nothing of it. `entities` is
   * null when no further rules were asked for; what the store holds under such rules then stays.
   */
  fold(staging: Staging, entities: Staging | null, row: EvidenceRow, runId: number): void;
  /** Builds an account, or a ledger, anew from what its files showed; within a transaction of the caller. */
  rebuild(account: string): void;
}

/** What a file says: of roles, or in the ledgers of further rules. */
interface OfFile {
  readonly evidence: number;
  readonly ledgers: 0 | 1;
}

const OF_FILE = `evidence_id = $evidence AND (${isLedger('account_id')}) = $ledgers`;

export function openFold(db: Database, { policies }: Pick<Dictionary, 'policies'>): Fold {
  const sightings = openSightings(db);
  const disagreements = openDisagreements(db, policies);
  const configItems = openConfigItems(db, disagreements);
  const observations = openObservations(db, policies, disagreements);
  const captures = openCaptures(db, sightings, configItems, disagreements);
  const covering = openCovering(db, sightings, configItems, disagreements);
  const parts = { captures, observations, sightings, covering, configItems, disagreements };
  const rebuild = openRebuild(db, parts);
  const evidenceRows = openEvidenceRows(db);

  const addAccount = db.prepare('INSERT OR IGNORE INTO account (id) VALUES (?)');
  const addSource = db.prepare(
    `INSERT INTO capture_source (account_id, captured_at, evidence_id, complete, reason) VALUES (?, ?, ?, ?, ?)`,
  );
  const addChunk = db.prepare(
    'INSERT INTO sighting (account_id, captured_at, evidence_id, chunk, data) VALUES (?, ?, ?, ?, ?)',
  );
  const findSource = db.prepare<
    [string, string, number],
    { complete: number; reason: string | null; covered: number }
  >(
    'SELECT complete, reason, covered FROM capture_source WHERE account_id = ? AND captured_at = ? AND evidence_id = ?',
  );
  const findChunk = db
    .prepare<[string, string, number, number], Buffer>(
      `SELECT data FROM sighting WHERE account_id = ? AND captured_at = ? AND evidence_id = ? AND chunk = ?`,
    )
    .pluck();
  const isComplete = db
    .prepare<[string, string], number>(
      'SELECT complete FROM capture WHERE account_id = ? AND captured_at = ?',
    )
    .pluck();
  const countSources = db
    .prepare<[OfFile], number>(`SELECT count(*) FROM capture_source WHERE ${OF_FILE}`)
    .pluck();
  const accountsOf = db
    .prepare<[OfFile], string>(`SELECT DISTINCT account_id FROM capture_source WHERE ${OF_FILE}`)
    .pluck();
  const dropSightings = db.prepare(
    `DELETE FROM sighting WHERE evidence_id = $evidence AND (account_id, captured_at) IN
       (SELECT account_id, captured_at FROM capture_source WHERE ${OF_FILE})`,
  );
  const dropSources = db.prepare(`DELETE FROM capture_source WHERE ${OF_FILE}`);

  /** Stores what the file shows of one capture; `visit` sees every page of roles on the way. */
  function store(
    staged: StagedCapture,
    at: string,
    claim: Claim,
    evidence: number,
    visit?: (page: RolePage) => void,
  ): void {
    addAccount.run(staged.account);
    addSource.run(staged.account, at, evidence, claim.complete ? 1 : 0, toReasonColumn(claim.reasons));
    const builder = new ChunkBuilder((chunk, data) =>
      addChunk.run(staged.account, at, evidence, chunk, data),
    );
    for (const page of staged.pages) {
      builder.addAll(page);
      visit?.(page);
    }
    builder.end();
  }

  /** Takes up the ages of what a file of AWS Config shows; returns the accounts to be built anew for it. */
  function addItems(staging: Staging): ReadonlySet<string> {
    const accounts = new Set<string>();
    for (const { account, capturedAt, pages } of staging.captures()) {
      for (const page of pages) {
        if (configItems.add(account, toColumnTime(capturedAt), page)) accounts.add(account);
      }
    }
    return accounts;
  }

  /** The page as it stands, given all items of AWS Config that are known. */
  function asItemsStand(page: RolePage, at: string): RolePage {
    const columns = new RoleColumns();
    for (let index = 0; index < page.length; index++) {
      const role = page.roles[index] as number;
      for (const policy of configItems.standing(role, page.policies[index] as number, at))
        columns.push(0, role, policy, page.offsets[index] as number, '');
    }
    columns.settle(policies.outranks);
    return columns.page(0);
  }

  function foldNew(staging: Staging, seenIn: SeenIn, hasItems: boolean): void {
    const anew = hasItems ? addItems(staging) : new Set<string>();
    const further: Placing[] = [];
    for (const staged of staging.captures()) {
      const at = toColumnTime(staged.capturedAt);
      const claim = claimOf(staged);
      if (anew.has(staged.account)) {
        store(staged, at, claim, seenIn.evidence);
        continue;
      }
      const capture = captures.begin(staged.account, at, claim);
      const confirming = mustConfirm(capture);
      let conflict = false;
      store(staged, at, claim, seenIn.evidence, (page) => {
        const standing = hasItems ? asItemsStand(page, at) : page;
        if (!observations.placeAll(capture, standing, seenIn)) conflict = true;
        if (confirming) for (const role of page.roles) captures.confirm(role);
      });
      captures.end(capture, conflict);
      if (!capture.fresh) further.push(capture);
    }
    for (const account of anew) rebuild.account(account);
    for (const { account, at } of further) {
      if (!anew.has(account)) joinOthers(account, at, seenIn.evidence);
    }
  }

  /** True when the store holds exactly these facts of the file already. */
  function holds(staging: Staging, ofFile: OfFile): boolean {
    const { evidence } = ofFile;
    let sources = 0;
    for (const staged of staging.captures()) {
      const at = toColumnTime(staged.capturedAt);
      const claim = claimOf(staged);
      const source = findSource.get(staged.account, at, evidence);
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
        if (findChunk.get(staged.account, at, evidence, chunk)?.equals(data) !== true) same = false;
      });
      for (const page of staged.pages) builder.addAll(page);
      const chunks = builder.end();
      if (!same || findChunk.get(staged.account, at, evidence, chunks) !== undefined) return false;
    }
    return sources === countSources.get(ofFile);
  }

  function replace(staging: Staging, ofFile: OfFile, hasItems: boolean): void {
    const { evidence } = ofFile;
    const accounts = new Set([...accountsOf.all(ofFile), ...(hasItems ? addItems(staging) : [])]);
    dropSightings.run(ofFile);
    dropSources.run(ofFile);
    for (const staged of staging.captures()) {
      accounts.add(staged.account);
      store(staged, toColumnTime(staged.capturedAt), claimOf(staged), evidence);
    }
    for (const account of accounts) rebuild.account(account);
  }

  /** What the file lacks, or other files of the capture do, may not matter any more, taken together. */
  function joinOthers(account: string, at: string, evidence: number): void {
    covering.arrive(account, at, evidence);
    disagreements.note(account, at);
    if (isComplete.get(account, at) === 1) return;
    const source = findSource.get(account, at, evidence);
    // What neither shows all roles nor is covered makes nothing complete.
    if (source !== undefined && (source.complete === 1 || source.covered === 1)) {
      if (covering.isComplete(account, at)) rebuild.promote(account, at);
    }
  }

  const fold = db.transaction(
    (staging: Staging, entities: Staging | null, row: EvidenceRow, runId: number): void => {
      const known = evidenceRows.find(row);
      const evidence = evidenceRows.write(row, runId, staging);
      for (const part of entities === null ? [staging] : [staging, entities]) {
        const ofFile: OfFile = { evidence, ledgers: part === entities ? 1 : 0 };
        const hasItems = holdsConfigItems(row.format);
        if (known === undefined) foldNew(part, { evidence, path: row.path, sha256: row.sha256 }, hasItems);
        else if (known.whole !== Number(isWhole(row)) || !holds(part, ofFile))
          replace(part, ofFile, hasItems);
      }
    },
  );

  /** What is remembered of the tables must not outlive a transaction that was rolled back. */
  function forgetting<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      covering.forget();
      throw error;
    }
  }

  return {
    fold: (staging, entities, row, runId) => forgetting(() => fold.immediate(staging, entities, row, runId)),
    rebuild: rebuild.account,
  };
}

function claimOf({ complete, reasons }: StagedCapture): Claim {
  if (complete === true) return { complete, reasons: [] };
  return { complete: false, reasons: reasons.length === 0 ? ['unstated'] : reasons };
}

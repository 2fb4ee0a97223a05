import type { Database, Statement, Transaction } from 'better-sqlite3';
import type { EvidenceRow } from '../../model/evidence-row.ts';
import { openSightings } from '../read/sightings.ts';
import { toColumnTime } from '../schema/columns.ts';
import { breakSeal } from '../schema/seal-rows.ts';
import { type Unsettling, unsettling } from '../schema/settled.ts';
import type { Dictionary } from '../write/dictionary.ts';
import { type EvidenceRows, isWhole, openEvidenceRows } from '../write/evidence-rows.ts';
import { openPolicies, type Policies } from '../write/policies.ts';
import { RoleColumns, type RolePage } from '../write/role-columns.ts';
import type { Staging } from '../write/staging.ts';
import { Captures, mustConfirm } from './captures.ts';
import { ConfigItems, holdsConfigItems } from './config-items.ts';
import { Covering } from './covering.ts';
import { type Disagreements, openDisagreements } from './disagreements.ts';
import { claimOf, FileFacts, type OfFile } from './file-facts.ts';
import { Observations, type Placing, type SeenIn } from './observations.ts';
import { type FoldedOrganizations, foldOrganizations } from './organization-facts.ts';
import { Rebuild } from './rebuild.ts';
import { RoleFacts } from './role-facts.ts';

/** Folds staged files into the tables. */
export class Fold {
  private readonly facts: FileFacts;
  private readonly roleFacts: RoleFacts;
  private readonly isCompleteAt: Statement<[string, string], number>;
  private readonly policies: Policies;
  private readonly disagreements: Disagreements;
  private readonly configItems: ConfigItems;
  private readonly observations: Observations;
  private readonly captures: Captures;
  private readonly covering: Covering;
  private readonly accounts: Rebuild;
  private readonly evidenceRows: EvidenceRows;
  private readonly organizations: FoldedOrganizations;
  private readonly unsettle: Unsettling;
  private readonly atOnce: Transaction<(work: () => void) => void>;

  constructor(db: Database, { policies }: Pick<Dictionary, 'policies'>) {
    this.policies = policies;
    this.facts = new FileFacts(db);
    this.roleFacts = new RoleFacts(db);
    this.isCompleteAt = db
      .prepare<[string, string], number>(
        'SELECT complete FROM capture WHERE account_id = ? AND captured_at = ?',
      )
      .pluck();
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
    this.organizations = foldOrganizations(db);
    this.unsettle = unsettling(db);
    this.atOnce = db.transaction((work: () => void) => {
      breakSeal(db);
      work();
    });
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

  /** To be called at the end of a run. */
  settle(): void {
    this.atOnce.immediate(() => this.organizations.settle());
  }

  /** Builds an account, or a ledger, anew from what its files showed; within a transaction of the caller. */
  rebuild(account: string): void {
    this.unsettle.account(account);
    this.accounts.account(account);
  }

  private foldFile(staging: Staging, entities: Staging | null, row: EvidenceRow, runId: number): void {
    const parts = entities === null ? [staging] : [staging, entities];
    for (const part of parts) for (const { account } of part.captures()) this.unsettle.account(account);
    const known = this.evidenceRows.find(row);
    const evidence = this.evidenceRows.write(row, runId, staging);
    this.organizations.replace(evidence, staging.organization);
    const hasItems = holdsConfigItems(row.format);
    this.roleFacts.write(evidence, staging, known !== undefined);
    for (const part of parts) {
      const ofFile: OfFile = { evidence, ledgers: part === entities ? 1 : 0 };
      if (known === undefined) this.foldNew(part, { evidence, path: row.path, sha256: row.sha256 }, hasItems);
      else if (known.whole !== Number(isWhole(row)) || !this.facts.holds(part, ofFile))
        this.replace(part, ofFile, hasItems);
    }
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
        this.facts.add(staged, at, claim, seenIn.evidence);
        continue;
      }
      const capture = this.captures.begin(staged.account, at, claim);
      const confirming = mustConfirm(capture);
      let conflict = false;
      this.facts.add(staged, at, claim, seenIn.evidence, (page) => {
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

  private replace(staging: Staging, ofFile: OfFile, hasItems: boolean): void {
    const { evidence } = ofFile;
    const accounts = new Set([...this.facts.accountsOf(ofFile), ...(hasItems ? this.addItems(staging) : [])]);
    this.facts.drop(ofFile);
    for (const staged of staging.captures()) {
      accounts.add(staged.account);
      this.facts.add(staged, toColumnTime(staged.capturedAt), claimOf(staged), evidence);
    }
    for (const account of accounts) this.rebuild(account);
  }

  /** What the file lacks, or other files of the capture do, may not matter any more, taken together. */
  private joinOthers(account: string, at: string, evidence: number): void {
    this.covering.arrive(account, at, evidence);
    this.disagreements.note(account, at);
    if (this.isCompleteAt.get(account, at) === 1) return;
    // What neither shows all roles nor is covered makes nothing complete.
    if (this.facts.canComplete(account, at, evidence) && this.covering.isComplete(account, at))
      this.accounts.promote(account, at);
  }
}

/**
 * Builds anew the accounts and ledgers of which several files show one moment: what these say together depends on the rules
 * of the program that read them. Within a transaction of the caller.
 */
export function rebuildShared(db: Database): void {
  const accounts = db
    .prepare<[], string>(
      `SELECT DISTINCT account_id FROM (
         SELECT account_id FROM capture_source GROUP BY account_id, captured_at HAVING count(*) > 1)`,
    )
    .pluck()
    .all();
  if (accounts.length === 0) return;
  const fold = new Fold(db, { policies: openPolicies(db) });
  for (const account of accounts) fold.rebuild(account);
}

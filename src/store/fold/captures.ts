import type { Database } from 'better-sqlite3';
import { isHarmless, joinReasons, leavesGap, type Reasons } from '../../model/capture.ts';
import type { Sightings } from '../read/sightings.ts';
import { fromReasonColumn, toReasonColumn } from '../schema/columns.ts';
import { openAccounts } from '../write/accounts.ts';
import type { ConfigItems } from './config-items.ts';
import type { Disagreements } from './disagreements.ts';
import type { Placing } from './observations.ts';

/** What one file claims of an account at a time. */
export interface Claim {
  readonly complete: boolean;
  /** Empty when complete. */
  readonly reasons: Reasons;
}

/** True when roles not seen in this capture have a row that wrongly bridges it. */
export function mustConfirm(capture: Placing): boolean {
  return capture.fresh && capture.complete && capture.before !== null && capture.after !== null;
}

interface StoredClaim {
  readonly complete: number;
  readonly reason: string | null;
}

const OF_ACCOUNT = 'role IN (SELECT id FROM role WHERE account_id = $account)';

const prepareStatements = (db: Database) => {
  const bridging = `complete = 1 AND first_seen < $at AND last_seen > $at AND ${OF_ACCOUNT}
    AND role NOT IN (SELECT role FROM confirmed)`;
  return {
    find: db.prepare<[string, string], StoredClaim>(
      'SELECT complete, reason FROM capture WHERE account_id = ? AND captured_at = ?',
    ),
    anyOther: db
      .prepare<[string, string], number>(
        'SELECT 1 FROM capture WHERE account_id = ? AND captured_at <> ? LIMIT 1',
      )
      .pluck(),
    add: db.prepare(
      'INSERT INTO capture (account_id, captured_at, complete, reason, gap) VALUES (?, ?, ?, ?, ?)',
    ),
    change: db.prepare(
      'UPDATE capture SET complete = 0, reason = ?, gap = ? WHERE account_id = ? AND captured_at = ?',
    ),
    reasonsOf: db
      .prepare<[string, string], string>(
        `SELECT DISTINCT reason FROM capture_source WHERE account_id = ? AND captured_at = ? AND reason IS NOT NULL`,
      )
      .pluck(),
    previous: db
      .prepare<[string, string], string>(
        `SELECT captured_at FROM capture WHERE account_id = ? AND complete = 1 AND captured_at < ?
       ORDER BY captured_at DESC LIMIT 1`,
      )
      .pluck(),
    next: db
      .prepare<[string, string], string>(
        `SELECT captured_at FROM capture WHERE account_id = ? AND complete = 1 AND captured_at > ?
       ORDER BY captured_at LIMIT 1`,
      )
      .pluck(),
    addConfirmed: db.prepare('INSERT OR IGNORE INTO confirmed (role) VALUES (?)'),
    clearConfirmed: db.prepare('DELETE FROM confirmed'),
    splitLeft: db.prepare(
      `INSERT INTO observation (role, policy, first_seen, last_seen, complete)
     SELECT role, policy, first_seen, $before, 1 FROM observation WHERE ${bridging}`,
    ),
    splitRight: db.prepare(`UPDATE observation SET first_seen = $after WHERE ${bridging}`),
    clearTouched: db.prepare('DELETE FROM touched'),
    touch: db.prepare(
      `INSERT INTO touched SELECT role, policy, first_seen, last_seen, evidence, offset FROM observation
     WHERE complete = 1 AND first_seen <= $at AND last_seen >= $at AND ${OF_ACCOUNT}`,
    ),
    demotion: [
      // Rows that end at the capture end before it, or vanish.
      `DELETE FROM observation WHERE last_seen = $at AND role IN (SELECT role FROM touched WHERE last = $at)`,
      `INSERT INTO observation (role, policy, first_seen, last_seen, complete)
     SELECT role, policy, first, $before, 1 FROM touched WHERE first < $at AND last = $at`,
      `UPDATE observation SET first_seen = $after
     WHERE complete = 1 AND first_seen = $at AND role IN (SELECT role FROM touched WHERE first = $at AND last > $at)`,
      `INSERT INTO observation (role, policy, first_seen, last_seen, complete, evidence, offset)
     SELECT role, policy, $at, $at, 0, iif(last = $at, evidence, NULL), iif(last = $at, offset, NULL) FROM touched`,
      // The neighbours now are next to each other: what the capture kept apart becomes one row.
      `UPDATE observation AS y SET first_seen = x.first_seen FROM observation AS x
     WHERE x.role = y.role AND x.last_seen = $before AND x.complete = 1 AND x.policy IS y.policy
       AND y.first_seen = $after AND y.complete = 1 AND y.${OF_ACCOUNT}`,
      `DELETE FROM observation AS x WHERE x.complete = 1 AND x.last_seen = $before AND x.${OF_ACCOUNT}
       AND EXISTS (SELECT 1 FROM observation y WHERE y.role = x.role AND y.complete = 1
         AND y.first_seen = x.first_seen AND y.last_seen > x.last_seen)`,
    ].map((sql) => db.prepare(sql)),
    unknownAt: db
      .prepare<{ account: string; at: string }, number>(
        `SELECT 1 FROM observation WHERE last_seen = $at AND evidence IS NULL AND ${OF_ACCOUNT} LIMIT 1`,
      )
      .pluck(),
    formatOf: db.prepare<[number], string | null>('SELECT format FROM evidence WHERE id = ?').pluck(),
    fillOne: db.prepare(
      `UPDATE observation SET evidence = ?, offset = ?
     WHERE role = ? AND last_seen = ? AND evidence IS NULL AND policy IS ?`,
    ),
  };
};

/** Keeps captures, and the observation rows a new capture splits or an incomplete one weakens. */
export class Captures {
  private readonly sql: ReturnType<typeof prepareStatements>;
  private readonly addAccount: (account: string) => void;
  private readonly sightings: Sightings;
  private readonly configItems: ConfigItems;
  private readonly disagreements: Disagreements;

  constructor(db: Database, sightings: Sightings, configItems: ConfigItems, disagreements: Disagreements) {
    this.disagreements = disagreements;
    this.configItems = configItems;
    this.sightings = sightings;
    db.exec(`
    CREATE TEMP TABLE IF NOT EXISTS confirmed (role INTEGER PRIMARY KEY);
    CREATE TEMP TABLE IF NOT EXISTS touched (
      role INTEGER PRIMARY KEY, policy INTEGER, first TEXT, last TEXT, evidence INTEGER, offset INTEGER);
  `);
    this.sql = prepareStatements(db);
    this.addAccount = openAccounts(db);
  }

  /** Takes the claim into the capture. Facts of the file may be placed between `begin` and `end`. */
  begin(account: string, at: string, claim: Claim): Placing {
    this.addAccount(account);
    const known = this.sql.find.get(account, at);
    const complete =
      known === undefined
        ? claim.complete
        : known.complete === 1 && (claim.complete || isHarmless(claim.reasons));
    const capture: Placing = {
      account,
      at,
      complete,
      fresh: known === undefined,
      first: this.sql.anyOther.get(account, at) === undefined,
      before: complete || known?.complete === 1 ? (this.sql.previous.get(account, at) ?? null) : null,
      after: complete || known?.complete === 1 ? (this.sql.next.get(account, at) ?? null) : null,
    };
    // A complete capture has forgotten why some of its sources are not.
    const before =
      known?.complete === 1 && !complete
        ? this.sql.reasonsOf.all(account, at).map(fromReasonColumn)
        : [fromReasonColumn(known?.reason ?? null)];
    const reasons = complete ? [] : [...before, claim.reasons].reduce(joinReasons, []);
    const reason = toReasonColumn(reasons);
    const gap = Number(leavesGap(reasons));
    if (known === undefined) this.sql.add.run(account, at, complete ? 1 : 0, reason, gap);
    else if (!complete && reason !== known.reason) this.sql.change.run(reason, gap, account, at);
    if (known?.complete === 1 && !complete) this.demote(capture);
    return capture;
  }

  /** Tells that a role was placed; needed only when `mustConfirm`. */
  confirm(role: number): void {
    this.sql.addConfirmed.run(role);
  }

  /** `conflict`: another policy is shown for one of the roles. */
  end(capture: Placing, conflict: boolean): void {
    const { account, at, before, fresh, after } = capture;
    if (conflict) this.disagreements.note(account, at);
    if (mustConfirm(capture)) this.split(capture);
    // Only a capture out of time order, or a conflict, can have shortened a row.
    if (before !== null && (conflict || (fresh && after !== null))) this.fillEvidence(account, before);
  }

  /** Looks up the evidence of rows whose last point changed: the first file that shows that role and policy then. */
  private fillEvidence(account: string, at: string): void {
    if (this.sql.unknownAt.get({ account, at }) === undefined) return;
    let last = 0;
    let standing = this.configItems.standingIn(null);
    this.sightings.visit(account, at, (evidence, role, shown, offset) => {
      if (evidence !== last) standing = this.configItems.standingIn(this.sql.formatOf.get(evidence) ?? null);
      last = evidence;
      for (const policy of standing(role, shown, at))
        this.sql.fillOne.run(evidence, offset, role, at, policy === 0 ? null : policy);
    });
  }

  private demote({ account, at, before, after }: Placing): void {
    this.sql.clearTouched.run();
    this.sql.touch.run({ account, at });
    for (const statement of this.sql.demotion) statement.run({ account, at, before, after });
    if (before !== null) this.fillEvidence(account, before);
    this.fillEvidence(account, at);
  }

  private split(capture: Placing): void {
    const { account, at, before, after } = capture;
    this.sql.splitLeft.run({ account, at, before });
    this.sql.splitRight.run({ account, at, after });
    this.sql.clearConfirmed.run();
  }
}

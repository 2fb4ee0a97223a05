import type { Database } from 'better-sqlite3';
import {
  fromReasonColumn,
  isHarmless,
  joinReasons,
  leavesGap,
  type Reasons,
  toReasonColumn,
} from './capture-reasons.ts';
import { type ConfigItems, holdsConfigItems } from './config-items.ts';
import type { Disagreements } from './disagreements.ts';
import type { Placing } from './observations.ts';
import type { Sightings } from './sightings.ts';

/** What one file claims of an account at a time. */
export interface Claim {
  readonly complete: boolean;
  /** Empty when complete. */
  readonly reasons: Reasons;
}

/** Keeps captures, and the observation rows a new capture splits or an incomplete one weakens. */
export interface Captures {
  /** Takes the claim into the capture. Facts of the file may be placed between `begin` and `end`. */
  begin(account: string, at: string, claim: Claim): Placing;
  /** Tells that a role was placed; needed only when `mustConfirm`. */
  confirm(role: number): void;
  /** `conflict`: another policy is shown for one of the roles. */
  end(capture: Placing, conflict: boolean): void;
}

/** True when roles not seen in this capture have a row that wrongly bridges it. */
export function mustConfirm(capture: Placing): boolean {
  return capture.fresh && capture.complete && capture.before !== null && capture.after !== null;
}

interface CaptureRow {
  readonly complete: number;
  readonly reason: string | null;
}

const OF_ACCOUNT = 'role IN (SELECT id FROM role WHERE account_id = $account)';

export function openCaptures(
  db: Database,
  sightings: Sightings,
  configItems: ConfigItems,
  disagreements: Disagreements,
): Captures {
  db.exec(`
    CREATE TEMP TABLE IF NOT EXISTS confirmed (role INTEGER PRIMARY KEY);
    CREATE TEMP TABLE IF NOT EXISTS touched (
      role INTEGER PRIMARY KEY, policy INTEGER, first TEXT, last TEXT, evidence INTEGER, offset INTEGER);
  `);
  const addAccount = db.prepare('INSERT OR IGNORE INTO account (id) VALUES (?)');
  const find = db.prepare<[string, string], CaptureRow>(
    'SELECT complete, reason FROM capture WHERE account_id = ? AND captured_at = ?',
  );
  const anyOther = db
    .prepare<[string, string], number>(
      'SELECT 1 FROM capture WHERE account_id = ? AND captured_at <> ? LIMIT 1',
    )
    .pluck();
  const add = db.prepare(
    'INSERT INTO capture (account_id, captured_at, complete, reason, gap) VALUES (?, ?, ?, ?, ?)',
  );
  const change = db.prepare(
    'UPDATE capture SET complete = 0, reason = ?, gap = ? WHERE account_id = ? AND captured_at = ?',
  );
  const reasonsOf = db
    .prepare<[string, string], string>(
      `SELECT DISTINCT reason FROM capture_source WHERE account_id = ? AND captured_at = ? AND reason IS NOT NULL`,
    )
    .pluck();
  const previous = db
    .prepare<[string, string], string>(
      `SELECT captured_at FROM capture WHERE account_id = ? AND complete = 1 AND captured_at < ?
       ORDER BY captured_at DESC LIMIT 1`,
    )
    .pluck();
  const next = db
    .prepare<[string, string], string>(
      `SELECT captured_at FROM capture WHERE account_id = ? AND complete = 1 AND captured_at > ?
       ORDER BY captured_at LIMIT 1`,
    )
    .pluck();

  const addConfirmed = db.prepare('INSERT OR IGNORE INTO confirmed (role) VALUES (?)');
  const clearConfirmed = db.prepare('DELETE FROM confirmed');
  const bridging = `complete = 1 AND first_seen < $at AND last_seen > $at AND ${OF_ACCOUNT}
    AND role NOT IN (SELECT role FROM confirmed)`;
  const splitLeft = db.prepare(
    `INSERT INTO observation (role, policy, first_seen, last_seen, complete)
     SELECT role, policy, first_seen, $before, 1 FROM observation WHERE ${bridging}`,
  );
  const splitRight = db.prepare(`UPDATE observation SET first_seen = $after WHERE ${bridging}`);

  const clearTouched = db.prepare('DELETE FROM touched');
  const touch = db.prepare(
    `INSERT INTO touched SELECT role, policy, first_seen, last_seen, evidence, offset FROM observation
     WHERE complete = 1 AND first_seen <= $at AND last_seen >= $at AND ${OF_ACCOUNT}`,
  );
  const demotion = [
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
  ].map((sql) => db.prepare(sql));

  const unknownAt = db
    .prepare<{ account: string; at: string }, number>(
      `SELECT 1 FROM observation WHERE last_seen = $at AND evidence IS NULL AND ${OF_ACCOUNT} LIMIT 1`,
    )
    .pluck();
  const formatOf = db.prepare<[number], string | null>('SELECT format FROM evidence WHERE id = ?').pluck();
  const fillOne = db.prepare(
    `UPDATE observation SET evidence = ?, offset = ?
     WHERE role = ? AND last_seen = ? AND evidence IS NULL AND policy IS ?`,
  );

  /** Looks up the evidence of rows whose last point changed: the first file that shows that role and policy then. */
  function fillEvidence(account: string, at: string): void {
    if (unknownAt.get({ account, at }) === undefined) return;
    let last = 0;
    let hasItems = false;
    sightings.visit(account, at, (evidence, role, shown, offset) => {
      if (evidence !== last) hasItems = holdsConfigItems(formatOf.get(evidence) ?? null);
      last = evidence;
      for (const policy of hasItems ? configItems.standing(role, shown, at) : [shown])
        fillOne.run(evidence, offset, role, at, policy === 0 ? null : policy);
    });
  }

  function demote({ account, at, before, after }: Placing): void {
    clearTouched.run();
    touch.run({ account, at });
    for (const statement of demotion) statement.run({ account, at, before, after });
    if (before !== null) fillEvidence(account, before);
    fillEvidence(account, at);
  }

  function split(capture: Placing): void {
    const { account, at, before, after } = capture;
    splitLeft.run({ account, at, before });
    splitRight.run({ account, at, after });
    clearConfirmed.run();
  }

  return {
    begin(account, at, claim) {
      addAccount.run(account);
      const known = find.get(account, at);
      const complete =
        known === undefined
          ? claim.complete
          : known.complete === 1 && (claim.complete || isHarmless(claim.reasons));
      const capture: Placing = {
        account,
        at,
        complete,
        fresh: known === undefined,
        first: anyOther.get(account, at) === undefined,
        before: complete || known?.complete === 1 ? (previous.get(account, at) ?? null) : null,
        after: complete || known?.complete === 1 ? (next.get(account, at) ?? null) : null,
      };
      // A complete capture has forgotten why some of its sources are not.
      const before =
        known?.complete === 1 && !complete
          ? reasonsOf.all(account, at).map(fromReasonColumn)
          : [fromReasonColumn(known?.reason ?? null)];
      const reasons = complete ? [] : [...before, claim.reasons].reduce(joinReasons, []);
      const reason = toReasonColumn(reasons);
      const gap = Number(leavesGap(reasons));
      if (known === undefined) add.run(account, at, complete ? 1 : 0, reason, gap);
      else if (!complete && reason !== known.reason) change.run(reason, gap, account, at);
      if (known?.complete === 1 && !complete) demote(capture);
      return capture;
    },
    confirm(role) {
      addConfirmed.run(role);
    },
    end(capture, conflict) {
      const { account, at, before, fresh, after } = capture;
      if (conflict) disagreements.note(account, at);
      if (mustConfirm(capture)) split(capture);
      // Only a capture out of time order, or a conflict, can have shortened a row.
      if (before !== null && (conflict || (fresh && after !== null))) fillEvidence(account, before);
    },
  };
}

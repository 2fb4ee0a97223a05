import type { Database } from 'better-sqlite3';
import { joinReasons, type Reasons } from '../../model/capture.ts';
import type { Sightings } from '../read/sightings.ts';
import { fromReasonColumn } from '../schema/columns.ts';
import type { Captures } from './captures.ts';
import type { ConfigItems } from './config-items.ts';
import type { Covering } from './covering.ts';
import type { Disagreements } from './disagreements.ts';
import type { Observations, SeenIn } from './observations.ts';

interface Source {
  readonly evidence: number;
  readonly path: string;
  readonly sha256: string;
  readonly format: string | null;
  readonly reason: string | null;
}

/** What puts facts into the tables. */
interface Parts {
  readonly captures: Captures;
  readonly observations: Observations;
  readonly sightings: Sightings;
  readonly covering: Covering;
  readonly configItems: ConfigItems;
  readonly disagreements: Disagreements;
}

const prepareStatements = (db: Database) => {
  return {
    dropObservations: db.prepare(
      'DELETE FROM observation WHERE role IN (SELECT id FROM role WHERE account_id = ?)',
    ),
    dropPoints: db.prepare(
      `DELETE FROM observation
     WHERE complete = 0 AND role IN (SELECT id FROM role WHERE account_id = ?) AND last_seen = ?`,
    ),
    dropCapture: db.prepare('DELETE FROM capture WHERE account_id = ? AND captured_at = ?'),
    dropCaptures: db.prepare('DELETE FROM capture WHERE account_id = ?'),
    nextTime: db
      .prepare<[string, string], string>(
        `SELECT captured_at FROM capture_source WHERE account_id = ? AND captured_at > ? ORDER BY captured_at LIMIT 1`,
      )
      .pluck(),
    sourcesAt: db.prepare<[string, string], Source>(
      `SELECT e.id AS evidence, e.path, e.sha256, e.format, s.reason
     FROM capture_source s JOIN evidence e ON e.id = s.evidence_id
     WHERE s.account_id = ? AND s.captured_at = ? ORDER BY e.path, e.sha256`,
    ),
  };
};

/** Builds anew from what files showed. */
export class Rebuild {
  private readonly sql: ReturnType<typeof prepareStatements>;
  private readonly captures: Captures;
  private readonly observations: Observations;
  private readonly sightings: Sightings;
  private readonly covering: Covering;
  private readonly configItems: ConfigItems;
  private readonly disagreements: Disagreements;

  constructor(db: Database, parts: Parts) {
    this.sql = prepareStatements(db);
    this.captures = parts.captures;
    this.observations = parts.observations;
    this.sightings = parts.sightings;
    this.covering = parts.covering;
    this.configItems = parts.configItems;
    this.disagreements = parts.disagreements;
  }

  /**
   * The captures and observations of an account or a ledger. Needed only when a file that was read before now reads
   * differently, by another version of the program or with another `--captured-at`, when a run is taken back, or when
   * a file of AWS Config tells of a role what is newer than a file of a later time shows.
   */
  account(account: string): void {
    this.covering.forget();
    this.disagreements.dropAll(account);
    this.sql.dropObservations.run(account);
    this.sql.dropCaptures.run(account);
    let at = this.sql.nextTime.get(account, '');
    while (at !== undefined) {
      this.rebuildCapture(account, at);
      at = this.sql.nextTime.get(account, at);
    }
  }

  /** A capture that counted as incomplete, and is complete now that its sources cover each other. */
  promote(account: string, at: string): void {
    // Captures are built in the order of time: nothing may bridge this one yet.
    if (this.sql.nextTime.get(account, at) !== undefined) {
      this.account(account);
      return;
    }
    // An incomplete capture is nothing but points and its own row.
    this.sql.dropPoints.run(account, at);
    this.sql.dropCapture.run(account, at);
    this.rebuildCapture(account, at);
  }

  private rebuildCapture(account: string, at: string): void {
    const sources = this.sql.sourcesAt.all(account, at);
    this.disagreements.drop(account, at);
    this.covering.rebuild(account, at);
    const complete = this.covering.isComplete(account, at);
    const of = complete ? [] : sources;
    const reasons = of.reduce<Reasons>(
      (all, source) => joinReasons(all, fromReasonColumn(source.reason)),
      [],
    );
    for (const source of sources) {
      const seenIn: SeenIn = { evidence: source.evidence, path: source.path, sha256: source.sha256 };
      const capture = this.captures.begin(account, at, { complete, reasons });
      let conflict = false;
      const standing = this.configItems.standingIn(source.format);
      // A role that the file shows a further time was placed in this capture already.
      const again = { ...capture, fresh: false };
      let last = 0;
      const place = (role: number, policy: number, offset: number): void => {
        if (!this.observations.place(role === last ? again : capture, role, policy, seenIn, offset))
          conflict = true;
        last = role;
      };
      for (const chunk of this.sightings.chunksOf(account, at, source.evidence)) {
        this.sightings.read(chunk, (role, shown, offset) => {
          for (const policy of standing(role, shown, at)) place(role, policy, offset);
        });
      }
      this.captures.end(capture, conflict);
    }
    this.disagreements.note(account, at);
  }
}

import type { Database } from 'better-sqlite3';
import { fromReasonColumn, joinReasons, type Reasons } from './capture-reasons.ts';
import type { Captures } from './captures.ts';
import { type ConfigItems, holdsConfigItems } from './config-items.ts';
import type { Covering } from './covering.ts';
import type { Disagreements } from './disagreements.ts';
import type { Observations, SeenIn } from './observations.ts';
import type { Sightings } from './sightings.ts';

interface Source {
  readonly evidence: number;
  readonly path: string;
  readonly sha256: string;
  readonly format: string | null;
  readonly reason: string | null;
}

/** Builds anew from what files showed. */
export interface Rebuild {
  /**
   * The captures and observations of an account or a ledger. Needed only when a file that was read before now reads
   * differently, by another version of the program or with another `--captured-at`, when a run is taken back, or when
   * a file of AWS Config tells of a role what is newer than a file of a later time shows.
   */
  account(account: string): void;
  /** A capture that counted as incomplete, and is complete now that its sources cover each other. */
  promote(account: string, at: string): void;
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

export function openRebuild(db: Database, parts: Parts): Rebuild {
  const { captures, observations, sightings, covering, configItems, disagreements } = parts;
  const dropObservations = db.prepare(
    'DELETE FROM observation WHERE role IN (SELECT id FROM role WHERE account_id = ?)',
  );
  const dropPoints = db.prepare(
    `DELETE FROM observation
     WHERE complete = 0 AND role IN (SELECT id FROM role WHERE account_id = ?) AND last_seen = ?`,
  );
  const dropCapture = db.prepare('DELETE FROM capture WHERE account_id = ? AND captured_at = ?');
  const dropCaptures = db.prepare('DELETE FROM capture WHERE account_id = ?');
  const nextTime = db
    .prepare<[string, string], string>(
      `SELECT captured_at FROM capture_source WHERE account_id = ? AND captured_at > ? ORDER BY captured_at LIMIT 1`,
    )
    .pluck();
  const sourcesAt = db.prepare<[string, string], Source>(
    `SELECT e.id AS evidence, e.path, e.sha256, e.format, s.reason
     FROM capture_source s JOIN evidence e ON e.id = s.evidence_id
     WHERE s.account_id = ? AND s.captured_at = ? ORDER BY e.path, e.sha256`,
  );

  function rebuildCapture(account: string, at: string): void {
    const sources = sourcesAt.all(account, at);
    disagreements.drop(account, at);
    covering.rebuild(account, at);
    const complete = covering.isComplete(account, at);
    const of = complete ? [] : sources;
    const reasons = of.reduce<Reasons>(
      (all, source) => joinReasons(all, fromReasonColumn(source.reason)),
      [],
    );
    for (const source of sources) {
      const seenIn: SeenIn = { evidence: source.evidence, path: source.path, sha256: source.sha256 };
      const capture = captures.begin(account, at, { complete, reasons });
      let conflict = false;
      const hasItems = holdsConfigItems(source.format);
      // A role that the file shows a further time was placed in this capture already.
      const again = { ...capture, fresh: false };
      let last = 0;
      const place = (role: number, policy: number, offset: number): void => {
        if (!observations.place(role === last ? again : capture, role, policy, seenIn, offset))
          conflict = true;
        last = role;
      };
      for (const chunk of sightings.chunksOf(account, at, source.evidence)) {
        sightings.read(chunk, (role, shown, offset) => {
          if (!hasItems) place(role, shown, offset);
          else for (const policy of configItems.standing(role, shown, at)) place(role, policy, offset);
        });
      }
      captures.end(capture, conflict);
    }
    disagreements.note(account, at);
  }

  function rebuildAccount(account: string): void {
    covering.forget();
    disagreements.dropAll(account);
    dropObservations.run(account);
    dropCaptures.run(account);
    let at = nextTime.get(account, '');
    while (at !== undefined) {
      rebuildCapture(account, at);
      at = nextTime.get(account, at);
    }
  }

  return {
    account: rebuildAccount,
    promote(account, at) {
      // Captures are built in the order of time: nothing may bridge this one yet.
      if (nextTime.get(account, at) !== undefined) {
        rebuildAccount(account);
        return;
      }
      // An incomplete capture is nothing but points and its own row.
      dropPoints.run(account, at);
      dropCapture.run(account, at);
      rebuildCapture(account, at);
    },
  };
}

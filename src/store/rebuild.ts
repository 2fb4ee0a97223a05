import type { Database } from 'better-sqlite3';
import { fromReasonColumn, joinReasons, type Reasons } from './capture-reasons.ts';
import type { Captures } from './captures.ts';
import { type ConfigItems, holdsConfigItems } from './config-items.ts';
import type { Observations, SeenIn } from './observations.ts';
import type { Sightings } from './sightings.ts';

interface Source {
  readonly evidence: number;
  readonly path: string;
  readonly sha256: string;
  readonly format: string | null;
  readonly complete: number;
  readonly reason: string | null;
}

/**
 * Builds the captures and observations of one account anew from what its files showed. Needed only when a file that
 * was read before now reads differently: by another version of the program, or with another `--captured-at`; or when
 * a file of AWS Config tells of a role what is newer than a file of a later time shows.
 */
export function openRebuild(
  db: Database,
  captures: Captures,
  observations: Observations,
  sightings: Sightings,
  configItems: ConfigItems,
): (account: string) => void {
  const dropObservations = db.prepare(
    'DELETE FROM observation WHERE role IN (SELECT id FROM role WHERE account_id = ?)',
  );
  const dropCaptures = db.prepare('DELETE FROM capture WHERE account_id = ?');
  const nextTime = db
    .prepare<[string, string], string>(
      `SELECT captured_at FROM capture_source WHERE account_id = ? AND captured_at > ? ORDER BY captured_at LIMIT 1`,
    )
    .pluck();
  const sourcesAt = db.prepare<[string, string], Source>(
    `SELECT e.id AS evidence, e.path, e.sha256, e.format, s.complete, s.reason
     FROM capture_source s JOIN evidence e ON e.id = s.evidence_id
     WHERE s.account_id = ? AND s.captured_at = ? ORDER BY e.path, e.sha256`,
  );

  function rebuildCapture(account: string, at: string): void {
    const sources = sourcesAt.all(account, at);
    const complete = sources.every((source) => source.complete === 1);
    const reasons = sources.reduce<Reasons>(
      (all, source) => joinReasons(all, fromReasonColumn(source.reason)),
      [],
    );
    const chunks = sightings.chunks(account, at);
    for (const source of sources) {
      const seenIn: SeenIn = { evidence: source.evidence, path: source.path, sha256: source.sha256 };
      const capture = captures.begin(account, at, { complete, reasons });
      let conflict = false;
      const hasItems = holdsConfigItems(source.format);
      for (const chunk of chunks) {
        if (chunk.evidence !== source.evidence) continue;
        sightings.read(chunk, (role, shown, offset) => {
          const policy = hasItems ? configItems.standing(role, shown, at) : shown;
          if (!observations.place(capture, role, policy, seenIn, offset)) conflict = true;
        });
      }
      captures.end(capture, conflict);
    }
  }

  return (account) => {
    dropObservations.run(account);
    dropCaptures.run(account);
    let at = nextTime.get(account, '');
    while (at !== undefined) {
      rebuildCapture(account, at);
      at = nextTime.get(account, at);
    }
  };
}

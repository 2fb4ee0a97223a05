import type { Database } from 'better-sqlite3';
import type { Sightings } from './sightings.ts';

interface Source {
  readonly evidence: number;
  readonly complete: number;
  /** Of the evidence: 1 when nothing of the file is missing. */
  readonly whole: number;
  readonly covered: number;
}

/**
 * Whether a file that lacks something of a capture matters: it does not when a whole file shows the account at the
 * same time, with all roles that the other shows. The last page of an export is no such file: it lacks the roles of
 * the pages before.
 */
export interface Covering {
  /** Works out anew which sources of the capture are covered; to be called whenever they have changed. */
  refresh(account: string, at: string): void;
  /** True when every source of the capture is complete or covered. */
  isComplete(account: string, at: string): boolean;
}

export function openCovering(db: Database, sightings: Sightings): Covering {
  const sourcesAt = db.prepare<[string, string], Source>(
    `SELECT s.evidence_id AS evidence, s.complete, e.whole, s.covered
     FROM capture_source s JOIN evidence e ON e.id = s.evidence_id
     WHERE s.account_id = ? AND s.captured_at = ?`,
  );
  const setCovered = db.prepare(
    'UPDATE capture_source SET covered = ? WHERE account_id = ? AND captured_at = ? AND evidence_id = ?',
  );
  const open = db
    .prepare<[string, string], number>(
      `SELECT 1 FROM capture_source WHERE account_id = ? AND captured_at = ? AND complete = 0 AND covered = 0 LIMIT 1`,
    )
    .pluck();

  /** Ascending. */
  function rolesIn(account: string, at: string, evidence: number): readonly number[] {
    const roles: number[] = [];
    for (const chunk of sightings.chunks(account, at)) {
      if (chunk.evidence === evidence) sightings.read(chunk, (role) => roles.push(role));
    }
    return roles;
  }

  return {
    refresh(account, at) {
      const sources = sourcesAt.all(account, at);
      const isWhole = ({ complete, whole }: Source): boolean => complete === 1 && whole === 1;
      const lacking = sources.filter((source) => !isWhole(source));
      if (lacking.length === 0) return;
      const covers = sources.filter(isWhole).map(({ evidence }) => rolesIn(account, at, evidence));
      for (const { evidence, covered } of lacking) {
        const roles = covers.length === 0 ? [] : rolesIn(account, at, evidence);
        const now = covers.some((cover) => includesAll(cover, roles)) ? 1 : 0;
        if (now !== covered) setCovered.run(now, account, at, evidence);
      }
    },
    isComplete: (account, at) => open.get(account, at) === undefined,
  };
}

/** Both ascending. */
function includesAll(roles: readonly number[], wanted: readonly number[]): boolean {
  let at = 0;
  for (const role of wanted) {
    while (at < roles.length && Number(roles[at]) < role) at++;
    if (roles[at] !== role) return false;
  }
  return true;
}

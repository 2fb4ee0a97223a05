import type { Database } from 'better-sqlite3';
import { TrustsieveError } from '../../errors.ts';
import { interruptedRuns } from '../read/interrupted.ts';
import { isMended } from '../schema/sql-conditions.ts';
import type { Input } from './input.ts';
import type { MergedRun } from './runs.ts';

/** What a store lacks, and knows to have been made up for: files as JSON of path and hash, and scans by number. */
interface Mended {
  readonly files: ReadonlySet<string>;
  readonly runs: ReadonlySet<number>;
}

function mendedIn(db: Database): Mended {
  const files = db
    .prepare<[], string>(
      `SELECT json_array(e.path, e.sha256) FROM evidence e WHERE e.whole = 0 AND e.path <> '-' AND ${isMended('e')} ORDER BY 1`,
    )
    .pluck()
    .all();
  const ended = db
    .prepare<[], number>(`SELECT id FROM run WHERE status IN ('running', 'interrupted') ORDER BY id`)
    .pluck()
    .all();
  const open = new Set(interruptedRuns(db, null, null).map(({ id }) => id));
  return { files: new Set(files), runs: new Set(ended.filter((id) => !open.has(id))) };
}

/**
 * Refuses to take a path that two stores name for one place, where what one of them lacks would be made up for by that alone: the paths may
 * be those of two machines, and then something missing would look complete. Errors: `usage`.
 */
export function refuseMending(db: Database, runs: readonly MergedRun[], inputs: readonly Input[]): void {
  const known = inputs.map(({ read }) => read(mendedIn));
  const merged = mendedIn(db);
  const advice =
    'where that is one place, say --same-paths; otherwise scan one of them again under another name, into a new store';
  for (const file of merged.files) {
    if (known.some(({ files }) => files.has(file)) || !isReplacedOnly(db, file)) continue;
    const [path = ''] = JSON.parse(file) as string[];
    throw new TrustsieveError(
      'usage',
      `\`${path}\` was not read whole in one store, and a later scan of another has a file of that path: ${advice}`,
    );
  }
  for (const { id, of } of runs) {
    if (!merged.runs.has(id) || of.some((one) => known[one.store]?.runs.has(one.id))) continue;
    const store = inputs[of[0]?.store ?? 0]?.path;
    throw new TrustsieveError(
      'usage',
      `a scan in \`${store}\` was interrupted, and a later one of another store has its paths: ${advice}`,
    );
  }
}

/** What whole files of the same account and time show is no question of paths. */
function isReplacedOnly(db: Database, file: string): boolean {
  const covered = db
    .prepare<[string], number>(
      `SELECT 1 FROM evidence e JOIN capture_source s ON s.evidence_id = e.id
       WHERE json_array(e.path, e.sha256) = ? GROUP BY e.id HAVING min(s.covered) = 1`,
    )
    .pluck()
    .get(file);
  return covered === undefined;
}

import type { Database } from 'better-sqlite3';
import type { InterruptedRun } from '../../model/completeness.ts';

interface RunColumns {
  readonly id: number;
  readonly status: string;
  readonly options: string;
}

/**
 * The runs that did not come to their end: interrupted, killed, or still under way. Of the whole store, those only
 * whose paths no later run has read that did; of one run, itself if it is one.
 *
 * @param until the last run to know of; null for all
 */
export function interruptedRuns(
  db: Database,
  run: number | null,
  until: number | null,
): readonly InterruptedRun[] {
  const rows = db
    .prepare<[{ until: number | null }], RunColumns>(
      'SELECT id, status, options FROM run WHERE id <= coalesce($until, id) ORDER BY id',
    )
    .all({ until });
  const runs = rows.map(({ id, status, options }) => ({
    id,
    whole: status === 'complete' || status === 'incomplete',
    paths: pathsOf(options),
  }));
  return runs
    .filter(({ id, whole, paths }) => {
      if (whole || (run !== null && run !== id)) return false;
      if (run !== null) return true;
      // A later one that was interrupted as well speaks for both.
      return !runs.some((later) => later.id > id && covers(later.paths, paths));
    })
    .map(({ id, paths }) => ({ id, paths }));
}

function pathsOf(options: string): readonly string[] {
  const read: unknown = JSON.parse(options);
  if (typeof read !== 'object' || read === null || !('paths' in read) || !Array.isArray(read.paths))
    return [];
  return read.paths.map(String);
}

/**
 * Whether each path is among the later ones, or lies below one of them. A run without paths, or of
 * standard input, which is no path, is covered by none.
 */
function covers(later: readonly string[], paths: readonly string[]): boolean {
  const ends = later.map(withoutSlash);
  return (
    paths.length > 0 &&
    !paths.includes('-') &&
    paths.map(withoutSlash).every((path) => ends.some((end) => path === end || path.startsWith(`${end}/`)))
  );
}

function withoutSlash(path: string): string {
  return path.replace(/^(?:\.\/+)+(?=.)/, '').replace(/(?<=.)\/+$/, '');
}

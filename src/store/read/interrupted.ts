import type { Database } from 'better-sqlite3';
import type { InterruptedRun } from '../../model/completeness.ts';
import { wholeSince } from '../schema/missing-parts.ts';
import type { Past } from './past.ts';

interface RunColumns {
  readonly id: number;
  readonly status: string;
  readonly options: string;
}

interface KnownRun extends InterruptedRun {
  readonly whole: boolean;
  /** The parts of lists that it was to read, each written in one way; empty where it was to read all that its paths lead to. */
  readonly parts: readonly string[];
}

/**
 * The runs that did not come to their end: interrupted, killed, or still under way. Of the whole store, those only
 * whose paths no later run has read that did; of one run, itself if it is one. A run that reads a part of what its paths lead to
 * makes up for one that was to read the same part; for others all parts together do.
 *
 * @param past only runs up to the one of that moment are known, and later ones that may have read evidence of then
 */
export function interruptedRuns(
  db: Database,
  run: number | null,
  past: Past | null,
): readonly InterruptedRun[] {
  const rows = db.prepare<[], RunColumns>('SELECT id, status, options FROM run ORDER BY id').all();
  const partsOf = db
    .prepare<[number], string>(
      `SELECT list || ' ' || parts || ' ' || part FROM shard WHERE run_id = ? AND parts > 1`,
    )
    .pluck();
  const isWholeSince = db.prepare<[{ later: number; run: number; until: number | null }], unknown>(
    `SELECT 1 WHERE ${wholeSince('$later', '$run', 'AND t.run_id <= coalesce($until, t.run_id)')}`,
  );
  const runs = rows.map(
    ({ id, status, options }): KnownRun => ({
      id,
      whole: status === 'complete' || status === 'incomplete',
      paths: pathsOf(options),
      parts: partsOf.all(id),
    }),
  );
  const ofMoment = past?.run ?? null;
  const isOfThen = ({ id }: KnownRun): boolean => ofMoment === null || id <= ofMoment;
  const readers = new Set(past?.readers);
  const makesUp = (later: KnownRun, run: KnownRun): boolean => {
    const until = isOfThen(run) ? ofMoment : null;
    if (until !== null && later.id > until) return false;
    if (run.parts.length > 0 && run.parts.every((part) => later.parts.includes(part))) return true;
    return (
      covers(later.paths, run.paths) &&
      (later.parts.length === 0 || isWholeSince.get({ later: later.id, run: run.id, until }) !== undefined)
    );
  };
  return runs
    .filter((one) => {
      if (one.whole || (run !== null && run !== one.id)) return false;
      if (!isOfThen(one) && !readers.has(one.id)) return false;
      if (run !== null) return true;
      // A later one that was interrupted as well speaks for both.
      return !runs.some((later) => later.id > one.id && makesUp(later, one));
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

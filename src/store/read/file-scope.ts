import type { Database } from 'better-sqlite3';
import { timeInPath } from '../../formats/shared/capture-time.ts';
import { toColumnTime } from '../schema/columns.ts';
import { isListed, isMended } from '../schema/sql-conditions.ts';
import type { Past } from './past.ts';

/** Which files a report speaks of: SQL conditions on the file `e`, with the values of their parameters. */
export interface FileScope {
  /** The file can be spoken of. */
  readonly known: string;
  /** It is listed and counted. */
  readonly listed: string;
  /** What it lacks was read since. */
  readonly mended: string;
  readonly values: Readonly<Record<string, string | number>>;
}

/** The files that a report of the whole store speaks of: all it ever took, whichever run read them. */
export const ALL_FILES: FileScope = {
  known: '1',
  listed: isListed('e'),
  mended: isMended('e'),
  values: {},
};

/** Those that one run read. What it read is never mended by another. */
export function filesOfRun(run: number): FileScope {
  const known = 'e.id IN (SELECT evidence_id FROM run_evidence WHERE run_id = $run)';
  return { known, listed: known, mended: '0', values: { run } };
}

/**
 * Those of a moment in the past: with a capture, or a time of their own, that is not later; of those without any, those whose path does not name
 * a later time; of those without a time in their path, those that some run read which need not have read later things.
 */
export function filesOfPast({ time, readers }: Past): FileScope {
  const known = (e: string): string => `coalesce(
    coalesce((SELECT min(s.captured_at) FROM capture_source s WHERE s.evidence_id = ${e}.id), ${e}.captured_at, ${TIME_IN_PATH}(${e}.path)) <= $time,
    EXISTS (SELECT 1 FROM run_evidence x WHERE x.evidence_id = ${e}.id AND x.run_id IN (SELECT value FROM json_each($readers))))`;
  return {
    known: known('e'),
    listed: `${known('e')} AND ${isListed('e', known)}`,
    mended: isMended('e', known),
    values: { time, readers: JSON.stringify(readers) },
  };
}

const TIME_IN_PATH = 'time_in_path';

/** Gives the connection what `filesOfPast` calls; not while a statement runs. */
export function defineTimeInPath(db: Database): void {
  db.function(TIME_IN_PATH, { deterministic: true }, (path: unknown) => {
    const time = timeInPath(String(path));
    return time === null ? null : toColumnTime(time);
  });
}

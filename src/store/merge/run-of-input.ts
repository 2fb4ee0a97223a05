import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { keptText, listsOf } from '../lists/account-lists.ts';

/** A run as one store has it. */
export interface RunOfInput {
  /** Place of the store among those merged. */
  readonly store: number;
  readonly id: number;
  readonly columns: RunColumns;
  /** Null for a run that read all of its inputs. */
  readonly shard: ShardOfRun | null;
  /** Names the files it read. */
  readonly files: string;
  /** Rules of rule files judged, too. */
  readonly further: boolean;
  /** The lists of accounts as the run knew them; JSON. */
  readonly lists: string;
}

/** The table `run` but for the id. */
export interface RunColumns {
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly asOf: string;
  readonly toolVersion: string;
  readonly rules: string;
  readonly options: string;
  readonly exceptions: string;
  readonly staleAfter: number;
  readonly maxAge: number | null;
  readonly status: 'complete' | 'incomplete' | 'interrupted';
}

/** Which parts of a list of inputs a run was to read. */
export interface ShardOfRun {
  readonly list: string;
  readonly parts: number;
  /** Ascending. */
  readonly read: readonly number[];
}

/** The runs of a store, by id. A run that is still `running` was killed: nobody has the store open. */
export function runsOfInput(db: Database, store: number): readonly RunOfInput[] {
  const rows = db
    .prepare<[], RunColumns & { readonly id: number; readonly further: number }>(
      `SELECT id, started_at AS startedAt, finished_at AS finishedAt, as_of AS asOf, tool_version AS toolVersion, rules, options,
         exceptions, stale_after AS staleAfter, max_age AS maxAge, iif(status = 'running', 'interrupted', status) AS status,
         EXISTS (SELECT 1 FROM json_each(run.rules) judging JOIN rule ON rule.id = judging.value) AS further
       FROM run ORDER BY id`,
    )
    .all();
  return rows.map(({ id, further, ...columns }) => ({
    store,
    id,
    columns,
    further: further === 1,
    shard: shardOf(db, id),
    files: filesOf(db, id),
    lists: listsThen(db, id),
  }));
}

function shardOf(db: Database, run: number): ShardOfRun | null {
  const rows = db
    .prepare<[number], { list: string; parts: number; part: number }>(
      'SELECT list, parts, part FROM shard WHERE run_id = ? ORDER BY list, parts, part',
    )
    .all(run);
  const [first] = rows;
  if (first === undefined) return null;
  const { list, parts } = first;
  return { list, parts, read: rows.map(({ part }) => part) };
}

function filesOf(db: Database, run: number): string {
  const hash = createHash('sha256');
  const files = db
    .prepare<[number], string>(
      `SELECT json_array(e.path, e.sha256) FROM run_evidence x JOIN evidence e ON e.id = x.evidence_id
       WHERE x.run_id = ? ORDER BY e.path, e.sha256`,
    )
    .pluck();
  for (const file of files.iterate(run)) hash.update(`${file}\n`);
  return hash.digest('hex');
}

function listsThen(db: Database, run: number): string {
  const then = listsOf(db, run);
  return then === null ? '' : keptText(then);
}

import type { Database } from 'better-sqlite3';
import type { MissingParts } from '../../model/completeness.ts';
import type { RunRow } from '../../model/report-source.ts';
import { loadRules, type StoredRule } from '../lists/rules.ts';
import { missingPartsSql, PARTS_THERE } from '../schema/missing-parts.ts';
import type { Past } from './past.ts';

/** By id. */
export function listRuns(db: Database): readonly RunRow[] {
  return db
    .prepare<[], RunRow>(
      `WITH period AS (
         SELECT x.run_id, min(s.captured_at) AS "from", max(s.captured_at) AS "to"
         FROM run_evidence x JOIN capture_source s USING (evidence_id) GROUP BY x.run_id
       )
       SELECT r.id, r.started_at AS startedAt, r.finished_at AS finishedAt, r.as_of AS asOf,
         r.tool_version AS toolVersion, r.status, count(e.id) AS files, coalesce(sum(e.records_read), 0) AS records,
         p."from" || 'Z' AS evidenceFrom, p."to" || 'Z' AS evidenceTo
       FROM run r LEFT JOIN run_evidence x ON x.run_id = r.id LEFT JOIN evidence e ON e.id = x.evidence_id
       LEFT JOIN period p ON p.run_id = r.id
       GROUP BY r.id ORDER BY r.id`,
    )
    .all();
}

/** How a run judged. */
export interface RunFacts {
  readonly toolVersion: string;
  /** ISO 8601 UTC. */
  readonly asOf: string;
  /** Sorted. */
  readonly rules: readonly string[];
  /** Those of them that come from rule files, by id. */
  readonly furtherRules: readonly StoredRule[];
  /** As given to `RunStart`. */
  readonly exceptions: readonly unknown[];
  /** Days. */
  readonly staleAfter: number;
  /** Days; null: no account is too old. */
  readonly maxAge: number | null;
}

type RunColumns = Pick<RunFacts, 'toolVersion' | 'asOf' | 'staleAfter' | 'maxAge'> & {
  readonly rules: string;
  readonly exceptions: string;
};

/** Of a run, or of the last; null when there is none. */
export function runFacts(db: Database, run: number | null): RunFacts | null {
  const row = db
    .prepare<[{ run: number | null }], RunColumns>(
      `SELECT tool_version AS toolVersion, as_of AS asOf, rules, exceptions, stale_after AS staleAfter, max_age AS maxAge
       FROM run WHERE id = coalesce($run, (SELECT max(id) FROM run))`,
    )
    .get({ run });
  if (row === undefined) return null;
  const rules = JSON.parse(row.rules) as readonly string[];
  const exceptions = JSON.parse(row.exceptions) as readonly unknown[];
  return { ...row, rules, furtherRules: loadRules(db, rules), exceptions };
}

interface Stretch {
  readonly list: string;
  readonly parts: number;
  readonly first_part: number;
  readonly last_part: number;
}

/**
 * The parts of lists of inputs that no run has read to its end, of every list that some run was to read a part of; of one
 * run, what it did not read itself. Of a moment in the past the lists of runs that may have read evidence of then: what was
 * read of them since is no longer missing.
 */
export function missingParts(db: Database, run: number | null, past: Past | null): readonly MissingParts[] {
  const begun = 'SELECT DISTINCT list, parts FROM shard';
  const rows =
    run !== null
      ? stretches(
          db,
          'SELECT list, parts, part FROM shard WHERE run_id = $run',
          `${begun} WHERE run_id = $run`,
          {
            run,
          },
        )
      : past === null
        ? stretches(db, PARTS_THERE, begun, {})
        : stretches(db, PARTS_THERE, `${begun} WHERE run_id IN (SELECT value FROM json_each($readers))`, {
            readers: JSON.stringify(past.readers),
          });
  const lists: (MissingParts & { readonly missing: [number, number][] })[] = [];
  for (const { list, parts, first_part: first, last_part: end } of rows) {
    const last = lists.at(-1);
    if (last?.list === list && last.parts === parts) last.missing.push([first, end]);
    else lists.push({ list, parts, missing: [[first, end]], run });
  }
  return lists;
}

function stretches(db: Database, there: string, begun: string, values: object): readonly Stretch[] {
  return db.prepare<[object], Stretch>(missingPartsSql(there, begun)).all(values);
}

/** Records in all files that runs read which read parts of a list. */
export function recordsOfList(db: Database, list: string): number {
  const sum = db
    .prepare<[string], number>(
      `SELECT coalesce(sum(records_read), 0) FROM evidence WHERE id IN (
         SELECT x.evidence_id FROM run_evidence x JOIN shard s USING (run_id) WHERE s.list = ?)`,
    )
    .pluck();
  return sum.get(list) ?? 0;
}

type Part = Pick<MissingParts, 'list' | 'parts'> & { readonly part: number };

/**
 * The first of the runs up to this one that read other parts of its list one right after the other: together they are what one
 * scan of the list would be. The run itself where it read no part of a list, or all of one.
 */
export function firstOfSet(db: Database, run: number): number {
  const partsOf = db.prepare<[number], Part>('SELECT list, parts, part FROM shard WHERE run_id = ?');
  const before = db.prepare<[number], number>('SELECT max(id) FROM run WHERE id < ?').pluck();
  const read = partsOf.all(run);
  const [own] = read;
  if (own === undefined) return run;
  const taken = new Set(read.map(({ part }) => part));
  const isFurther = ({ list, parts, part }: Part): boolean =>
    list === own.list && parts === own.parts && !taken.has(part);
  let first = run;
  for (;;) {
    const id = before.get(first) ?? null;
    const found = id === null ? [] : partsOf.all(id);
    if (id === null || found.length === 0 || !found.every(isFurther)) return first;
    for (const { part } of found) taken.add(part);
    first = id;
  }
}

import type { Database } from 'better-sqlite3';
import type { RunRow } from '../../model/report-source.ts';
import { loadRules, type StoredRule } from '../lists/rules.ts';

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

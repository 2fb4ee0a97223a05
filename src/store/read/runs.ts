import type { Database } from 'better-sqlite3';
import type { RunRow } from '../../model/report-source.ts';

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

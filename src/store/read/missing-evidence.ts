import type { Database } from 'better-sqlite3';
import type { RejectGroup } from '../../model/completeness.ts';
import type { RejectRow } from '../../model/evidence-row.ts';
import type { FileScope } from './file-scope.ts';

/** What the files in scope lack and nothing has mended. */
export interface MissingEvidence {
  /** Files that could not be read whole; a file of which single records were rejected was read. */
  readonly unread: number;
  /** The first of them, by path. */
  readonly firstUnread: readonly string[];
  readonly rejects: readonly RejectGroup[];
}

export function missingEvidence(
  db: Database,
  { known, mended, values }: FileScope,
  examples: number,
): MissingEvidence {
  const wanted = `e.whole = 0 AND ${known} AND NOT (${mended})`;
  const unreadFiles = `FROM evidence e WHERE e.status <> 'complete' AND ${wanted}`;
  const unread = db
    .prepare<[FileScope['values']], number>(`SELECT count(*) ${unreadFiles}`)
    .pluck()
    .get(values);
  const firstUnread = db
    .prepare<[FileScope['values']], string>(
      `SELECT e.path ${unreadFiles} ORDER BY e.path, e.sha256 LIMIT $examples`,
    )
    .pluck()
    .all({ ...values, examples });
  const groups = db
    .prepare<[FileScope['values']], RejectRow & { readonly count: number }>(
      `WITH wanted AS MATERIALIZED (
         SELECT e.id, e.path, row_number() OVER (ORDER BY e.path, e.sha256) AS place
         FROM evidence e WHERE e.records_rejected > 0 AND ${wanted}
       ), counted AS MATERIALIZED (
         SELECT r.code, w.id, w.path, w.place, count(*) AS count, min(r.ordinal) AS ordinal
         FROM wanted w JOIN reject r ON r.evidence_id = w.id GROUP BY r.code, w.place
       ), grouped AS (SELECT code, sum(count) AS count, min(place) AS place FROM counted GROUP BY code)
       SELECT g.code, g.count, c.path, r.offset, r.pointer, r.message
       FROM grouped g JOIN counted c ON c.code = g.code AND c.place = g.place
       JOIN reject r ON r.evidence_id = c.id AND r.ordinal = c.ordinal ORDER BY g.code`,
    )
    .all(values);
  return {
    unread: unread ?? 0,
    firstUnread,
    rejects: groups.map(({ code, count, ...place }) => ({ code, count, example: { code, ...place } })),
  };
}

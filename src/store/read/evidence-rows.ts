import type { Database } from 'better-sqlite3';
import type { EvidenceRow, RejectRow } from '../../model/evidence-row.ts';
import type { RecordCounts } from '../../model/record-counts.ts';
import { BoundedMap } from '../../text/bounded-map.ts';
import { fromColumnTime, fromProblemColumns } from '../schema/columns.ts';
import type { FileScope } from './file-scope.ts';

/** Files in scope by path, then SHA-256. */
export function* evidenceRows(db: Database, { listed, mended, values }: FileScope): Iterable<EvidenceRow> {
  const statement = db.prepare<
    [FileScope['values']],
    Omit<EvidenceRow, 'problems' | 'loss'> & {
      readonly problems: string;
      readonly codes: string;
      readonly loss: EvidenceRow['loss'] | null;
    }
  >(
    `SELECT path, sha256, bytes, format, account, captured_at AS capturedAt, captured_from AS capturedFrom,
       records_read AS recordsRead, records_accepted AS recordsAccepted, records_superseded AS recordsSuperseded, records_duplicate AS recordsDuplicate,
       records_rejected AS recordsRejected, status, problems, problem_codes AS codes,
       CASE WHEN e.whole = 1 THEN NULL WHEN ${mended} THEN 'mended' ELSE 'missing' END AS loss
     FROM evidence e WHERE ${listed} ORDER BY e.path, e.sha256`,
  );
  for (const { codes, problems, loss, ...row } of statement.iterate(values)) {
    yield {
      ...row,
      capturedAt: row.capturedAt === null ? null : fromColumnTime(row.capturedAt),
      problems: fromProblemColumns(problems, codes),
      ...(loss != null && { loss }),
    };
  }
}

/** Rejected records of the files in scope, in the order of the files and of their records. */
export function rejectRows(db: Database, { listed, values }: FileScope): Iterable<RejectRow> {
  return db
    .prepare<[FileScope['values']], RejectRow>(
      `SELECT e.path, r.offset, r.pointer, r.code, r.message FROM evidence e JOIN reject r ON r.evidence_id = e.id
       WHERE ${listed} ORDER BY e.path, e.sha256, r.ordinal`,
    )
    .iterate(values);
}

/** Sums over the files in scope. */
export interface EvidenceTotals extends RecordCounts {
  readonly files: number;
  readonly bytes: number;
}

export function evidenceTotals(db: Database, { listed, values }: FileScope): EvidenceTotals {
  const totals = db
    .prepare<[FileScope['values']], EvidenceTotals>(
      `SELECT count(*) AS files, coalesce(sum(bytes), 0) AS bytes, coalesce(sum(records_read), 0) AS recordsRead,
         coalesce(sum(records_accepted), 0) AS recordsAccepted,
         coalesce(sum(records_superseded), 0) AS recordsSuperseded,
         coalesce(sum(records_duplicate), 0) AS recordsDuplicate,
         coalesce(sum(records_rejected), 0) AS recordsRejected
       FROM evidence e WHERE ${listed}`,
    )
    .get(values);
  if (totals === undefined) throw new Error('an aggregate returned no row');
  return totals;
}

/** Files in scope whose capture time is their modification time. */
export function timedByModification(db: Database, { listed, values }: FileScope): number {
  const count = db
    .prepare<[FileScope['values']], number>(
      `SELECT count(*) FROM evidence e WHERE captured_from = 'modified' AND ${listed}`,
    )
    .pluck();
  return count.get(values) ?? 0;
}

/** What a verdict says of the file that shows its role. */
export interface EvidenceName {
  readonly path: string;
  readonly sha256: string;
}

const REMEMBERED = 4096;

/** Names of files by their id in the store. */
export function openEvidenceNames(db: Database): (id: number) => EvidenceName {
  const nameOf = db.prepare<[number], EvidenceName>('SELECT path, sha256 FROM evidence WHERE id = ?');
  const names = new BoundedMap<number, EvidenceName>(REMEMBERED);
  return (id) => {
    const known = names.get(id);
    if (known !== undefined) return known;
    const name = nameOf.get(id);
    if (name === undefined) throw new Error(`evidence ${id} is not in the store`);
    names.set(id, name);
    return name;
  };
}

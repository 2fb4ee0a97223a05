import type { Database } from 'better-sqlite3';
import type { Evidence } from '../../evidence/evidence.ts';
import { isNote } from '../../formats/shared/sink.ts';
import type { AccountCapture, CaptureTimeSource } from '../../model/capture.ts';
import type { EvidenceRow } from '../../model/evidence-row.ts';
import type { FileProblem } from '../../model/file-problem.ts';
import { toColumnTime, toProblemColumns } from '../schema/columns.ts';
import type { Staging } from './staging.ts';

/** What reading one evidence file came to; the rows themselves went to the writer before. */
export interface EvidenceOutcome {
  readonly evidence: Evidence;
  /** Format id; null when the file was not recognised. */
  readonly format: string | null;
  readonly capturedFrom: CaptureTimeSource | null;
  /** What the file says of each account; a capture it only has records of counts as incomplete. */
  readonly captures: Iterable<AccountCapture>;
  /** Records the reader met, counted by the reader itself, as a check on the writer. */
  readonly recordsRead: number;
  readonly status: EvidenceRow['status'];
  readonly problems: readonly FileProblem[];
}

/** The evidence table as the writer sees it. */
export interface EvidenceRows {
  /** `whole`: see `isWhole`. */
  find(evidence: Pick<Evidence, 'path' | 'sha256'>): { readonly whole: number } | undefined;
  /** Writes the row, its rejects and its part in the run; returns the id. */
  write(row: EvidenceRow, runId: number, staging: Staging): number;
}

export function openEvidenceRows(db: Database): EvidenceRows {
  const find = db.prepare<[string, string], { whole: number }>(
    'SELECT whole FROM evidence WHERE path = ? AND sha256 = ?',
  );
  const upsert = db
    .prepare<[Record<string, string | number | null>], number>(
      `INSERT INTO evidence (path, sha256, bytes, format, account, captured_at, captured_from, records_read,
         records_accepted, records_superseded, records_duplicate, records_rejected, status, problems, problem_codes, whole)
       VALUES ($path, $sha256, $bytes, $format, $account, $capturedAt, $capturedFrom, $recordsRead,
         $recordsAccepted, $recordsSuperseded, $recordsDuplicate, $recordsRejected, $status, $problems, $codes, $whole)
       ON CONFLICT (path, sha256) DO UPDATE SET bytes = excluded.bytes, format = excluded.format,
         account = excluded.account, captured_at = excluded.captured_at, captured_from = excluded.captured_from,
         records_read = excluded.records_read, records_accepted = excluded.records_accepted,
         records_superseded = excluded.records_superseded, records_duplicate = excluded.records_duplicate, records_rejected = excluded.records_rejected,
         status = excluded.status, problems = excluded.problems,
         problem_codes = excluded.problem_codes, whole = excluded.whole
       RETURNING id`,
    )
    .pluck();
  const joinRun = db.prepare('INSERT OR IGNORE INTO run_evidence (run_id, evidence_id) VALUES (?, ?)');
  const dropRejects = db.prepare('DELETE FROM reject WHERE evidence_id = ?');
  const addReject = db.prepare(
    'INSERT INTO reject (evidence_id, ordinal, offset, pointer, code, message) VALUES (?, ?, ?, ?, ?, ?)',
  );

  return {
    find: ({ path, sha256 }) => find.get(path, sha256),
    write({ loss: _, ...row }, runId, staging) {
      const id = Number(
        upsert.get({
          ...row,
          capturedAt: row.capturedAt === null ? null : toColumnTime(row.capturedAt),
          ...toProblemColumns(row.problems),
          whole: isWhole(row) ? 1 : 0,
        }),
      );
      joinRun.run(runId, id);
      dropRejects.run(id);
      let ordinal = 0;
      for (const page of staging.rejects()) {
        for (const { offset, pointer, code, message } of page) {
          addReject.run(id, ordinal++, offset, pointer, code, message);
        }
      }
      return id;
    },
  };
}

/**
 * True when nothing of the file is missing. A region whose recorder leaves IAM out has no role to show; whether another
 * region shows them is a question about the account, not about the file.
 */
export function isWhole({ status, problems, recordsRejected }: EvidenceRow): boolean {
  if (recordsRejected > 0 || status === 'unreadable') return false;
  return status === 'complete' || problems.every(({ code }) => code === 'no-iam-recorded' || isNote(code));
}

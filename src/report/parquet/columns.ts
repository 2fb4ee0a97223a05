import { createHash } from 'node:crypto';
import type { CaptureReport } from '../../history/report/captures.ts';
import type { EvidenceRow } from '../../model/evidence-row.ts';
import type { StoredVerdict } from '../../model/report-source.ts';
import type { Column } from './table-file.ts';

/** Text of ISO 8601 UTC, or null. */
const moment = (text: string | null): Date | null => (text === null ? null : new Date(text));
const json = (value: unknown): string | null =>
  value === null || value === undefined ? null : JSON.stringify(value);

export interface VerdictRow {
  readonly capture: CaptureReport;
  readonly stored: StoredVerdict;
}

type Cell<Row> = Column<Row>['value'];
const column = <Row>(name: string, type: Column<Row>['type'], value: Cell<Row>): Column<Row> => ({
  name,
  type,
  value,
});

/** A row for each role, rule and capture. What is a list or an object is JSON text, so that every engine reads it. */
export const VERDICT_COLUMNS: readonly Column<VerdictRow>[] = [
  column('account', 'STRING', ({ stored }) => stored.object.account),
  column('captured_at', 'TIMESTAMP', ({ capture }) => moment(capture.capturedAt)),
  column('complete', 'BOOLEAN', ({ capture }) => capture.complete),
  column('as_of', 'TIMESTAMP', ({ capture }) => moment(capture.asOf)),
  column('rule', 'STRING', ({ stored }) => stored.object.rule),
  column('aws_partition', 'STRING', ({ stored }) => stored.object.partition),
  column('arn', 'STRING', ({ stored }) => stored.object.arn),
  column('role_name', 'STRING', ({ stored }) => stored.object.roleName),
  column('role_id', 'STRING', ({ stored }) => stored.object.roleId),
  column('verdict', 'STRING', ({ stored }) => stored.object.verdict),
  column('literal', 'STRING', ({ stored }) => stored.object.literal),
  column('severity', 'STRING', ({ stored }) => stored.object.severity),
  column('guardrail_verdict', 'STRING', ({ stored }) => stored.object.guardrail?.verdict ?? null),
  column('reason', 'STRING', ({ stored }) => stored.object.reason),
  column('notes', 'STRING', ({ stored }) => json(stored.object.notes)),
  column('message', 'STRING', ({ stored }) => stored.object.message),
  column('paths', 'STRING', ({ stored }) => json(stored.object.paths)),
  column('witness', 'STRING', ({ stored }) => json(stored.object.witness)),
  column('guardrail', 'STRING', ({ stored }) => json(stored.object.guardrail)),
  column('impact', 'STRING', ({ stored }) => json(stored.object.impact)),
  column('policy_sha256', 'STRING', ({ stored }) => digest(stored.policy)),
  column('policy', 'STRING', ({ stored }) => stored.policy),
  column('evidence_source', 'STRING', ({ stored }) => stored.object.evidence.source),
  column('evidence_sha256', 'STRING', ({ stored }) => stored.object.evidence.sha256),
  column('evidence_offset', 'INT64', ({ stored }) => BigInt(stored.object.evidence.offset)),
  column('evidence_captured_at', 'TIMESTAMP', ({ stored }) => moment(stored.object.evidence.capturedAt)),
  column('first_seen', 'TIMESTAMP', ({ stored }) => moment(stored.object.firstSeen)),
  column('last_seen', 'TIMESTAMP', ({ stored }) => moment(stored.object.lastSeen)),
  column('state', 'STRING', ({ stored }) => stored.object.state),
  column('suppressed_by', 'STRING', ({ stored }) => stored.object.suppressedBy),
];

export interface CaptureRow {
  readonly capture: CaptureReport;
  /** Of its file of verdicts. */
  readonly rows: number;
}

export const CAPTURE_COLUMNS: readonly Column<CaptureRow>[] = [
  column('account', 'STRING', ({ capture }) => capture.account),
  column('account_name', 'STRING', ({ capture }) => capture.accountName),
  column('captured_at', 'TIMESTAMP', ({ capture }) => moment(capture.capturedAt)),
  column('complete', 'BOOLEAN', ({ capture }) => capture.complete),
  column('verdicts', 'INT64', ({ rows }) => BigInt(rows)),
];

/** The reconciliation: every file, and what became of its records. */
export const EVIDENCE_COLUMNS: readonly Column<EvidenceRow>[] = [
  column('path', 'STRING', ({ path }) => path),
  column('sha256', 'STRING', ({ sha256 }) => sha256),
  column('bytes', 'INT64', ({ bytes }) => BigInt(bytes)),
  column('format', 'STRING', ({ format }) => format),
  column('account', 'STRING', ({ account }) => account),
  column('captured_at', 'TIMESTAMP', ({ capturedAt }) => moment(capturedAt)),
  column('captured_from', 'STRING', ({ capturedFrom }) => capturedFrom),
  column('status', 'STRING', ({ status }) => status),
  column('loss', 'STRING', ({ loss }) => loss ?? null),
  column('records_read', 'INT64', ({ recordsRead }) => BigInt(recordsRead)),
  column('records_accepted', 'INT64', ({ recordsAccepted }) => BigInt(recordsAccepted)),
  column('records_superseded', 'INT64', ({ recordsSuperseded }) => BigInt(recordsSuperseded)),
  column('records_duplicate', 'INT64', ({ recordsDuplicate }) => BigInt(recordsDuplicate)),
  column('records_rejected', 'INT64', ({ recordsRejected }) => BigInt(recordsRejected)),
  column('problems', 'STRING', ({ problems }) => json(problems)),
];

function digest(text: string | null): string | null {
  return text === null ? null : createHash('sha256').update(text, 'utf8').digest('hex');
}

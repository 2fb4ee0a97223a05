import { DATA_PROBLEMS } from '../../errors.ts';
import type { EvidenceRow, ReportSource } from '../../store/types.ts';
import { evidenceUri } from '../shared/evidence-uri.ts';
import { interruptedText } from '../shared/interrupted.ts';
import { formatCount } from '../shared/labels.ts';
import { type Level, type NotificationId, notificationReference } from './driver.ts';
import { resultLocation } from './result.ts';
import { sarifText } from './text.ts';

/** Whether all of the evidence was read and every role judged: what exit code 3 denies. */
export function isWhole(source: ReportSource): boolean {
  const { accountsIncomplete, recordsRejected, verdicts } = source.totals();
  if (source.interrupted.length > 0) return false;
  if (accountsIncomplete > 0 || recordsRejected > 0 || verdicts.error > 0) return false;
  for (const row of source.evidence()) if (row.status !== 'complete') return false;
  return true;
}

/**
 * Everything that keeps the result from being whole, and remarks on the evidence: files, accounts, rejected
 * records counted by code, and every undecided role.
 */
export function* notifications(
  source: ReportSource,
  ruleIndex: ReadonlyMap<string, number>,
): Generator<object> {
  for (const run of source.interrupted) {
    const properties = { run: run.id, paths: run.paths };
    yield notification('scan-interrupted', 'error', interruptedText(run), { properties });
  }
  for (const row of source.evidence()) {
    if (row.status !== 'complete' || row.recordsRejected > 0 || row.problems.length > 0) {
      yield evidenceNotification(row);
    }
  }
  for (const { account, capturedAt, complete } of source.accounts()) {
    if (complete) continue;
    const text = `account ${account} is not covered whole by its latest capture, ${capturedAt}`;
    yield notification('account-incomplete', 'warning', text, { properties: { account, capturedAt } });
  }
  for (const [code, count] of countRejects(source)) {
    const why = code in DATA_PROBLEMS ? `: ${DATA_PROBLEMS[code as keyof typeof DATA_PROBLEMS]}` : '';
    const text = `${formatCount(count)} rejected as ${code}${why}`;
    yield notification('records-rejected', 'warning', text, { properties: { code, count } });
  }
  for (const { object } of source.verdicts({ outcomes: ['error'] })) {
    const index = ruleIndex.get(object.rule);
    yield notification('undecided', 'error', object.message, {
      associatedRule: { id: object.rule, ...(index !== undefined && { index }) },
      locations: [resultLocation(object)],
      properties: { reason: object.reason, account: object.account, arn: object.arn },
    });
  }
}

function evidenceNotification(row: EvidenceRow): object {
  const [id, level] = EVIDENCE_NOTIFICATIONS[row.status];
  const rejected = row.recordsRejected;
  const messages = row.problems.map(({ message }) => message);
  const parts = [...messages, ...(rejected > 0 ? [`${formatCount(rejected)} records rejected`] : [])];
  const text = `${row.status}${parts.length === 0 ? '' : `: ${parts.join('; ')}`}`;
  return notification(id, rejected > 0 && level === 'note' ? 'warning' : level, text, {
    locations: [{ physicalLocation: { artifactLocation: { uri: evidenceUri(row.path) } } }],
    properties: {
      status: row.status,
      problems: messages,
      problemCodes: row.problems.map(({ code }) => code),
      recordsRejected: rejected,
    },
  });
}

const EVIDENCE_NOTIFICATIONS: Readonly<
  Record<EvidenceRow['status'], readonly [id: NotificationId, level: Level]>
> = {
  complete: ['evidence-remark', 'note'],
  incomplete: ['evidence-incomplete', 'warning'],
  unreadable: ['evidence-unreadable', 'error'],
};

function notification(id: NotificationId, level: Level, text: string, more: object): object {
  return { descriptor: notificationReference(id), level, message: { text: sarifText(text) }, ...more };
}

/** Rejects by code, codes in order. There are few codes, however many rejects. */
function countRejects(source: ReportSource): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { code } of source.rejects()) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}

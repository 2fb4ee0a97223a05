import { DATA_PROBLEMS } from '../../errors.ts';
import { CONFLICTING_RECORDS, type Completeness, type DisagreementRow } from '../../model/completeness.ts';
import type { EvidenceRow } from '../../model/evidence-row.ts';
import type { ReportSource } from '../../model/report-source.ts';
import { formatCount, formatCounted } from '../../text/counted.ts';
import { disagreementSentence } from '../shared/disagreement.ts';
import {
  behindWords,
  carriedWords,
  gapSentence,
  guardrailsSentence,
  interruptedText,
  MEMBERS_UNKNOWN,
  missingOf,
  missingPartsSentence,
  plainText,
  problemSentence,
  timedWords,
} from '../shared/missing.ts';
import { type NotificationId, notificationReference } from './driver.ts';
import { resultLocation } from './result.ts';
import type { Level, RuleDescriptors } from './rules.ts';
import { evidenceUri, placeIn, sarifText } from './text.ts';

/**
 * Everything that keeps the result from being whole, and remarks on the evidence: files, accounts, organisations, rejected
 * records counted by code, roles on which files disagree, and every undecided role.
 */
export function* notifications(source: ReportSource, rules: RuleDescriptors): Generator<object> {
  for (const run of source.interrupted) {
    const properties = { run: run.id, paths: run.paths };
    yield notification('scan-interrupted', 'error', interruptedText(run), { properties });
  }
  for (const parts of source.missingParts) {
    yield notification('scan-parts-missing', 'error', missingPartsSentence(parts), { properties: parts });
  }
  for (const row of source.evidence()) {
    if (row.status !== 'complete' || row.recordsRejected > 0 || row.problems.length > 0) {
      yield evidenceNotification(row);
    }
  }
  const missing = missingOf(source);
  yield* accountNotifications(source, missing);
  for (const { code, count, example } of missing.rejects) {
    // A later version may have written the store, with codes of its own.
    const why = code in DATA_PROBLEMS ? DATA_PROBLEMS[code] : example.message;
    const text = `${formatCount(count)} rejected as ${code}: ${why}`;
    yield notification('records-rejected', 'warning', text, {
      locations: [{ physicalLocation: placeIn(example.path, example.offset) }],
      properties: { code, count, example: { pointer: example.pointer, message: example.message } },
    });
  }
  for (const row of source.disagreements()) yield disagreementNotification(row);
  const timed = missing.timedByModification;
  if (timed > 0) {
    yield notification('capture-time-modified', 'note', timedWords(timed), { properties: { count: timed } });
  }
  for (const { object } of source.verdicts({ outcomes: ['error'] })) {
    yield notification('undecided', 'error', object.message, {
      associatedRule: rules.reference(object.rule, null),
      locations: [resultLocation(object)],
      properties: { reason: object.reason, account: object.account, arn: object.arn },
    });
  }
}

/** Accounts that are missing, not whole or long unseen, and what is wrong with evidence of their organisation. */
function* accountNotifications(
  source: ReportSource,
  {
    gaps,
    maxAge,
    membersKnown,
    organizationProblems = [],
    guardrailsUnknown = [],
    organizationsBehind = [],
  }: Completeness,
): Generator<object> {
  if (!membersKnown) yield notification('members-unknown', 'note', plainText(MEMBERS_UNKNOWN), {});
  for (const gap of gaps)
    yield notification('account-gap', 'error', gapSentence(gap, maxAge), { properties: gap });
  for (const { code, message } of organizationProblems)
    yield notification('organization-problem', 'warning', problemSentence(message), { properties: { code } });
  for (const unknown of guardrailsUnknown)
    yield notification('guardrails-unknown', 'warning', guardrailsSentence(unknown), { properties: unknown });
  for (const behind of organizationsBehind)
    yield notification('organization-carried-forward', 'note', behindWords(behind), { properties: behind });
  for (const { account, name, capturedAt, complete, carriedForward } of source.accounts()) {
    const properties = { account, name, capturedAt, carriedForward };
    if (!complete) {
      const text = `account ${account} is not covered whole by its latest capture, ${capturedAt}`;
      yield notification('account-incomplete', 'warning', text, { properties });
    }
    if (carriedForward !== null) {
      const text = `account ${account} is ${carriedWords(carriedForward)}: its latest capture is ${capturedAt}`;
      yield notification('account-carried-forward', 'note', text, { properties });
    }
  }
}

function evidenceNotification(row: EvidenceRow): object {
  const [id, level] = EVIDENCE_NOTIFICATIONS[row.status];
  const rejected = row.recordsRejected;
  const messages = row.problems.map(({ message }) => message);
  const parts = [...messages, ...(rejected > 0 ? [`${formatCounted(rejected, 'record')} rejected`] : [])];
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

function disagreementNotification(row: DisagreementRow): object {
  const { account, arn, roleId, capturedAt, what, sources } = row;
  return notification(CONFLICTING_RECORDS, 'warning', disagreementSentence(row), {
    locations: sources.map(({ path, offset }) => ({ physicalLocation: placeIn(path, offset) })),
    properties: { account, arn, roleId, capturedAt, what },
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

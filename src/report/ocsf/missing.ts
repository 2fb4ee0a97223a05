import type { ReportSource } from '../../model/report-source.ts';
import { formatCounted } from '../../text/counted.ts';
import { visible } from '../../text/hidden-characters.ts';
import { CONFLICTING_RECORDS, disagreementSentence } from '../shared/disagreement.ts';
import { missingFingerprint } from '../shared/fingerprint.ts';
import { gapSentence, interruptedText, missingOf } from '../shared/missing.ts';
import { unreadFiles } from '../shared/missing-objects.ts';
import { awsAccount, COMPLIANCE_STATUS, classOf, entityType, epochMilliseconds } from './attributes.ts';

/**
 * A finding for each scan that was interrupted, each account that is missing, each file that was not read whole, each
 * kind of rejected records, each role on which files disagree.
 */
export function* missingFindings(source: ReportSource, rule: string): Generator<object> {
  for (const part of missingParts(source)) yield missingFinding(source, rule, part);
}

function* missingParts(source: ReportSource): Generator<MissingPart> {
  const { gaps, maxAge, rejects } = missingOf(source);
  for (const run of source.interrupted) {
    yield {
      ...{ code: 'scan-interrupted', uid: String(run.id), account: null, at: null },
      message: `The ${interruptedText(run)}.`,
      resource: { uid: `scan ${run.id}`, type: 'Scan' },
      facts: { run: run.id, paths: run.paths },
    };
  }
  for (const gap of gaps) {
    yield {
      ...{ code: 'account-gap', uid: gap.account, account: gap.account, message: gapSentence(gap, maxAge) },
      ...{ at: gap.capturedAt, resource: { uid: gap.account, type: 'AWS Account', ...named(gap.name) } },
      facts: { name: gap.name, why: gap.why, captured_at: gap.capturedAt, age: gap.age },
    };
  }
  for (const row of unreadFiles(source)) {
    const problems = row.problems.map(({ code, message }) => ({ code, message }));
    const why = problems.map(({ message }) => message).join('; ');
    yield {
      ...{
        code: 'evidence-unread',
        uid: `${row.path} ${row.sha256}`,
        account: row.account,
        at: row.capturedAt,
      },
      message: `The evidence file ${row.path} is ${row.status}${why === '' ? '' : `: ${why}`}.`,
      resource: { uid: row.path, type: 'Evidence file' },
      facts: { path: row.path, sha256: row.sha256, status: row.status, problems },
    };
  }
  for (const { code, count, example } of rejects) {
    const { path, offset, pointer, message } = example;
    yield {
      ...{ code, uid: code, account: null, at: null, resource: { uid: path, type: 'Evidence file' } },
      message: `${formatCounted(count, 'record was', 'records were')} rejected, the first of ${path}: ${message}.`,
      facts: { count, example: { path, offset, pointer, message } },
    };
  }
  for (const row of source.disagreements()) {
    const { account, arn, roleId, capturedAt, what, sources } = row;
    yield {
      ...{ code: CONFLICTING_RECORDS, uid: JSON.stringify([arn, roleId, what]), account, at: capturedAt },
      title: 'Evidence disagrees',
      message: disagreementSentence(row),
      resource: { uid: arn, type: entityType(arn), owner: { account: awsAccount(account) } },
      facts: { arn, role_id: roleId, what, captured_at: capturedAt, sources },
    };
  }
}

interface MissingPart {
  /** Stable code of what is missing. */
  readonly code: string;
  /** What tells it from others of its code. */
  readonly uid: string;
  readonly account: string | null;
  /** ISO 8601 UTC; null: the moment judged against. */
  readonly at: string | null;
  /** Instead of `Evidence is missing`. */
  readonly title?: string;
  readonly message: string;
  readonly resource: object;
  readonly facts: object;
}

/** In the words of the schema a warning: no result, due to missing information. */
function missingFinding(source: ReportSource, rule: string, part: MissingPart): object {
  const { code, uid, account, at, message, resource, facts } = part;
  const title = part.title ?? 'Evidence is missing';
  const status = COMPLIANCE_STATUS.error;
  return {
    ...classOf({ id: 1, caption: 'Create' }, { id: 0, caption: 'Unknown' }, source.toolVersion),
    time: epochMilliseconds(at ?? source.asOf, source.asOf),
    status_id: 1,
    status: 'New',
    message: visible(message),
    cloud: { provider: 'AWS', ...(account !== null && { account: awsAccount(account) }) },
    finding_info: { uid: missingFingerprint(code, uid), title, types: ['Compliance'] },
    compliance: {
      control: rule,
      status_id: status.id,
      status: status.caption,
      status_code: code,
      status_details: [visible(message)],
    },
    resources: [resource],
    unmapped: { verdict: 'error', reason: code, ...facts },
  };
}

function named(name: string | null): { readonly name?: string } {
  return name === null ? {} : { name };
}

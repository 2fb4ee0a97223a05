import { CONFLICTING_RECORDS, type DisagreementRow } from '../../model/completeness.ts';
import type { EvidenceRow } from '../../model/evidence-row.ts';
import { GUARDRAILS_UNKNOWN } from '../../model/guardrail.ts';
import type { ReportSource } from '../../model/report-source.ts';
import type { DescribedColumn } from '../shared/csv-columns.ts';
import { disagreementSentence } from '../shared/disagreement.ts';
import { evidenceDigest } from '../shared/evidence-digest.ts';
import {
  behindWords,
  gapWhy,
  guardrailsSentence,
  MEMBERS_UNKNOWN,
  missingOf,
  plainText,
} from '../shared/missing.ts';
import { placedRejects } from '../shared/missing-objects.ts';
import type { ReportHeading } from '../shared/options.ts';

/** One line of the file that stands beside a CSV report; what a kind does not have is absent. */
export interface EvidenceLine {
  readonly kind:
    | 'heading'
    | 'evidence-digest'
    | 'coverage'
    | 'account-gap'
    | 'account-closed'
    | 'account-incomplete'
    | 'account-carried-forward'
    | 'organization-carried-forward'
    | typeof GUARDRAILS_UNKNOWN
    | typeof CONFLICTING_RECORDS
    | 'evidence'
    | 'rejected';
  readonly path?: string;
  readonly sha256?: string;
  readonly account?: string | null;
  readonly name?: string | null;
  readonly capturedAt?: string | null;
  readonly age?: number | null;
  readonly status?: string;
  readonly codes?: readonly string[];
  readonly messages?: readonly string[];
  readonly offset?: number;
  readonly pointer?: string;
  readonly file?: EvidenceRow;
  readonly arn?: string;
  readonly roleId?: string;
}

/** The columns in their order; new ones are only ever added at the end. */
export const EVIDENCE_COLUMNS: readonly DescribedColumn<EvidenceLine>[] = [
  column(
    'kind',
    '`heading` (title, client and who prepared it, as `codes` says, where they were given), `evidence-digest` (of all files that follow, see docs/manifest.md), `coverage` (why the evidence is incomplete), `account-gap`, `account-closed`, `account-incomplete`, `account-carried-forward`, `organization-carried-forward` (its message names it), `guardrails-unknown` (an account of which not every resource control policy is known), `conflicting-records` (a role on which files of one moment disagree), `evidence` (a file) or `rejected` (a record).',
    (line) => line.kind,
  ),
  column(
    'path',
    'Evidence file; of `conflicting-records` the first that shows the role.',
    (line) => line.path,
  ),
  column(
    'sha256',
    'SHA-256 of that file as received; of `evidence-digest` that of the list of files.',
    (line) => line.sha256,
  ),
  column('bytes', 'Size of that file.', (line) => line.file?.bytes),
  column('format', 'Format it was read as; empty when it was not recognised.', (line) => line.file?.format),
  column('account', 'Account, 12 digits; of a file: empty for none or several.', (line) => line.account),
  column('account_name', 'Name of the account where known.', (line) => line.name),
  column('captured_at', '(Latest) capture time, ISO 8601 UTC.', (line) => line.capturedAt),
  column(
    'captured_from',
    'Where the capture time of the file comes from; `modified` may be the time of a copy.',
    (line) => line.file?.capturedFrom,
  ),
  column('age_days', 'Days from the latest capture to the newest of all.', (line) => line.age),
  column(
    'status',
    'Of a file `complete`, `incomplete` or `unreadable`; of a gap `no-evidence`, `never-complete` or `too-old`; of a closed account what AWS Organizations calls it; of `coverage` `incomplete` or `unknown`; of `conflicting-records` what they disagree on: `policies`, `existence` or `ids`.',
    (line) => line.status,
  ),
  column('codes', 'Stable codes of the problems (list).', (line) => line.codes),
  column('messages', 'A sentence for each of them (list).', (line) => line.messages),
  column('records_read', 'Records of the file.', (line) => line.file?.recordsRead),
  column('records_accepted', 'Those of them that were used.', (line) => line.file?.recordsAccepted),
  column('records_superseded', 'Older states of a role.', (line) => line.file?.recordsSuperseded),
  column(
    'records_duplicate',
    'Records that repeat another one in the same file.',
    (line) => line.file?.recordsDuplicate,
  ),
  column('records_rejected', 'Records that could not be used.', (line) => line.file?.recordsRejected),
  column(
    'offset',
    'Byte offset of a rejected record, or of the role, in the decompressed file.',
    (line) => line.offset,
  ),
  column('pointer', 'Place of a rejected record in the structure of the file.', (line) => line.pointer),
  column('arn', 'ARN of the role on which files disagree.', (line) => line.arn),
  column('role_id', 'Its role id, when the export holds it.', (line) => line.roleId),
];

function column(
  name: string,
  description: string,
  value: (line: EvidenceLine) => string | number | readonly string[] | null | undefined,
): DescribedColumn<EvidenceLine> {
  return {
    name,
    description,
    value(line) {
      const found = value(line) ?? '';
      return typeof found === 'number' ? String(found) : found;
    },
  };
}

/** What the report is and what is missing first, then every file and every rejected record. */
export function* evidenceLines(source: ReportSource, heading: ReportHeading = {}): Generator<EvidenceLine> {
  const { title, client, preparedBy } = heading;
  for (const [code, text] of Object.entries({ title, client, 'prepared-by': preparedBy })) {
    if (text !== undefined) yield { kind: 'heading', codes: [code], messages: [text] };
  }
  yield { kind: 'evidence-digest', sha256: evidenceDigest(source.evidence()) };
  const { membersKnown, reasons, gaps, maxAge, closed, guardrailsUnknown = [] } = missingOf(source);
  const { organizationsBehind = [] } = missingOf(source);
  for (const reason of reasons) {
    yield { kind: 'coverage', status: 'incomplete', codes: ['incomplete'], messages: [reason] };
  }
  if (!membersKnown) {
    yield {
      kind: 'coverage',
      status: 'unknown',
      codes: ['members-unknown'],
      messages: [plainText(MEMBERS_UNKNOWN)],
    };
  }
  for (const gap of gaps) {
    const { account, name, capturedAt, age, why } = gap;
    const messages = [gapWhy(gap, maxAge)];
    yield { kind: 'account-gap', account, name, capturedAt, age, status: why, codes: [why], messages };
  }
  for (const one of closed) yield { kind: 'account-closed', ...one };
  for (const { account, name, capturedAt, complete, carriedForward } of source.accounts()) {
    const row = { account, name, capturedAt };
    if (!complete) yield { kind: 'account-incomplete', ...row, age: carriedForward, status: 'incomplete' };
    if (carriedForward !== null) yield { kind: 'account-carried-forward', ...row, age: carriedForward };
  }
  for (const unknown of guardrailsUnknown) {
    const messages = [guardrailsSentence(unknown)];
    yield { kind: GUARDRAILS_UNKNOWN, account: unknown.account, codes: [GUARDRAILS_UNKNOWN], messages };
  }
  for (const behind of organizationsBehind) {
    const { capturedAt, age } = behind;
    yield { kind: 'organization-carried-forward', capturedAt, age, messages: [behindWords(behind)] };
  }
  for (const row of source.disagreements()) yield disagreementLine(row);
  for (const row of source.evidence()) yield fileLine(row);
  for (const { reject, sha256 } of placedRejects(source)) {
    const { path, offset, pointer, code, message } = reject;
    yield { kind: 'rejected', path, sha256, offset, pointer, codes: [code], messages: [message] };
  }
}

function disagreementLine(row: DisagreementRow): EvidenceLine {
  const { account, arn, roleId, capturedAt, what, sources } = row;
  return {
    kind: CONFLICTING_RECORDS,
    ...sources[0],
    account,
    arn,
    roleId,
    capturedAt,
    status: what,
    codes: [CONFLICTING_RECORDS],
    messages: [disagreementSentence(row)],
  };
}

function fileLine(file: EvidenceRow): EvidenceLine {
  const { path, sha256, account, capturedAt, status, problems } = file;
  const codes = problems.map(({ code }) => code);
  const messages = problems.map(({ message }) => message);
  return { kind: 'evidence', path, sha256, account, capturedAt, status, codes, messages, file };
}

export function countEvidenceLines(source: ReportSource, heading?: ReportHeading): number {
  let count = 0;
  for (const _ of evidenceLines(source, heading)) count++;
  return count;
}

import type { DescribedColumn } from '../shared/csv-columns.ts';
import type { CompanionLine } from '../shared/evidence-lines.ts';

/** The columns in their order; new ones are only ever added at the end. */
export const EVIDENCE_COLUMNS: readonly DescribedColumn<CompanionLine>[] = [
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
  column(
    'messages',
    'A sentence for each of them; of an account also what is wrong with it (list).',
    (line) => line.messages,
  ),
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
  value: (line: CompanionLine) => string | number | readonly string[] | null | undefined,
): DescribedColumn<CompanionLine> {
  return {
    name,
    description,
    value(line) {
      const found = value(line) ?? '';
      return typeof found === 'number' ? String(found) : found;
    },
  };
}

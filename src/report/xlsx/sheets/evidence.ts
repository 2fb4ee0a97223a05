import type { Completeness } from '../../../model/completeness.ts';
import type { ReportSource } from '../../../model/report-source.ts';
import { formatCount, formatCounted } from '../../../text/counted.ts';
import { visible } from '../../../text/hidden-characters.ts';
import { type EvidenceLine, evidenceLines } from '../../shared/evidence-lines.ts';
import { recordSum } from '../../shared/labels.ts';
import type { Cell } from '../book/cell.ts';
import type { Column, ListSheet, Row } from '../book/sheet.ts';
import { listNote } from './note.ts';
import { evidenceKey, type Places } from './places.ts';

const KIND_LABEL: Readonly<Record<EvidenceLine['kind'], string>> = {
  'evidence-digest': 'Evidence digest',
  coverage: 'Coverage',
  'account-gap': 'Account not covered',
  'account-closed': 'Account closed',
  'account-incomplete': 'Account incomplete',
  'account-carried-forward': 'Account carried forward',
  'organization-carried-forward': 'Organisation carried forward',
  'guardrails-unknown': 'Guardrails not known',
  'conflicting-records': 'Files disagree',
  evidence: 'File',
  rejected: 'Rejected record',
};

interface EvidenceSheetColumn extends Column {
  readonly cell: (line: EvidenceLine) => Cell;
}

const COLUMNS: readonly EvidenceSheetColumn[] = [
  { title: 'What', width: 24, cell: kindCell },
  { title: 'Status', width: 13, cell: ({ status }) => status },
  { title: 'Account', width: 14, cell: ({ account }) => account },
  { title: 'File', width: 48, cell: ({ path }) => path },
  { title: 'What is wrong', width: 70, cell: wrongCell },
  { title: 'SHA-256 as received', width: 66, cell: ({ sha256 }) => code(sha256) },
  { title: 'Bytes', width: 14, cell: ({ file }) => file?.bytes },
  { title: 'Format', width: 16, cell: ({ file }) => file?.format },
  { title: 'Account name', width: 22, cell: ({ name }) => name },
  { title: 'Captured', width: 21, cell: ({ capturedAt }) => capturedAt },
  { title: 'Captured from', width: 14, cell: ({ file }) => file?.capturedFrom },
  { title: 'Days behind', width: 9, cell: ({ age }) => age },
  { title: 'Codes', width: 24, cell: ({ codes }) => codes },
  { title: 'Records read', width: 10, cell: ({ file }) => file?.recordsRead },
  { title: 'Accepted', width: 10, cell: ({ file }) => file?.recordsAccepted },
  { title: 'Superseded', width: 11, cell: ({ file }) => file?.recordsSuperseded },
  { title: 'Duplicate', width: 10, cell: ({ file }) => file?.recordsDuplicate },
  { title: 'Rejected', width: 10, cell: ({ file }) => file?.recordsRejected },
  { title: 'Byte offset', width: 14, cell: ({ offset }) => offset },
  { title: 'Place in the file', width: 30, cell: ({ pointer }) => code(pointer) },
  { title: 'Role', width: 50, cell: ({ arn }) => code(arn) },
  { title: 'Role id', width: 24, cell: ({ roleId }) => code(roleId) },
];

/** What is missing, then every file as received with its counts, and every record that could not be used. */
export function evidenceSheet(source: ReportSource, missing: Completeness, places: Places): ListSheet {
  const totals = source.totals();
  const what = `${formatCounted(totals.files, 'file')}: ${formatCounted(totals.recordsRead, 'record')} read, of these ${recordSum(totals, formatCount)}.`;
  function* rows(): Iterable<Row> {
    for (const line of evidenceLines(source)) {
      const { kind, path, sha256 } = line;
      const cells = COLUMNS.map(({ cell }) => cell(line));
      if (kind !== 'evidence' || path === undefined || sha256 === undefined) yield { cells };
      else yield { cells, placed: places.put(evidenceKey(path, sha256)) };
    }
  }
  return { name: 'Evidence', columns: COLUMNS, note: listNote(what, missing), rows: rows() };
}

/** What is not amber whatever it says. */
const FINE: ReadonlySet<EvidenceLine['kind']> = new Set(['evidence-digest', 'account-closed']);

function kindCell({ kind, status }: EvidenceLine): Cell {
  const text = KIND_LABEL[kind];
  const isFine = FINE.has(kind) || (kind === 'evidence' && status === 'complete');
  return isFine ? text : { text, style: 'warning' };
}

/** A line for each message. */
function wrongCell({ messages }: EvidenceLine): Cell {
  return messages === undefined ? null : { lines: messages.map(visible).join('\n') };
}

function code(text: string | undefined): Cell {
  return text === undefined ? null : { text, style: 'code' };
}

import type { EvidenceRow, RejectRow } from '../../../../model/evidence-row.ts';
import { formatBytes, shownTime } from '../../../shared/labels.ts';
import type { PageData } from '../data/page-data.ts';
import { el, withCode } from '../widgets/dom.ts';
import { fileCell, type ListColumn, numberColumn, showList, textColumn, tipCell } from './list.ts';

export function evidenceList(data: PageData): void {
  const captured: ListColumn<EvidenceRow> = {
    id: 'captured',
    title: 'Captured',
    show: (row) => (row.capturedAt === null ? 'several or none' : shownTime(row.capturedAt)),
    key: (row) => row.capturedAt ?? '',
    below: [
      textColumn('from', 'Time from', (row) => row.capturedFrom ?? '–'),
      textColumn('format', 'Format', (row) => row.format ?? 'not recognised'),
    ],
  };
  showList<EvidenceRow>({
    id: 'evidence',
    label: 'Evidence files',
    items: data.evidence,
    columns: [
      {
        id: 'file',
        title: 'File',
        show: (row) => fileCell(row.path),
        key: (row) => row.path,
        below: [
          { id: 'size', title: 'Size', show: (row) => formatBytes(row.bytes), key: (row) => row.bytes },
          { id: 'sha', title: 'SHA-256', show: (row) => tipCell(row.sha256), key: (row) => row.sha256 },
        ],
      },
      numberColumn('read', 'Read', (row) => row.recordsRead),
      numberColumn('accepted', 'Accepted', (row) => row.recordsAccepted),
      numberColumn('superseded', 'Superseded', (row) => row.recordsSuperseded),
      numberColumn('duplicate', 'Duplicate', (row) => row.recordsDuplicate),
      numberColumn('rejected', 'Rejected', (row) => row.recordsRejected),
      {
        id: 'status',
        title: 'Status',
        show: (row) => status(row),
        key: (row) => row.status,
      },
      captured,
    ],
  });
}

function status(row: EvidenceRow): HTMLElement {
  const complete = row.status === 'complete';
  const problems = row.problems.map(({ message }) => message).join('; ');
  return el(
    'span',
    { title: problems },
    complete ? row.status : el('strong', { class: 'bad' }, row.status),
    ...(problems === '' ? [] : [': ', ...withCode(problems)]),
  );
}

export function rejectsList(data: PageData): void {
  showList<RejectRow>({
    id: 'rejects',
    label: 'Rejected records',
    items: data.rejects,
    columns: [
      { id: 'file', title: 'File', show: (row) => fileCell(row.path), key: (row) => row.path },
      {
        ...numberColumn<RejectRow>('offset', 'Offset', (row) => row.offset),
        class: '',
        below: [
          { id: 'pointer', title: 'Place', show: (row) => tipCell(row.pointer), key: (row) => row.pointer },
        ],
      },
      textColumn('code', 'Code', (row) => row.code),
      {
        id: 'why',
        title: 'Why',
        show: (row) => el('span', { title: row.message }, ...withCode(row.message)),
        key: (row) => row.message,
      },
    ],
  });
}

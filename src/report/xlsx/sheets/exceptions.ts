import type { Completeness } from '../../../model/completeness.ts';
import type { ExceptionRow } from '../../../model/exception.ts';
import { EXCEPTION_LABEL } from '../../shared/labels.ts';
import { acceptedBy, exceptionDoubts } from '../../shared/words/exception-words.ts';
import type { Cell } from '../book/cell.ts';
import type { Column, ListSheet } from '../book/sheet.ts';
import { listNote } from './note.ts';

interface ExceptionColumn extends Column {
  readonly cell: (row: ExceptionRow) => Cell;
}

const COLUMNS: readonly ExceptionColumn[] = [
  { title: 'Exception', width: 20, cell: ({ id }) => id },
  { title: 'State', width: 16, cell: stateCell },
  { title: 'Expires', width: 21, cell: ({ expires }) => expires },
  { title: 'Findings it accepts', width: 10, cell: acceptedBy },
  { title: 'Covers in part only', width: 10, cell: ({ partly }) => partly },
  { title: 'Reason', width: 60, cell: ({ reason }) => reason },
  { title: 'What to look at', width: 50, cell: (row) => exceptionDoubts(row).join(' ') },
  { title: 'Owner', width: 20, cell: ({ owner }) => owner },
  { title: 'Ticket', width: 16, cell: ({ ticket }) => ticket },
  { title: 'Rule', width: 18, cell: ({ rule }) => rule },
  { title: 'Account', width: 14, cell: ({ account }) => account },
  { title: 'Role', width: 30, cell: ({ role }) => role },
  { title: 'Principals', width: 40, cell: ({ principals }) => principals },
  { title: 'From accounts', width: 26, cell: ({ principalAccounts }) => principalAccounts },
];

/** What is accepted, by whom, until when, and what is wrong with it. */
export function exceptionsSheet(all: readonly ExceptionRow[], missing: Completeness): ListSheet {
  const what =
    all.length === 0
      ? 'No finding is accepted, because no exceptions were given.'
      : 'An exception accepts findings for a time; they stay counted as failing. An empty pattern means any.';
  return {
    name: 'Exceptions',
    columns: COLUMNS,
    note: listNote(what, missing),
    rows: all.map((row) => ({ cells: COLUMNS.map(({ cell }) => cell(row)) })),
  };
}

function stateCell({ status }: ExceptionRow): Cell {
  return { text: EXCEPTION_LABEL[status], style: status === 'active' ? 'good' : 'warning' };
}

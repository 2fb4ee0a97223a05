import type { EvidenceRow, RejectRow } from '../../../store/types.ts';
import type { ExternalAccount } from '../../external-accounts.ts';
import { formatBytes, formatCount, formatTime, guardWords, RELATION_LABEL } from '../../shared/labels.ts';
import { RELATIONS } from '../../shared/paths.ts';
import type { AccountLine } from '../../shared/payload.ts';
import { carriedBadge } from './badges.ts';
import { code, el } from './dom.ts';
import { sortRows } from './sort.ts';
import type { Store } from './store.ts';
import { type Column, VirtualTable } from './virtual-table.ts';

const ROW_HEIGHT = 36;

interface ListColumn<T> {
  readonly id: string;
  readonly title: string;
  readonly class?: string;
  readonly show: (item: T) => string | HTMLElement;
  /** Sort key. */
  readonly key: (item: T) => number | string;
}

interface ListOptions<T> {
  readonly id: string;
  readonly label: string;
  readonly items: readonly T[];
  readonly columns: readonly ListColumn<T>[];
  readonly onOpen?: (item: T) => void;
}

export function accountsList(store: Store, onOpen: (account: string) => void): void {
  list<AccountLine>({
    id: 'accounts',
    label: 'Accounts; Enter shows the findings of one',
    items: store.accounts,
    onOpen: (row) => onOpen(row.account),
    columns: [
      { id: 'account', title: 'Account', show: (row) => code(row.account), key: (row) => row.account },
      text('name', 'Name', (row) => row.name ?? ''),
      {
        id: 'captured',
        title: 'Captured',
        show: (row) => el('span', { title: row.capturedAt }, row.capturedAt.slice(0, 10)),
        key: (row) => row.capturedAt,
      },
      {
        id: 'coverage',
        title: 'Coverage',
        show: (row) => {
          const state = row.complete ? 'complete' : el('strong', { class: 'bad' }, 'incomplete');
          const age = row.carriedForward;
          return age === null ? state : el('span', {}, state, ' ', carriedBadge(age));
        },
        key: (row) => (row.complete ? 1_000_000 - (row.carriedForward ?? 0) : 0),
      },
      number('roles', 'Roles', (row) => row.roles),
      number('fail', 'Fail', (row) => row.verdicts[0] ?? 0),
      number('critical', 'Critical', (row) => row.severities[0] ?? 0),
      number('high', 'High', (row) => row.severities[1] ?? 0),
      number('medium', 'Medium', (row) => row.severities[2] ?? 0),
      number('low', 'Low', (row) => row.severities[3] ?? 0),
      number('error', 'Error', (row) => row.verdicts[1] ?? 0),
      number('pass', 'Pass', (row) => row.verdicts[2] ?? 0),
      number('na', 'N/A', (row) => row.verdicts[3] ?? 0),
    ],
  });
}

export function externalsList(store: Store, onOpen: (account: string) => void): void {
  list<ExternalAccount>({
    id: 'externals',
    label: 'Outside accounts; Enter shows the roles of one',
    items: store.externals,
    onOpen: (row) => onOpen(row.account),
    columns: [
      {
        id: 'account',
        title: 'Account',
        show: (row) => (row.account === '*' ? el('strong', {}, 'anyone') : code(row.account)),
        key: (row) => row.account,
      },
      text('name', 'Name', (row) => row.name ?? ''),
      {
        id: 'relation',
        title: 'Relation',
        show: (row) => RELATION_LABEL[row.relation],
        key: (row) => RELATIONS.indexOf(row.relation),
      },
      {
        id: 'open',
        title: 'Unguarded roles',
        class: 'number',
        show: (row) =>
          row.open === 0
            ? el('span', { class: 'muted' }, '0')
            : el('strong', { class: 'bad' }, formatCount(row.open)),
        key: (row) => row.open,
      },
      number('guarded', 'Guarded roles', (row) => row.guarded),
      text('guards', 'Guards', guardWords),
    ],
  });
}

export function evidenceList(store: Store): void {
  list<EvidenceRow>({
    id: 'evidence',
    label: 'Evidence files',
    items: store.evidence,
    columns: [
      { id: 'file', title: 'File', show: (row) => file(row.path), key: (row) => row.path },
      number('read', 'Read', (row) => row.recordsRead),
      number('accepted', 'Accepted', (row) => row.recordsAccepted),
      number('superseded', 'Superseded', (row) => row.recordsSuperseded),
      number('duplicate', 'Duplicate', (row) => row.recordsDuplicate),
      number('rejected', 'Rejected', (row) => row.recordsRejected),
      {
        id: 'status',
        title: 'Status',
        show: (row) => status(row),
        key: (row) => row.status,
      },
      text('format', 'Format', (row) => row.format ?? 'not recognised'),
      {
        id: 'captured',
        title: 'Captured',
        show: (row) => (row.capturedAt === null ? 'several or none' : formatTime(row.capturedAt)),
        key: (row) => row.capturedAt ?? '',
      },
      text('from', 'Time from', (row) => row.capturedFrom ?? '–'),
      {
        id: 'size',
        title: 'Size',
        class: 'number',
        show: (row) => formatBytes(row.bytes),
        key: (row) => row.bytes,
      },
      { id: 'sha', title: 'SHA-256', show: (row) => tip(row.sha256), key: (row) => row.sha256 },
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
    problems === '' ? null : `: ${problems}`,
  );
}

export function rejectsList(store: Store): void {
  list<RejectRow>({
    id: 'rejects',
    label: 'Rejected records',
    items: store.rejects,
    columns: [
      { id: 'file', title: 'File', show: (row) => file(row.path), key: (row) => row.path },
      number('offset', 'Offset', (row) => row.offset),
      { id: 'pointer', title: 'Place', show: (row) => tip(row.pointer), key: (row) => row.pointer },
      text('code', 'Code', (row) => row.code),
      {
        id: 'why',
        title: 'Why',
        show: (row) => el('span', { title: row.message }, row.message),
        key: (row) => row.message,
      },
    ],
  });
}

function list<T>({ id, label, items, columns, onOpen }: ListOptions<T>): void {
  const place = document.querySelector<HTMLElement>(`[data-app="${id}"]`);
  if (place === null || items.length === 0) return;
  const all = Uint32Array.from(items, (_, index) => index);
  let rows: Uint32Array = all;
  const table = new VirtualTable({
    label,
    class: `list ${id}`,
    rowHeight: ROW_HEIGHT,
    columns: columns.map(
      (column): Column => ({
        id: column.id,
        title: column.title,
        class: column.class ?? '',
        sortable: true,
        cell: (row) => {
          const item = items[row];
          return item === undefined ? [] : [column.show(item)];
        },
      }),
    ),
    ...(onOpen === undefined
      ? {}
      : {
          onOpen: (position: number) => {
            const item = items[rows[position] ?? -1];
            if (item !== undefined) onOpen(item);
          },
        }),
    onSort(id, direction) {
      const column = columns.find((candidate) => candidate.id === id);
      rows = sortRows(all, (row) => keyOf(items[row], column), direction);
      table.showSort(id, direction);
      table.setRows(rows);
    },
  });
  place.append(table.element);
  place.hidden = false;
  table.setRows(rows);
}

function keyOf<T>(item: T | undefined, column: ListColumn<T> | undefined): number | string {
  return item === undefined || column === undefined ? 0 : column.key(item);
}

function text<T>(id: string, title: string, value: (item: T) => string): ListColumn<T> {
  return { id, title, show: value, key: value };
}

function number<T>(id: string, title: string, value: (item: T) => number): ListColumn<T> {
  return { id, title, class: 'number', show: (item) => formatCount(value(item)), key: value };
}

/** A path with its last part first, because columns cut the end; in full as a tip. */
function file(path: string): HTMLElement {
  const cut = path.lastIndexOf('/') + 1;
  const folder = cut === 0 ? null : el('span', { class: 'muted' }, `  ${path.slice(0, cut - 1)}`);
  return el('code', { title: path }, path.slice(cut), folder);
}

/** Long text that may be cut by its column stays readable in full as a tip. */
function tip(full: string): HTMLElement {
  return el('code', { title: full }, full);
}

import { formatCount } from '../../../../text/counted.ts';
import { sortRows } from '../data/sort.ts';
import { el } from '../widgets/dom.ts';
import { type Column, type TableOptions, VirtualTable } from '../widgets/virtual-table.ts';

const ROW_HEIGHT = 36;

export interface ListColumn<T> {
  readonly id: string;
  readonly title: string;
  readonly class?: string;
  readonly show: (item: T) => string | HTMLElement;
  /** Sort key. */
  readonly key: (item: T) => number | string;
  /** What stands below it in the same cells, so that no table is wider than a window. */
  readonly below?: readonly ListColumn<T>[];
}

interface ListOptions<T> {
  readonly id: string;
  readonly label: string;
  readonly items: readonly T[];
  readonly columns: readonly ListColumn<T>[];
  readonly onOpen?: (item: T) => void;
}

/** Builds a table in its place on the page; where there are no items, or no place, the page stays as it was written. */
export function showList<T>(options: ListOptions<T>): void {
  const { id, label, items, columns } = options;
  const place = document.querySelector<HTMLElement>(`[data-app="${id}"]`);
  if (place === null || items.length === 0) return;
  const all = Uint32Array.from(items, (_, index) => index);
  let rows: Uint32Array = all;
  const table = new VirtualTable({
    label,
    class: `list ${id}`,
    rowHeight: ROW_HEIGHT,
    columns: columns.map((column) => tableColumn(column, items)),
    ...opening(options, (position) => items[rows[position] ?? -1]),
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

function tableColumn<T>(column: ListColumn<T>, items: readonly T[]): Column {
  return {
    id: column.id,
    title: column.title,
    class: column.class ?? '',
    sortable: true,
    cell: (row) => {
      const item = items[row];
      if (item === undefined) return [];
      const { below } = column;
      if (below === undefined) return [column.show(item)];
      return [column, ...below].map((each, index) =>
        el('span', { class: index === 0 ? 'first' : 'second' }, each.show(item)),
      );
    },
  };
}

/** What opens a row, where rows open at all. */
function opening<T>(
  { onOpen }: ListOptions<T>,
  itemAt: (position: number) => T | undefined,
): Pick<TableOptions, 'onOpen'> {
  if (onOpen === undefined) return {};
  return {
    onOpen: (position) => {
      const item = itemAt(position);
      if (item !== undefined) onOpen(item);
    },
  };
}

function keyOf<T>(item: T | undefined, column: ListColumn<T> | undefined): number | string {
  return item === undefined || column === undefined ? 0 : column.key(item);
}

export function textColumn<T>(id: string, title: string, value: (item: T) => string): ListColumn<T> {
  return { id, title, show: value, key: value };
}

export function numberColumn<T>(id: string, title: string, value: (item: T) => number): ListColumn<T> {
  return { id, title, class: 'number', show: (item) => formatCount(value(item)), key: value };
}

/** A path with its last part first, because columns cut the end; in full as a tip. */
export function fileCell(path: string): HTMLElement {
  const cut = path.lastIndexOf('/') + 1;
  const folder = cut === 0 ? null : el('span', { class: 'muted' }, `  ${path.slice(0, cut - 1)}`);
  return el('code', { title: path }, path.slice(cut), folder);
}

/** Long text that may be cut by its column stays readable in full as a tip. */
export function tipCell(full: string): HTMLElement {
  return el('code', { title: full }, full);
}

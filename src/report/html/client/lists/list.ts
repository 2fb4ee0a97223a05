import { formatCount } from '../../../../text/counted.ts';
import { sortRows } from '../data/sort.ts';
import type { Column } from '../widgets/column.ts';
import { el } from '../widgets/dom.ts';
import { flatListing } from '../widgets/listing.ts';
import { type TableOptions, VirtualTable } from '../widgets/virtual-table.ts';

export interface ListColumn<T> {
  readonly id: string;
  readonly title: string;
  readonly class?: string;
  readonly show: (item: T) => string | HTMLElement;
  /** Sort key. */
  readonly key: (item: T) => number | string;
  /** What stands below it in the same cells, so that no table is wider than a window; without a title it is no sort key. */
  readonly below?: readonly ListColumn<T>[];
}

/** Lists of no more rows are in the page as they are, each row as high as its text. */
const WHOLE = 300;

interface ListOptions<T> {
  readonly id: string;
  readonly label: string;
  readonly items: readonly T[];
  readonly columns: readonly ListColumn<T>[];
  /** The column by which the items stand in order already, the greatest first. */
  readonly sorted?: string;
  readonly onOpen?: (item: T) => void;
}

/** Builds a table in its place on the page; where there are no items, or no place, the page stays as it was written. */
export function showList<T>(options: ListOptions<T>): void {
  const { id, label, items, columns, sorted } = options;
  const place = document.querySelector<HTMLElement>(`[data-app="${id}"]`);
  if (place === null || items.length === 0) return;
  const all = Uint32Array.from(items, (_, index) => index);
  let rows: Uint32Array = all;
  const table = new VirtualTable({
    label,
    class: `list ${id}${items.length <= WHOLE ? ' whole' : ''}`,
    whole: items.length <= WHOLE,
    columns: columns.map((column, index) =>
      tableColumn(column, items, index === 0 && options.onOpen !== undefined),
    ),
    ...opening(options, (position) => items[rows[position] ?? -1]),
    onSort(id, direction) {
      const column = columns.flatMap(stacked).find((candidate) => candidate.id === id);
      rows = sortRows(all, (row) => keyOf(items[row], column), direction);
      table.showSort(id, direction);
      table.setListing(flatListing(rows));
    },
  });
  place.append(table.element);
  place.hidden = false;
  if (sorted !== undefined) table.showSort(sorted, 'descending');
  table.setListing(flatListing(rows));
}

/** A column and those below it. */
function stacked<T>(column: ListColumn<T>): readonly ListColumn<T>[] {
  return [column, ...(column.below ?? [])];
}

/** `opens`: its first line is a button, for those who do not go through the table by its keys. */
function tableColumn<T>(column: ListColumn<T>, items: readonly T[], opens: boolean): Column {
  const all = stacked(column);
  const titled = all.filter(({ title }) => title !== '');
  return {
    id: column.id,
    title: titled.map(({ title }) => title).join(' · '),
    class: column.class ?? '',
    sorts: titled.map(({ id, title }) => ({ id, title })),
    cell: (row) => {
      const item = items[row];
      if (item === undefined) return [];
      return all.map((each, index) => {
        const shown = each.show(item);
        if (index > 0) return el('span', { class: 'second' }, shown);
        return opens
          ? el('button', { type: 'button', class: 'opener first', tabindex: '-1' }, shown)
          : el('span', { class: 'first' }, shown);
      });
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

import type { Direction } from '../data/sort.ts';
import { type Child, el } from './dom.ts';

export interface Column {
  readonly id: string;
  readonly title: string;
  readonly class?: string;
  /** What its heading sorts by, one button each; without any it is plain text. */
  readonly sorts?: readonly SortKey[];
  /** `position`: where in the table the row stands. */
  readonly cell: (row: number, position: number) => readonly Child[];
}

export interface SortKey {
  readonly id: string;
  readonly title: string;
}

export type OnSort = (key: string, direction: Direction) => void;

export function columnClass({ id, class: more = '' }: Column): string {
  return `c-${id} ${more}`;
}

/** The heading of a column, with a button for each thing that it sorts by. */
export function columnHeader(column: Column, onSort: OnSort): HTMLElement {
  const { title, sorts = [] } = column;
  const attributes = { scope: 'col', role: 'columnheader', class: columnClass(column) };
  // Paper has no buttons; see print.css.
  const header = el('th', { ...attributes, 'data-title': title });
  header.append(...(sorts.length === 0 ? [title] : sorts.map((key) => sorter(key, onSort))));
  return header;
}

function sorter({ id, title }: SortKey, onSort: OnSort): HTMLElement {
  const button = el('button', { type: 'button', class: 'sort', 'data-sort': id }, title);
  button.addEventListener('click', () => {
    onSort(id, button.dataset.direction === 'ascending' ? 'descending' : 'ascending');
  });
  return button;
}

/** Marks what a table is sorted by. */
export function markSorted(table: HTMLElement, sorted: string, direction: Direction): void {
  for (const header of table.querySelectorAll('th')) {
    header.removeAttribute('aria-sort');
    for (const button of header.querySelectorAll<HTMLElement>('.sort')) {
      delete button.dataset.direction;
      if (button.dataset.sort !== sorted) continue;
      button.dataset.direction = direction;
      header.setAttribute('aria-sort', direction);
    }
  }
}

import { type Column, columnClass } from './column.ts';
import { type Child, el } from './dom.ts';

interface Place {
  readonly position: number;
  /** The one row of a table that the Tab key comes to. */
  readonly isTabStop: boolean;
}

export function dataRow(
  place: Place,
  columns: readonly Column[],
  row: number,
  opens: boolean,
): HTMLTableRowElement {
  return el(
    'tr',
    { class: opens ? 'row opens' : 'row', ...attributes(place) },
    ...columns.map((column) =>
      el(
        'td',
        { class: columnClass(column), role: 'gridcell' },
        el('div', { class: 'cell', 'data-label': column.title }, ...column.cell(row, place.position)),
      ),
    ),
  );
}

export function headingRow(place: Place, width: number, content: readonly Child[]): HTMLTableRowElement {
  const cell = el('td', { role: 'gridcell', colspan: String(width) }, ...content);
  return el('tr', { class: 'group', ...attributes(place) }, cell);
}

function attributes({ position, isTabStop }: Place) {
  return {
    role: 'row',
    'data-position': String(position),
    'aria-rowindex': String(position + 2),
    tabindex: isTabStop ? '0' : '-1',
  };
}

/** Where in the table something stands; null outside its rows. */
export function positionOf(target: EventTarget | null): number | null {
  if (!(target instanceof Element)) return null;
  const row = target.closest<HTMLElement>('tr[data-position]');
  return row === null ? null : Number(row.dataset.position);
}

/** Room for the rows that do not exist. */
export function spacer(height: number): HTMLTableRowElement {
  const cell = el('td', { class: 'spacer' });
  cell.style.height = `${height}px`;
  const row = el('tr', { class: 'spacer', role: 'presentation', 'aria-hidden': 'true' }, cell);
  row.hidden = height === 0;
  return row;
}

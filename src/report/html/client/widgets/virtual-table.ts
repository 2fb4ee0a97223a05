import { formatCount, formatCounted } from '../../../../text/counted.ts';
import type { Direction } from '../data/sort.ts';
import { type Child, el } from './dom.ts';

export interface Column {
  readonly id: string;
  readonly title: string;
  readonly class?: string;
  readonly sortable?: boolean;
  readonly cell: (row: number) => readonly Child[];
}

export interface TableOptions {
  readonly label: string;
  readonly columns: readonly Column[];
  /** Pixels; must agree with the style sheet's height for the class. */
  readonly rowHeight: number;
  readonly class: string;
  readonly onOpen?: (position: number) => void;
  readonly onSort?: (column: string, direction: Direction) => void;
}

/** Rows printed on paper. */
const PRINTED_ROWS = 500;
const OVERSCAN = 8;

/** A table of any length of which only the rows in sight exist. Keys: arrows, Page, Home, End, Enter. */
export class VirtualTable {
  readonly element: HTMLElement;
  private readonly options: TableOptions;
  private readonly table: HTMLTableElement;
  private readonly body = el('tbody');
  private readonly scroller: HTMLElement;
  private readonly printNote = el('p', { class: 'print-note' });
  private rows: ArrayLike<number> = [];
  private active = 0;
  private range = '';
  private printing = false;

  constructor(options: TableOptions) {
    this.options = options;
    const sorters = options.columns.map((column) => this.header(column));
    this.table = el(
      'table',
      { class: `virtual ${options.class}`, role: 'grid', 'aria-label': options.label },
      el('thead', {}, el('tr', { 'aria-rowindex': '1' }, ...sorters)),
      this.body,
    );
    this.scroller = el('div', { class: 'scroller', tabindex: '-1' }, this.table);
    this.element = el('div', {}, this.scroller, this.printNote);
    this.scroller.addEventListener('scroll', () => requestAnimationFrame(() => this.render()));
    this.scroller.addEventListener('keydown', (event) => this.onKey(event));
    this.body.addEventListener('click', (event) => this.onClick(event));
    new ResizeObserver(() => this.render()).observe(this.scroller);
    addEventListener('beforeprint', () => this.print(true));
    addEventListener('afterprint', () => this.print(false));
  }

  /** Shows these rows from the top. */
  setRows(rows: ArrayLike<number>): void {
    this.rows = rows;
    this.active = 0;
    this.range = '';
    this.scroller.scrollTop = 0;
    this.table.setAttribute('aria-rowcount', String(rows.length + 1));
    this.render();
  }

  showSort(sorted: string, direction: Direction): void {
    for (const header of this.table.querySelectorAll('th')) {
      if (header.dataset.column === sorted) header.setAttribute('aria-sort', direction);
      else header.removeAttribute('aria-sort');
    }
  }

  /** Puts the keyboard on a row, scrolling to it when it is out of sight. */
  focusRow(position: number): void {
    const { rowHeight } = this.options;
    this.active = Math.max(0, Math.min(position, this.rows.length - 1));
    const top = this.active * rowHeight;
    const view = this.scroller.clientHeight - this.headHeight();
    if (top < this.scroller.scrollTop) this.scroller.scrollTop = top;
    else if (top + rowHeight > this.scroller.scrollTop + view)
      this.scroller.scrollTop = top + rowHeight - view;
    this.range = '';
    this.render();
    this.rowElement(this.active)?.focus({ preventScroll: true });
  }

  private header(column: Column): HTMLElement {
    const attributes = {
      scope: 'col',
      class: `c-${column.id} ${column.class ?? ''}`,
      'data-column': column.id,
      // Paper has no buttons; see print.css.
      'data-title': column.title,
    };
    if (column.sortable !== true) return el('th', attributes, column.title);
    const button = el('button', { type: 'button', class: 'sort' }, column.title);
    const header = el('th', attributes, button);
    button.addEventListener('click', () => {
      const direction = header.getAttribute('aria-sort') === 'ascending' ? 'descending' : 'ascending';
      this.options.onSort?.(column.id, direction);
    });
    return header;
  }

  private headHeight(): number {
    return this.table.tHead?.offsetHeight ?? 0;
  }

  private render(): void {
    if (this.printing || this.scroller.clientHeight === 0) return;
    const { rowHeight } = this.options;
    const top = this.scroller.scrollTop;
    const first = Math.max(0, Math.floor(top / rowHeight) - OVERSCAN);
    const last = Math.min(
      this.rows.length,
      Math.ceil((top + this.scroller.clientHeight) / rowHeight) + OVERSCAN,
    );
    const range = `${first}-${last}`;
    if (range === this.range) return;
    this.range = range;
    const hadFocus = this.body.contains(document.activeElement);
    this.fill(first, last);
    if (hadFocus) (this.rowElement(this.active) ?? this.scroller).focus({ preventScroll: true });
  }

  private fill(first: number, last: number): void {
    const { rowHeight } = this.options;
    const tabStop = this.active >= first && this.active < last ? this.active : first;
    const rows: HTMLElement[] = [spacer(first * rowHeight)];
    for (let position = first; position < last; position++) rows.push(this.row(position, tabStop));
    rows.push(spacer((this.rows.length - last) * rowHeight));
    this.body.replaceChildren(...rows);
  }

  private row(position: number, tabStop: number): HTMLElement {
    const row = this.rows[position] ?? 0;
    const opens = this.options.onOpen !== undefined;
    return el(
      'tr',
      {
        class: opens ? 'row opens' : 'row',
        'data-position': String(position),
        'aria-rowindex': String(position + 2),
        tabindex: position === tabStop ? '0' : '-1',
      },
      ...this.options.columns.map((column) =>
        el('td', { class: `c-${column.id} ${column.class ?? ''}`, role: 'gridcell' }, ...column.cell(row)),
      ),
    );
  }

  private rowElement(position: number): HTMLElement | null {
    return this.body.querySelector<HTMLElement>(`tr[data-position="${position}"]`);
  }

  private onKey(event: KeyboardEvent): void {
    if (event.target instanceof HTMLButtonElement || event.altKey || event.ctrlKey || event.metaKey) return;
    const page = Math.max(1, Math.floor(this.scroller.clientHeight / this.options.rowHeight) - 2);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: this.active + 1,
      ArrowUp: this.active - 1,
      PageDown: this.active + page,
      PageUp: this.active - page,
      Home: 0,
      End: this.rows.length - 1,
    };
    const target = moves[event.key];
    if (target !== undefined) {
      event.preventDefault();
      this.focusRow(target);
    } else if ((event.key === 'Enter' || event.key === ' ') && this.rows.length > 0) {
      const position = positionOf(event.target) ?? this.active;
      event.preventDefault();
      this.active = position;
      this.options.onOpen?.(position);
    }
  }

  private onClick(event: MouseEvent): void {
    const position = positionOf(event.target);
    // A click that ends a selection of text is not meant to open anything.
    if (position === null || getSelection()?.type === 'Range') return;
    this.active = position;
    this.options.onOpen?.(position);
  }

  private print(printing: boolean): void {
    this.printing = printing;
    this.range = '';
    if (!printing) {
      this.render();
      return;
    }
    const shown = Math.min(this.rows.length, PRINTED_ROWS);
    this.body.replaceChildren(...Array.from({ length: shown }, (_, position) => this.row(position, 0)));
    this.printNote.textContent = `Printed: ${formatCount(shown)} of ${formatCounted(this.rows.length, 'row')}.`;
  }
}

function positionOf(target: EventTarget | null): number | null {
  if (!(target instanceof Element)) return null;
  const row = target.closest<HTMLElement>('tr[data-position]');
  return row === null ? null : Number(row.dataset.position);
}

function spacer(height: number): HTMLElement {
  const cell = el('td', { class: 'spacer' });
  cell.style.height = `${height}px`;
  const row = el('tr', { class: 'spacer', role: 'presentation', 'aria-hidden': 'true' }, cell);
  row.hidden = height === 0;
  return row;
}

import { formatCount, formatCounted } from '../../../../text/counted.ts';
import type { Direction } from '../data/sort.ts';
import { type Column, columnHeader, markSorted, type OnSort } from './column.ts';
import { type Child, el } from './dom.ts';
import { fitRows } from './fit-rows.ts';
import { type Heights, type Listing, offsetOf, positionAt, reachable } from './listing.ts';
import { dataRow, headingRow, positionOf, spacer } from './table-rows.ts';

export interface TableOptions {
  readonly label: string;
  readonly columns: readonly Column[];
  readonly class: string;
  readonly onOpen?: (position: number) => void;
  readonly onSort?: OnSort;
  /** Needed where the listing has headings, like the next. */
  readonly heading?: (position: number) => readonly Child[];
  readonly onToggle?: (position: number) => void;
  /** All rows exist at once, and may differ in height. */
  readonly whole?: boolean;
  /** What paper says of the rows, because it shows none of the controls. */
  readonly printed?: () => string;
}

/** Rows printed on paper. */
const PRINTED_ROWS = 500;
const OVERSCAN = 8;

/**
 * A table of any length of which only the rows in sight exist. Keys: arrows, Page, Home, End, Enter; left and right
 * close and open groups. How high rows are, and whether they are lines or cards, only the style sheet knows.
 */
export class VirtualTable {
  readonly element: HTMLElement;
  private readonly options: TableOptions;
  private readonly table: HTMLTableElement;
  private readonly body = el('tbody', { role: 'rowgroup' });
  private readonly scroller: HTMLElement;
  private readonly beyond = el('p', { class: 'muted small' });
  private readonly printNote = el('p', { class: 'print-note' });
  private listing: Listing = { length: 0, headings: [], rowAt: () => null };
  private heights: Heights = { row: 56, heading: 56 };
  private active = 0;
  private range = '';
  private printing = false;

  constructor(options: TableOptions) {
    this.options = options;
    const sort: OnSort = (key, direction) => options.onSort?.(key, direction);
    this.table = el(
      'table',
      { class: `virtual ${options.class}`, role: 'grid', 'aria-label': options.label },
      el(
        'thead',
        { role: 'rowgroup' },
        el(
          'tr',
          { role: 'row', 'aria-rowindex': '1' },
          ...options.columns.map((column) => columnHeader(column, sort)),
        ),
      ),
      this.body,
    );
    this.scroller = el('div', { class: 'scroller', tabindex: '-1' }, this.table);
    this.element = el('div', {}, this.scroller, this.beyond, this.printNote);
    this.beyond.hidden = true;
    this.scroller.addEventListener('scroll', () => requestAnimationFrame(() => this.render()));
    this.scroller.addEventListener('keydown', (event) => this.onKey(event));
    this.body.addEventListener('click', (event) => this.onClick(event));
    new ResizeObserver(() => this.resized()).observe(this.scroller);
    addEventListener('beforeprint', () => this.print(true));
    addEventListener('afterprint', () => this.print(false));
  }

  /** Shows a listing, from the top. */
  setListing(listing: Listing): void {
    this.active = 0;
    this.scroller.scrollTop = 0;
    this.replaceListing(listing);
  }

  /** Shows a listing that grew or shrank below a position, which stays in sight and gets the keyboard. */
  changeListing(listing: Listing, position: number): void {
    this.replaceListing(listing);
    this.focusRow(position);
  }

  private replaceListing(listing: Listing): void {
    this.listing = listing;
    this.table.setAttribute('aria-rowcount', String(listing.length + 1));
    this.resized();
  }

  showSort(sorted: string, direction: Direction): void {
    markSorted(this.table, sorted, direction);
  }

  /** Puts the keyboard on a row, scrolling to it when it is out of sight. */
  focusRow(position: number): void {
    this.active = Math.max(0, Math.min(position, reachable(this.listing, this.heights) - 1));
    if (!this.options.whole) this.scrollNear(this.active);
    this.range = '';
    this.render();
    this.rowElement(this.active)?.focus({ preventScroll: true });
    this.rowElement(this.active)?.scrollIntoView({ block: 'nearest' });
  }

  /** Where the row would be, because it may not exist yet. */
  private scrollNear(position: number): void {
    const { listing, heights, scroller } = this;
    const top = offsetOf(listing, heights, position);
    const bottom = offsetOf(listing, heights, position + 1);
    const view = scroller.clientHeight - this.headHeight();
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (bottom > scroller.scrollTop + view) scroller.scrollTop = bottom - view;
  }

  /** Only a heading that stays in place takes room from the rows. */
  private headHeight(): number {
    const head = this.table.tHead;
    const first = head?.querySelector('th') ?? null;
    return head === null || first === null || getComputedStyle(first).position !== 'sticky'
      ? 0
      : head.offsetHeight;
  }

  private resized(): void {
    this.range = '';
    this.render();
    if (this.printing) return;
    fitRows(this.scroller);
    this.scroller.style.scrollPaddingTop = `${this.headHeight()}px`;
  }

  private render(): void {
    if (this.printing || this.scroller.clientHeight === 0) return;
    this.fillView();
    // The rows tell how high the style sheet makes them; when that is news, they are placed again.
    if (this.measure()) {
      this.range = '';
      this.fillView();
    }
  }

  private fillView(): void {
    const { listing, heights, scroller } = this;
    const length = reachable(listing, heights);
    const [first, last] = this.options.whole ? [0, length] : this.inView(length);
    const range = `${first}-${last}`;
    if (range === this.range) return;
    this.range = range;
    const hadFocus = this.body.contains(document.activeElement);
    this.fill(first, last, length);
    if (hadFocus) (this.rowElement(this.active) ?? scroller).focus({ preventScroll: true });
    this.beyond.hidden = length === listing.length;
    this.beyond.textContent = `Only the first ${formatCount(length)} of ${formatCount(listing.length)} rows can be reached here: narrow the filter to see the others.`;
  }

  private inView(length: number): readonly [first: number, last: number] {
    const { listing, heights, scroller } = this;
    const top = scroller.scrollTop;
    return [
      Math.max(0, positionAt(listing, heights, top) - OVERSCAN),
      Math.min(length, positionAt(listing, heights, top + scroller.clientHeight) + 1 + OVERSCAN),
    ];
  }

  private fill(first: number, last: number, length: number): void {
    const { listing, heights } = this;
    const tabStop = this.active >= first && this.active < last ? this.active : first;
    const offset = (position: number): number => offsetOf(listing, heights, position);
    const rows: HTMLElement[] = [spacer(offset(first))];
    for (let position = first; position < last; position++) rows.push(this.row(position, tabStop));
    rows.push(spacer(offset(length) - offset(last)));
    this.body.replaceChildren(...rows);
  }

  /** True when rows are of another height than was thought. */
  private measure(): boolean {
    const { row, heading } = this.heights;
    const height = (selector: string, known: number): number =>
      this.body.querySelector<HTMLElement>(selector)?.getBoundingClientRect().height || known;
    this.heights = { row: height('tr.row', row), heading: height('tr.group', heading) };
    return this.heights.row !== row || this.heights.heading !== heading;
  }

  private row(position: number, tabStop: number): HTMLElement {
    const { columns, onOpen, heading } = this.options;
    const row = this.listing.rowAt(position);
    const place = { position, isTabStop: position === tabStop };
    return row === null
      ? headingRow(place, columns.length, heading?.(position) ?? [])
      : dataRow(place, columns, row, onOpen !== undefined);
  }

  private rowElement(position: number): HTMLElement | null {
    return this.body.querySelector<HTMLElement>(`tr[data-position="${position}"]`);
  }

  private onKey(event: KeyboardEvent): void {
    const inHead = event.target instanceof Element && event.target.closest('thead') !== null;
    if (inHead || event.altKey || event.ctrlKey || event.metaKey) return;
    const page = Math.max(1, Math.floor(this.scroller.clientHeight / this.heights.row) - 2);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: this.active + 1,
      ArrowUp: this.active - 1,
      PageDown: this.active + page,
      PageUp: this.active - page,
      Home: 0,
      End: this.listing.length - 1,
    };
    const target = moves[event.key];
    if (target !== undefined) {
      event.preventDefault();
      this.focusRow(target);
    } else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
      this.onSideways(event);
    } else if ((event.key === 'Enter' || event.key === ' ') && this.listing.length > 0) {
      event.preventDefault();
      this.act(positionOf(event.target) ?? this.active);
    }
  }

  /** Right opens a group; left closes it, or goes up to its heading. */
  private onSideways(event: KeyboardEvent): void {
    const { listing, active } = this;
    if (listing.headings.length === 0) return;
    event.preventDefault();
    const isHeading = listing.rowAt(active) === null;
    const isOpen = isHeading && active + 1 < listing.length && listing.rowAt(active + 1) !== null;
    if (isHeading && isOpen === (event.key === 'ArrowLeft')) this.act(active);
    else if (!isHeading && event.key === 'ArrowLeft') {
      let heading = active;
      while (heading > 0 && listing.rowAt(heading) !== null) heading--;
      this.focusRow(heading);
    }
  }

  private onClick(event: MouseEvent): void {
    const position = positionOf(event.target);
    // A click that ends a selection of text is not meant to open anything, and one with a key wants another window.
    if (position === null || getSelection()?.type === 'Range' || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.act(position);
  }

  private act(position: number): void {
    this.active = position;
    if (this.listing.rowAt(position) === null) this.options.onToggle?.(position);
    else this.options.onOpen?.(position);
  }

  private print(printing: boolean): void {
    this.printing = printing;
    this.range = '';
    if (!printing) {
      this.render();
      return;
    }
    const { length } = this.listing;
    const shown = Math.min(length, PRINTED_ROWS);
    this.body.replaceChildren(...Array.from({ length: shown }, (_, position) => this.row(position, 0)));
    const groups =
      this.listing.headings.length === 0 ? '' : ' The rows of groups that are closed are not among them.';
    const what = this.options.printed?.() ?? '';
    this.printNote.textContent = `${what}Printed: ${formatCount(shown)} of ${formatCounted(length, 'row')}.${groups}`;
  }
}

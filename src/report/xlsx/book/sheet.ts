import { type Cell, cellXml, columnName, linesOf, type Place, type ShownCell, showCell } from './cell.ts';
import { XML_HEAD } from './xml.ts';

export interface Column {
  readonly title: string;
  /** In characters. */
  readonly width: number;
}

export interface Row {
  readonly cells: readonly Cell[];
  /** Columns, from 1, over which the cell in the first of them lies; the others are empty. */
  readonly merged?: { readonly from: number; readonly to: number };
  /** Hears where the row stands. */
  readonly placed?: (place: Place) => void;
}

/** A sheet of our own making: few rows, no header. */
export interface FreeSheet {
  readonly name: string;
  /** Width of each column in characters. */
  readonly widths: readonly number[];
  readonly rows: Iterable<Row>;
}

/** A list: what it holds in its first row, then the titles, then a row for each item, which may be filtered. */
export interface ListSheet {
  readonly name: string;
  readonly columns: readonly Column[];
  /** What the list holds, and what may be missing in it. */
  readonly note: Cell;
  readonly rows: Iterable<Row>;
}

/** How much a sheet may hold. */
export interface SheetLimits {
  /** Rows that a spreadsheet opens; it drops the rest. */
  readonly rows: number;
  /** Characters of XML: a member of the archive must stay below 4 GiB, and a character may take three bytes. */
  readonly characters: number;
}

export const SHEET_LIMITS: SheetLimits = { rows: 1_048_576, characters: 1_200_000_000 };

/** A sheet that is written. */
export interface WrittenSheet {
  /** The name on its tab. */
  readonly name: string;
  /** Items of a list. */
  readonly items: number;
  /** Where titles and items stand; null for what is no list. */
  readonly list: ListArea | null;
}

/** Ranges as `$A$2:$F$10`. */
interface ListArea {
  /** The titles and all items. */
  readonly filtered: string;
  /** As many columns as can be read on paper, from the first row on. */
  readonly printed: string;
}

/** Rows above the items of a list: what it holds, and the titles. */
const HEAD = 2;
/** The columns that the first row of a list lies over at most; what lies over others than those that are printed is cut on paper. */
const NOTE_SPAN = 8;
/** Characters on a line of a page. */
const PAGE = 240;
/** Points. */
const LINE = 13;
/** Lines of a row that are shown at once; cells hold the others. */
const MOST_LINES = 30;
const CHARACTERS = 64 * 1024;

/** The XML of a sheet piece by piece; returns what was written. */
export function* freeSheetXml({ name, widths, rows }: FreeSheet): Generator<string, WrittenSheet> {
  yield start(widths, '', 0);
  const body = new Body(name, widths, widths.length);
  for (const row of rows) yield* body.add(row);
  yield* body.rest();
  yield end(body, '');
  return { name, items: 0, list: null };
}

/**
 * The XML of one sheet of a list piece by piece, as much of the items as it may hold.
 *
 * @param items the rest of the list; the first of them is there
 * @param name of this sheet; `next` that of the sheet that follows where this one is full
 */
export function* listSheetXml(
  { columns, note }: Omit<ListSheet, 'rows' | 'name'>,
  items: Rest<Row>,
  { name, next, limits }: { readonly name: string; readonly next: string; readonly limits: SheetLimits },
): Generator<string, WrittenSheet> {
  const widths = columns.map(({ width }) => width);
  const last = columnName(columns.length);
  const printed = printedColumns(widths);
  const lastPrinted = columnName(printed);
  const pane = `<pane ySplit="${HEAD}" topLeftCell="A${HEAD + 1}" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft" activeCell="A${HEAD + 1}" sqref="A${HEAD + 1}"/>`;
  yield start(widths, pane, 1);
  const body = new Body(name, widths, printed);
  const span = Math.min(NOTE_SPAN, printed);
  yield* body.add({ cells: [note], ...(span > 1 && { merged: { from: 1, to: span } }) });
  yield* body.add({ cells: columns.map(({ title }) => ({ text: title, style: 'header' as const })) });
  // One row is kept for saying that the list goes on.
  while (!items.isEmpty && body.rows < limits.rows - 1 && body.characters < limits.characters) {
    yield* body.add(items.take());
  }
  const count = body.rows - HEAD;
  const filtered = `$A$${HEAD}:$${last}$${body.rows}`;
  if (!items.isEmpty) {
    yield* body.add({ cells: [{ text: `The list goes on in the sheet ${next}.`, style: 'warning' }] });
  }
  yield* body.rest();
  const cut = lastPrinted === last ? '' : `Printed: columns A to ${lastPrinted} of ${last}`;
  yield end(body, `<autoFilter ref="${filtered.replaceAll('$', '')}"/>`, cut);
  return { name, items: count, list: { filtered, printed: `$A$1:$${lastPrinted}$${body.rows}` } };
}

/** How many columns can be read on a page. */
function printedColumns(widths: readonly number[]): number {
  let room = PAGE;
  const fitting = widths.findIndex((width) => {
    room -= width;
    return room < 0;
  });
  return fitting <= 0 ? widths.length : fitting;
}

/** What is left of a list. */
export class Rest<T> {
  private readonly items: Iterator<T>;
  private next: IteratorResult<T, unknown>;

  constructor(items: Iterable<T>) {
    this.items = items[Symbol.iterator]();
    this.next = this.items.next();
  }

  get isEmpty(): boolean {
    return this.next.done === true;
  }

  /** The next one; there must be one. */
  take(): T {
    const { next } = this;
    if (next.done === true) throw new Error('nothing is left of the list');
    this.next = this.items.next();
    return next.value;
  }

  /** Lets go of what is left. */
  end(): void {
    this.items.return?.();
  }
}

/** The rows of a sheet as they are written. */
class Body {
  rows = 0;
  characters = 0;
  readonly merged: string[] = [];
  private readonly name: string;
  private readonly widths: readonly number[];
  private readonly shown: number;
  private held = '';

  /** @param shown how many columns are shown whole: rows are as high as these need */
  constructor(name: string, widths: readonly number[], shown: number) {
    this.name = name;
    this.widths = widths;
    this.shown = shown;
  }

  *add({ cells, merged, placed }: Row): Generator<string> {
    this.rows += 1;
    const row = this.rows;
    placed?.({ sheet: this.name, row });
    if (merged !== undefined) {
      this.merged.push(`${columnName(merged.from)}${row}:${columnName(merged.to)}${row}`);
    }
    const shownCells = cells.map(showCell);
    const lines = Math.min(this.linesOf(shownCells, merged), MOST_LINES);
    const height = lines === 1 ? '' : ` ht="${lines * LINE + 2}" customHeight="1"`;
    let xml = `<row r="${row}"${height}>`;
    for (const [index, cell] of shownCells.entries()) xml += cellXml(cell, index + 1, row);
    this.held += `${xml}</row>\n`;
    this.characters += xml.length;
    if (this.held.length >= CHARACTERS) yield* this.rest();
  }

  /** From the first to the last cell. */
  get area(): string {
    return `A1:${columnName(this.widths.length)}${Math.max(1, this.rows)}`;
  }

  *rest(): Generator<string> {
    if (this.held !== '') yield this.held;
    this.held = '';
  }

  /** Not every spreadsheet finds out how high a row must be. */
  private linesOf(cells: readonly ShownCell[], merged: Row['merged']): number {
    let most = 1;
    for (const [index, cell] of cells.slice(0, this.shown).entries()) {
      const isMerged = merged !== undefined && merged.from === index + 1;
      const room = isMerged
        ? this.widths.slice(index, merged.to).reduce((sum, width) => sum + width, 0)
        : (this.widths[index] ?? 1);
      most = Math.max(most, linesOf(cell, room));
    }
    return most;
  }
}

function start(widths: readonly number[], pane: string, grid: 0 | 1): string {
  const columns = widths.map(
    (width, index) => `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`,
  );
  return `${XML_HEAD}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView showGridLines="${grid}" workbookViewId="0">${pane}</sheetView></sheetViews><sheetFormatPr defaultRowHeight="${LINE + 1}"/><cols>${columns.join('')}</cols><sheetData>\n`;
}

function end({ merged, area }: Body, filter: string, footer = ''): string {
  const cells = merged.map((ref) => `<mergeCell ref="${ref}"/>`).join('');
  const merges = merged.length === 0 ? '' : `<mergeCells count="${merged.length}">${cells}</mergeCells>`;
  // Ids are text on purpose, and a spreadsheet would mark each of them as a mistake.
  const fine = `<ignoredErrors><ignoredError sqref="${area}" numberStoredAsText="1"/></ignoredErrors>`;
  // On paper as wide as the page, with the name of the sheet and page numbers.
  return `</sheetData>${filter}${merges}<printOptions gridLines="${filter === '' ? 0 : 1}"/><pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/><pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/><headerFooter><oddFooter>&amp;L&amp;A&amp;C${footer}&amp;RPage &amp;P of &amp;N</oddFooter></headerFooter>${fine}</worksheet>`;
}

import { linesCell, listCell, textCell } from '../../shared/csv-cells.ts';
import { isWrapped, type Style, styleIndex } from './styles.ts';
import { xmlText } from './xml.ts';

/** A place in the workbook: a sheet by its name, and a row from 1. */
export interface Place {
  readonly sheet: string;
  readonly row: number;
}

/**
 * A cell. Text and lists pass the guards of CSV cells, so that nothing of theirs is a formula when the sheet is saved as
 * CSV; in the workbook itself they are text in any case. A link shows the number of the row that it leads to.
 */
export type Cell =
  | string
  | number
  | null
  | undefined
  | readonly string[]
  | { readonly text: string; readonly style: Style }
  | { readonly lines: string; readonly style?: Style }
  | { readonly place: Place };

/** A cell with its text as it is shown; nothing is in it where that is empty. */
export interface ShownCell {
  readonly text: string;
  readonly style: Style;
  /** What the text shows, where that is no text. */
  readonly value?: number | Place;
}

const EMPTY: ShownCell = { text: '', style: 'text' };

export function showCell(cell: Cell): ShownCell {
  if (cell === null || cell === undefined) return EMPTY;
  if (typeof cell === 'number') return { text: String(cell), style: 'number', value: cell };
  if (typeof cell === 'string') return { text: textCell(cell), style: 'text' };
  if ('text' in cell) return { text: textCell(cell.text), style: cell.style };
  if ('lines' in cell) return { text: linesCell(cell.lines), style: cell.style ?? 'text' };
  if ('place' in cell) return { text: `row ${cell.place.row}`, style: 'link', value: cell.place };
  return { text: listCell(cell), style: 'text' };
}

/** The lines that the cell takes where so many characters fit into one; 1 when nothing is in it. */
export function linesOf({ text, style }: ShownCell, room: number): number {
  // A title is written larger.
  if (style === 'title') return 2;
  if (!isWrapped(style)) return 1;
  if (text.length <= room && !text.includes('\n')) return 1;
  return text.split('\n').reduce((sum, line) => sum + linesOfText(line, room), 0);
}

/** Lines break between words, and within those that fit into none. */
function linesOfText(text: string, room: number): number {
  let lines = 1;
  let used = 0;
  for (const { length } of text.split(' ')) {
    const after = used === 0 ? length : used + 1 + length;
    if (after <= room) {
      used = after;
      continue;
    }
    const full = Math.ceil(length / room) - 1;
    lines += full + (used === 0 ? 0 : 1);
    used = length - full * room;
  }
  return lines;
}

/** The cell as XML; empty when there is nothing in it. `column` and `row` from 1. */
export function cellXml({ text, style, value }: ShownCell, column: number, row: number): string {
  if (text === '') return '';
  const at = `<c r="${columnName(column)}${row}" s="${styleIndex(style)}"`;
  if (typeof value === 'number') return `${at}><v>${value}</v></c>`;
  if (value !== undefined) return `${at} t="str"><f>${xmlText(linkTo(value))}</f><v>${text}</v></c>`;
  return `${at} t="inlineStr"><is><t xml:space="preserve">${xmlText(text)}</t></is></c>`;
}

/**
 * The only formula of a workbook; it holds a name of a sheet and numbers, never text of others. Not a hyperlink of the
 * sheet, because a sheet takes only 65,530 of these.
 */
function linkTo({ sheet, row }: Place): string {
  return `HYPERLINK("#'${sheet}'!A${row}","row ${row}")`;
}

const names: string[] = [];

/** 1 is `A`, 27 is `AA`. */
export function columnName(column: number): string {
  let name = names[column];
  if (name === undefined) {
    name = '';
    for (let rest = column; rest > 0; rest = Math.floor((rest - 1) / 26)) {
      name = String.fromCharCode(65 + ((rest - 1) % 26)) + name;
    }
    names[column] = name;
  }
  return name;
}

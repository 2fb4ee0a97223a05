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

/** The lines that the cell takes where so many characters fit into one; 1 when nothing is in it. */
export function linesOf(cell: Cell, room: number): number {
  if (cell === null || cell === undefined || typeof cell === 'number') return 1;
  if (typeof cell === 'string') return linesOfText(cell, room);
  if ('place' in cell) return 1;
  if ('lines' in cell) {
    return cell.lines.split('\n').reduce((sum, line) => sum + linesOfText(line, room), 0);
  }
  // A title is written larger.
  if ('text' in cell && cell.style === 'title') return 2;
  if ('text' in cell) return isWrapped(cell.style) ? linesOfText(cell.text, room) : 1;
  return Math.ceil(cell.reduce((sum, { length }) => sum + length + 2, 0) / room);
}

function linesOfText({ length }: string, room: number): number {
  return Math.max(1, Math.ceil(length / room));
}

/** The cell as XML; empty when there is nothing in it. `column` and `row` from 1. */
export function cellXml(cell: Cell, column: number, row: number): string {
  if (cell === null || cell === undefined || cell === '') return '';
  const at = `<c r="${columnName(column)}${row}"`;
  if (typeof cell === 'number') return `${at} s="${styleIndex('number')}"><v>${cell}</v></c>`;
  if (typeof cell === 'string') return textXml(at, textCell(cell), 'text');
  if ('text' in cell) return textXml(at, textCell(cell.text), cell.style);
  if ('lines' in cell) return textXml(at, linesCell(cell.lines), cell.style ?? 'text');
  if ('place' in cell) return linkXml(at, cell.place);
  return textXml(at, listCell(cell), 'text');
}

function textXml(at: string, text: string, style: Style): string {
  if (text === '') return '';
  return `${at} s="${styleIndex(style)}" t="inlineStr"><is><t xml:space="preserve">${xmlText(text)}</t></is></c>`;
}

/**
 * The only formula of a workbook; it holds a name of a sheet and numbers, never text of others. Not a hyperlink of the
 * sheet, because a sheet takes only 65,530 of these.
 */
function linkXml(at: string, { sheet, row }: Place): string {
  const formula = `HYPERLINK("#'${sheet}'!A${row}","row ${row}")`;
  return `${at} s="${styleIndex('link')}" t="str"><f>${xmlText(formula)}</f><v>row ${row}</v></c>`;
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

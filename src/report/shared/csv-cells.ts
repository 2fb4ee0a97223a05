import { visible, visibleLines } from '../../text/hidden-characters.ts';

/** Spreadsheets cut or spill cells beyond 32,767 characters; stay below with room for the marker and quotes. */
const CELL_LIMIT = 32_000;

/** What a spreadsheet may take for a formula, also in its full-width form or behind white space. */
const FORMULA = /^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/;

/** The same behind a semicolon, where spreadsheets of many countries begin a new cell, quotes or not. */
const LATER_FORMULA = /(?<=;\s*)(?=[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/g;

/** One piece of evidence text for a cell: nothing hidden, one line, never a formula. */
export function textCell(text: string): string {
  return neverFormula(shortenCell(guardLater(visible(text))));
}

/** The same for a text of several lines, which are kept. */
export function linesCell(text: string): string {
  return neverFormula(shortenCell(guardLater(visibleLines(text))));
}

/**
 * Several values in one cell, joined by `; `. A backslash or semicolon inside a value is preceded by a
 * backslash, and each value is guarded on its own, because some spreadsheets split cells at semicolons.
 * A list too long for a spreadsheet ends with how many values were left out.
 */
export function listCell(values: readonly string[]): string {
  let cell = '';
  for (const [index, value] of values.entries()) {
    // What is put before signs makes a value longer, so it is shortened again.
    const element = shortenCell(escapeElement(textCell(value)));
    const next = index === 0 ? element : `${cell}; ${element}`;
    if (next.length > CELL_LIMIT && index > 0) return `${cell}; (${values.length - index} more)`;
    cell = next;
  }
  return cell;
}

/** The same list for programs: every value as it is, apart from the backslashes that keep values apart. */
export function rawListCell(values: readonly string[]): string {
  return values.map(escapeElement).join('; ');
}

function escapeElement(value: string): string {
  return value.replace(/[\\;]/g, '\\$&');
}

function guardLater(shown: string): string {
  return shown.replace(LATER_FORMULA, "'");
}

function neverFormula(cell: string): string {
  return FORMULA.test(cell) ? `'${cell}` : cell;
}

function shortenCell(text: string): string {
  if (text.length <= CELL_LIMIT) return text;
  return `${text.slice(0, CELL_LIMIT)} (${text.length - CELL_LIMIT} more characters)`;
}

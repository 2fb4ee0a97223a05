import { visible, visibleLines } from '../../text/hidden-characters.ts';

/** Spreadsheets cut or spill cells beyond 32,767 characters; stay below with room for the marker and quotes. */
const CELL_LIMIT = 32_000;

/** What a spreadsheet may take for a formula, also in its full-width form or behind white space. */
const FORMULA = /^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/;

/** The same behind a semicolon, where spreadsheets of many countries begin a new cell, quotes or not. */
const LATER_FORMULA = /(?<=;\s*)(?=[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/g;

/** One piece of evidence text for a cell: nothing hidden, one line, never a formula. */
export function textCell(text: string): string {
  return guarded(visible(text));
}

/** The same for a text of several lines, which are kept. */
export function linesCell(text: string): string {
  return guarded(visibleLines(text));
}

/**
 * Several values in one cell, joined by `; `. A backslash or semicolon inside a value is preceded by a
 * backslash, and each value is guarded on its own, because some spreadsheets split cells at semicolons.
 * A list too long for a spreadsheet ends with how many values were left out.
 */
export function listCell(values: readonly string[]): string {
  let cell = '';
  for (const [index, value] of values.entries()) {
    const element = guarded(escapeElement(visible(value)));
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

function guarded(shown: string): string {
  const cell = shortened(shown.replace(LATER_FORMULA, "'"));
  return FORMULA.test(cell) ? `'${cell}` : cell;
}

function shortened(text: string): string {
  if (text.length <= CELL_LIMIT) return text;
  // Half of a pair of surrogates would be no character.
  const end = (text.codePointAt(CELL_LIMIT - 1) ?? 0) > 0xffff ? CELL_LIMIT - 1 : CELL_LIMIT;
  return `${text.slice(0, end)} (${text.length - end} more characters)`;
}

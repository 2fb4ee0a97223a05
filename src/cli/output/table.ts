import { displayWidth, fitted, padded } from '../../text/display-width.ts';
import { visible } from '../../text/hidden-characters.ts';

export type Cell = string | number;

export interface TableOptions {
  /** Columns of the terminal that lines should fit into; absent: as wide as need be. */
  readonly width?: number;
  /** Columns of the table, by index, that may be cut for it: names, never ids. */
  readonly cut?: readonly number[];
  /** What is cut keeps so many columns: an account id and an ellipsis unless told otherwise. */
  readonly least?: number;
  /** Colours a cell, which has its blanks already. */
  readonly paint?: (text: string, row: number, column: number) => string;
  /** Colours a title. */
  readonly paintTitle?: (text: string) => string;
}

const LEAST = 13;

/**
 * A plain table with aligned columns, numbers to the right. Hidden characters of the cells are written as escapes. Columns that
 * may be cut lose what does not fit, the widest first.
 */
export function table(
  header: readonly string[],
  rows: readonly (readonly Cell[])[],
  { width, cut = [], least = LEAST, paint = (text) => text, paintTitle = (text) => text }: TableOptions = {},
): string {
  const cells = rows.map((row) => row.map((cell) => visible(String(cell))));
  const widths = header.map((title, column) =>
    Math.max(displayWidth(title), ...cells.map((row) => displayWidth(row[column] ?? ''))),
  );
  if (width !== undefined) shrink(widths, cut, least, width);
  // Numbers are never cut: where they do not fit, the columns stand closer.
  const gap = width !== undefined && totalOf(widths, GAP) > width ? 1 : GAP;
  const numeric = header.map((_, column) => rows.every((row) => typeof row[column] === 'number'));
  const line = (row: readonly string[], painted: (text: string, column: number) => string): string =>
    row
      .map((cell, column) => {
        const columns = widths[column] ?? 0;
        const text = padded(fitted(cell, columns), columns, numeric[column] === true);
        return painted(column === row.length - 1 ? text.trimEnd() : text, column);
      })
      .join(' '.repeat(gap))
      .trimEnd();
  return [
    line(header, paintTitle),
    ...cells.map((row, index) => line(row, (text, column) => paint(text, index, column))),
  ]
    .map((text) => `${text}\n`)
    .join('');
}

/** Blanks between columns. */
const GAP = 2;

function totalOf(widths: readonly number[], gap: number): number {
  return widths.reduce((sum, one) => sum + one, 0) + gap * (widths.length - 1);
}

/** The widest of them first, down to the next widest, so that they share what is left. */
function shrink(widths: number[], cut: readonly number[], least: number, width: number): void {
  for (;;) {
    const over = totalOf(widths, GAP) - width;
    if (over <= 0) return;
    const [widest, next] = [...cut].sort((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0));
    const columns = widest === undefined ? 0 : (widths[widest] ?? 0);
    if (widest === undefined || columns <= least) return;
    const second = next === undefined ? least : (widths[next] ?? least);
    widths[widest] = Math.max(least, Math.min(second, columns - 1), columns - over);
  }
}

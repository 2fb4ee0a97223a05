import { visible } from '../../text/hidden-characters.ts';

/** A plain table with aligned columns, numbers to the right. Hidden characters of the cells are written as escapes. */
export function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = rows.map((row) => row.map((cell) => visible(String(cell))));
  const widths = header.map((title, column) =>
    Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[], isRight: (column: number) => boolean): string =>
    row
      .map((cell, column) =>
        isRight(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  const numeric = (column: number): boolean => rows.every((row) => typeof row[column] === 'number');
  return [line(header, numeric), ...cells.map((row) => line(row, numeric))]
    .map((text) => `${text}\n`)
    .join('');
}

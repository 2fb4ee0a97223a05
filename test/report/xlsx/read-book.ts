import { strFromU8, unzipSync } from 'fflate';
import type { Cell, Sheet } from 'hucre';
import { readXlsx } from 'hucre/xlsx';

/** A workbook as another program reads it. */
export interface ReadBook {
  readonly sheets: readonly Sheet[];
  /** The parts of the file by name. */
  readonly parts: Readonly<Record<string, string>>;
}

export async function readBook(bytes: Uint8Array): Promise<ReadBook> {
  const { sheets } = await readXlsx(bytes, { readStyles: true });
  const parts = Object.entries(unzipSync(bytes)).map(([name, data]) => [name, strFromU8(data)] as const);
  return { sheets, parts: Object.fromEntries(parts) };
}

/** A list as objects by the titles of its columns; what it says above them is left out. */
export function listOf(book: ReadBook, name: string): readonly Readonly<Record<string, unknown>>[] {
  const [, titles = [], ...rows] = sheetOf(book, name).rows;
  return rows.map((row) =>
    Object.fromEntries(titles.map((title, index) => [String(title), row[index] ?? null])),
  );
}

export function sheetOf({ sheets }: ReadBook, name: string): Sheet {
  const found = sheets.find((sheet) => sheet.name === name);
  if (found === undefined) throw new Error(`there is no sheet ${name}`);
  return found;
}

/** What the first row of a list says. */
export function noteOf(book: ReadBook, name: string): string {
  return String(sheetOf(book, name).rows[0]?.[0]);
}

/** The cell of the first row in which a column has a value. */
export function cellOf(book: ReadBook, name: string, title: string, row: number): Cell | undefined {
  const sheet = sheetOf(book, name);
  const column = sheet.rows[1]?.indexOf(title) ?? -1;
  return sheet.cells?.get(`${row + 2},${column}`);
}

/** All that the cells of a workbook say, a line each. */
export function bookText({ sheets }: ReadBook): string {
  return sheets
    .flatMap(({ rows }) => rows.flat())
    .filter((value) => value !== null)
    .join('\n');
}

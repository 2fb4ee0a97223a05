import { type ElementEnd, ElementWindow, MAX_ELEMENT } from '../element-window.ts';
import { DetailRow } from './detail-row.ts';
import { type CsvRow, csvRowAt } from './rows-csv.ts';
import type { CsvHeader } from './sniff-csv.ts';

/**
 * The rows that a reader of CSV was given last, as the columns that a format looks at.
 *
 * @param names of the columns, as the format spells them
 * @param start offset of the first byte pushed
 */
export function openCsvWindow(header: CsvHeader, names: readonly string[], start: number): ElementWindow {
  const folded = header.columns.map((name) => name.toLowerCase());
  const details = new DetailRow(names, (name) =>
    folded.flatMap((column, index) => (column === name.toLowerCase() ? [index] : [])),
  );
  return new ElementWindow(start, () => new RowEnd(header, details));
}

class RowEnd implements ElementEnd {
  length = 0;
  private readonly header: CsvHeader;
  private readonly details: DetailRow;
  /** What stands in front of the bytes at hand. */
  private before: Buffer = Buffer.alloc(0);

  constructor(header: CsvHeader, details: DetailRow) {
    this.header = header;
    this.details = details;
  }

  end(bytes: Buffer, from: number): number {
    const size = Math.min(bytes.length, from + MAX_ELEMENT - this.length);
    const piece = bytes.subarray(from, size);
    const text = this.before.length === 0 ? piece : Buffer.concat([this.before, piece]);
    const found = csvRowAt(text, 0, this.header.delimiter);
    if (found !== null) return from + found.end - this.before.length;
    this.before = text;
    this.length += size < bytes.length ? MAX_ELEMENT + 1 : size - from;
    return -1;
  }

  value(whole: Buffer): unknown {
    const { delimiter, columns } = this.header;
    const row: CsvRow | null = csvRowAt(whole, 0, delimiter)?.row ?? null;
    return row === null || row.length !== columns.length
      ? undefined
      : this.details.value((column) => row.cell(column));
  }
}

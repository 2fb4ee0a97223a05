import type { PrefixSketch } from '../../json/sketch.ts';
import { sketchColumns } from './row-elements.ts';
import { CsvRows } from './rows-csv.ts';

/** How a CSV text is written, by its first line. */
export interface CsvHeader {
  readonly delimiter: string;
  readonly columns: readonly string[];
  /** The columns, for formats to recognise. */
  readonly sketch: PrefixSketch;
  /** Bytes in front of the header: lines by which Excel is told the delimiter, or PowerShell names the type. */
  readonly skip: number;
}

const DELIMITERS = [',', ';', '\t'] as const;

/**
 * Finds the header of a CSV text.
 *
 * @param prefix the first bytes of text
 * @param accept says whether a table with these columns can be read
 * @returns null when no delimiter makes an acceptable header of the first line
 */
export function sniffCsv(prefix: Uint8Array, accept: (sketch: PrefixSketch) => boolean): CsvHeader | null {
  const head = Buffer.from(prefix.subarray(0, 1024)).toString('latin1');
  const skip = /^(?:(?:sep=.|"?#TYPE [^\r\n]*)\r?\n)*/.exec(head)?.[0].length ?? 0;
  for (const delimiter of DELIMITERS) {
    const columns = firstRow(prefix.subarray(skip), delimiter);
    if (columns.length < 2) continue;
    const sketch = sketchColumns(columns);
    if (accept(sketch)) return { delimiter, columns, sketch, skip };
  }
  return null;
}

function firstRow(text: Uint8Array, delimiter: string): readonly string[] {
  let columns: readonly string[] = [];
  const rows = new CsvRows(delimiter, (row) => {
    if (row.number > 1 || row.fault !== null) return;
    columns = Array.from({ length: row.length }, (_, index) => row.cell(index).trim());
  });
  const feed = text.indexOf(0x0a);
  rows.push(feed < 0 ? text : text.subarray(0, feed + 1));
  rows.end();
  return columns;
}

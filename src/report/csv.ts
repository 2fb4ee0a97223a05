import type { Writable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import type { ReportSource } from '../store/types.ts';
import { CSV_COLUMNS } from './csv-columns.ts';
import { DEFAULT_OUTCOMES, type ReportOptions } from './options.ts';
import { batches, writeAll } from './stream.ts';

const ROWS_PER_BATCH = 256;

/** RFC 4180 with a header and CRLF, one row for each verdict object, columns as in `CSV_COLUMNS`. */
export async function renderCsv(source: ReportSource, out: Writable, options: ReportOptions): Promise<void> {
  await writeAll(out, csvText(source, options));
}

function* csvText(source: ReportSource, options: ReportOptions): Generator<string> {
  yield csvRows([CSV_COLUMNS.map((column) => column.name)]);
  const verdicts = source.verdicts({ outcomes: options.outcomes ?? DEFAULT_OUTCOMES });
  for (const batch of batches(verdicts, ROWS_PER_BATCH)) {
    yield csvRows(batch.map(({ object }) => CSV_COLUMNS.map((column) => column.cell(object))));
  }
}

function csvRows(rows: readonly (readonly string[])[]): string {
  // Cells arrive guarded against formulas; `escape_formulas` is the second lock on the same door.
  return stringify(rows as string[][], { record_delimiter: '\r\n', escape_formulas: true });
}

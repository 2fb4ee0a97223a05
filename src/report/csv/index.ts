import type { Writable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import type { ReportSource } from '../../model/report-source.ts';
import type { VerdictObject } from '../../model/verdict.ts';
import { batches, writeAll } from '../files/stream.ts';
import { worstFirst } from '../files/worst-first.ts';
import { accountNames } from '../shared/account-names.ts';
import { controlLabels } from '../shared/controls.ts';
import {
  CSV_COLUMNS,
  type CsvColumn,
  guardedCell,
  type ReportedVerdict,
  rawCell,
} from '../shared/csv-columns.ts';
import { type CsvOptions, DEFAULT_OUTCOMES, type ReportOptions } from '../shared/options.ts';

/** Characters of the rows that are put into text at once. */
const BATCH = 1_000_000;
/** What each row counts beside its characters. */
const ROW = 4_000;

/** RFC 4180 with a header and CRLF, one row for each verdict object, columns as in `CSV_COLUMNS`, the worst first. */
export async function renderCsv(source: ReportSource, out: Writable, options: ReportOptions): Promise<void> {
  const text = csvText(source, options);
  await worstFirst(listedObjects(source, options), null, (objects) => writeAll(out, text(objects)));
}

/** What makes a whole CSV file of verdict objects of the source, header included. */
export function csvText(
  source: ReportSource,
  { rules, csv = {} }: ReportOptions,
): (objects: Iterable<VerdictObject>) => Iterable<string> {
  const names = accountNames(source);
  const controls = new Map(rules.map((rule) => [rule.id, controlLabels(rule)]));
  function* reported(objects: Iterable<VerdictObject>): Iterable<ReportedVerdict> {
    for (const object of objects) {
      yield {
        ...object,
        accountName: names.get(object.account) ?? null,
        controls: controls.get(object.rule) ?? [],
      };
    }
  }
  return (objects) => csvFile(CSV_COLUMNS, reported(objects), csv);
}

/** What a report lists, in the order of the source. */
export function* listedObjects(
  source: ReportSource,
  { outcomes = DEFAULT_OUTCOMES }: ReportOptions,
): Iterable<VerdictObject> {
  for (const { object } of source.verdicts({ outcomes })) yield object;
}

/** A whole CSV file of items under columns, header included. */
export function* csvFile<T>(
  columns: readonly CsvColumn<T>[],
  items: Iterable<T>,
  options: CsvOptions,
): Generator<string> {
  if (options.bom === true) yield '\ufeff';
  yield csvRows([columns.map(({ name }) => name)], options);
  for (const rows of batches(cellsOf(columns, items, options), BATCH, weightOf)) yield csvRows(rows, options);
}

function* cellsOf<T>(
  columns: readonly CsvColumn<T>[],
  items: Iterable<T>,
  options: CsvOptions,
): Iterable<readonly string[]> {
  const cell = options.raw === true ? rawCell : guardedCell;
  for (const item of items) yield columns.map((column) => cell(column, item));
}

function weightOf(row: readonly string[]): number {
  return row.reduce((sum, { length }) => sum + length, ROW);
}

export function csvRows(rows: readonly (readonly string[])[], options: CsvOptions): string {
  return stringify(rows as string[][], {
    delimiter: options.delimiter ?? ',',
    record_delimiter: '\r\n',
    // Either of the two alone would end the record for most readers.
    quoted_match: /[\r\n]/,
    // The cells are guarded against formulas already; this guards them once more.
    escape_formulas: options.raw !== true,
  });
}

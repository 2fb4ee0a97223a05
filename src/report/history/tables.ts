import type { Diff, DiffChange } from '../../history/compare/diff.ts';
import type { TrendPoint } from '../../model/trend.ts';
import { csvRows } from '../csv/index.ts';
import { batches } from '../files/stream.ts';
import { textCell } from '../shared/csv-cells.ts';
import type { CsvOptions } from '../shared/options.ts';

const ROWS_PER_BATCH = 256;

interface Column<T> {
  readonly name: string;
  readonly value: (row: T) => string;
}

/** The columns of `diff --format csv` in their order; new ones are only ever added at the end. */
export const DIFF_COLUMNS: readonly Column<DiffChange>[] = [
  { name: 'change', value: (row) => row.change },
  { name: 'cause', value: (row) => row.cause ?? '' },
  { name: 'rule', value: (row) => row.rule },
  { name: 'account', value: (row) => row.account },
  { name: 'arn', value: (row) => row.arn },
  { name: 'role_id', value: (row) => row.roleId },
  { name: 'from_verdict', value: (row) => row.fromVerdict ?? '' },
  { name: 'to_verdict', value: (row) => row.toVerdict ?? '' },
];

/** The columns of `trend --format csv` in their order. */
export const TREND_COLUMNS: readonly Column<TrendPoint>[] = [
  { name: 'at', value: (point) => point.at },
  { name: 'accounts', value: (point) => String(point.accounts) },
  { name: 'carried_forward', value: (point) => String(point.carriedForward) },
  { name: 'roles', value: (point) => String(point.roles) },
  { name: 'fail', value: (point) => String(point.fail) },
  { name: 'fail_rate', value: (point) => String(point.failRate) },
  { name: 'new', value: (point) => String(point.new) },
  { name: 'resolved', value: (point) => String(point.resolved) },
];

export function diffCsv({ changes }: Pick<Diff, 'changes'>, options: CsvOptions): Generator<string> {
  return tableText(DIFF_COLUMNS, changes, options);
}

export function trendCsv(points: readonly TrendPoint[], options: CsvOptions): Generator<string> {
  return tableText(TREND_COLUMNS, points, options);
}

function* tableText<T>(
  columns: readonly Column<T>[],
  rows: Iterable<T>,
  options: CsvOptions,
): Generator<string> {
  const cell = options.raw === true ? (text: string): string => text : textCell;
  if (options.bom === true) yield '\ufeff';
  yield csvRows([columns.map(({ name }) => name)], options);
  for (const batch of batches(rows, ROWS_PER_BATCH)) {
    yield csvRows(
      batch.map((row) => columns.map(({ value }) => cell(value(row)))),
      options,
    );
  }
}

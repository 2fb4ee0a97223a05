import type { DiffChange } from '../../history/compare/diff.ts';
import type { TrendPoint } from '../../model/trend.ts';
import type { CsvColumn } from '../shared/csv-columns.ts';

/** The columns of `diff --format csv` in their order; new ones are only ever added at the end. */
export const DIFF_COLUMNS: readonly CsvColumn<DiffChange>[] = [
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
export const TREND_COLUMNS: readonly CsvColumn<TrendPoint>[] = [
  { name: 'at', value: (point) => point.at },
  { name: 'accounts', value: (point) => String(point.accounts) },
  { name: 'carried_forward', value: (point) => String(point.carriedForward) },
  { name: 'roles', value: (point) => String(point.roles) },
  { name: 'fail', value: (point) => String(point.fail) },
  { name: 'fail_rate', value: (point) => String(point.failRate) },
  { name: 'new', value: (point) => String(point.new) },
  { name: 'resolved', value: (point) => String(point.resolved) },
];

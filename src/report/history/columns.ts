import type { DiffChange } from '../../history/compare/diff.ts';
import type { TrendPoint } from '../../model/trend.ts';
import { SEVERITIES } from '../../model/verdict.ts';
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
  { name: 'account_name', value: (row) => row.accountName ?? '' },
  { name: 'role_name', value: (row) => row.roleName },
  { name: 'severity', value: (row) => row.severity ?? '' },
  { name: 'from_severity', value: (row) => row.fromSeverity ?? '' },
  { name: 'to_severity', value: (row) => row.toSeverity ?? '' },
  { name: 'direction', value: (row) => row.direction ?? '' },
  { name: 'from_who', value: (row) => row.fromWho.map(({ account }) => account) },
  { name: 'from_who_names', value: (row) => row.fromWho.map(({ name }) => name ?? '') },
  { name: 'to_who', value: (row) => row.toWho.map(({ account }) => account) },
  { name: 'to_who_names', value: (row) => row.toWho.map(({ name }) => name ?? '') },
];

/** The columns of `trend --format csv` in their order; new ones are only ever added at the end. */
export const TREND_COLUMNS: readonly CsvColumn<TrendPoint>[] = [
  { name: 'at', value: (point) => point.at },
  { name: 'accounts', value: (point) => String(point.accounts) },
  { name: 'carried_forward', value: (point) => String(point.carriedForward) },
  { name: 'roles', value: (point) => String(point.roles) },
  { name: 'fail', value: (point) => String(point.fail) },
  { name: 'fail_rate', value: (point) => (point.failRate === null ? '' : String(point.failRate)) },
  { name: 'new', value: (point) => String(point.new) },
  { name: 'resolved', value: (point) => String(point.resolved) },
  ...SEVERITIES.map((severity) => ({
    name: severity,
    value: (point: TrendPoint) => String(point.severities[severity]),
  })),
  { name: 'comparable_accounts', value: (point) => String(point.comparableAccounts) },
  { name: 'comparable_roles', value: (point) => String(point.comparableRoles) },
  { name: 'comparable_fail', value: (point) => String(point.comparableFail) },
  { name: 'captured', value: (point) => point.captured },
  { name: 'to_date', value: (point) => (point.toDate ? 'yes' : 'no') },
  { name: 'error', value: (point) => String(point.error) },
  { name: 'comparable_error', value: (point) => String(point.comparableError) },
  { name: 'incomplete_accounts', value: (point) => String(point.incompleteAccounts) },
];

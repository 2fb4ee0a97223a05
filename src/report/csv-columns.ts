import type { GradedPath, VerdictObject } from '../audit/verdict.ts';
import { listCell, textCell } from './csv-cells.ts';
import { externalAccounts, worstPath } from './shared/paths.ts';

export interface CsvColumn {
  readonly name: string;
  /** The column's entry in docs/reports.md. */
  readonly description: string;
  readonly cell: (verdict: VerdictObject) => string;
}

/** The columns in their order; new ones are only ever added at the end. */
export const CSV_COLUMNS: readonly CsvColumn[] = [
  text('rule', 'Rule id.', (v) => v.rule),
  text('account', 'Account that owns the role, 12 digits.', (v) => v.account),
  text('partition', 'AWS partition of the role.', (v) => v.partition),
  text('arn', 'ARN of the role.', (v) => v.arn),
  text('role_name', 'Name of the role.', (v) => v.roleName),
  text('role_id', 'Unique id of the role; empty when the export has none.', (v) => v.roleId),
  text('verdict', '`pass`, `fail`, `not-applicable` or `error`: the sound reading.', (v) => v.verdict),
  text('literal', "The same four: the rule's own text taken at its word.", (v) => v.literal),
  text('readings_differ', '`yes` when `verdict` and `literal` are not the same, else `no`.', (v) =>
    v.verdict === v.literal ? 'no' : 'yes',
  ),
  text('severity', '`critical`, `high`, `medium`, `low`, or empty: how exposed the role is.', (v) =>
    v.severity === null ? '' : v.severity,
  ),
  text('reason', 'Stable code of the outcome.', (v) => v.reason),
  list('notes', 'Stable codes of what else is worth knowing (list).', (v) => v.notes),
  text('message', 'One sentence for people.', (v) => v.message),
  text('worst_account', 'Account behind the most exposed way in; `*` is any account.', (v) =>
    worst(v, (path) => path.account),
  ),
  text('worst_account_name', 'Name of that account where known.', (v) =>
    worst(v, (path) => path.accountName ?? ''),
  ),
  text(
    'worst_relation',
    'Relation of that account: `any`, `third-party`, `same-organisation` or `unknown`.',
    (v) => worst(v, (path) => path.relation),
  ),
  list('external_accounts', 'Every external account with a way in, each once (list).', (v) =>
    externalAccounts(v.paths),
  ),
  paths('path_statements', 'Index of the statement, from 0', (path) => String(path.statement)),
  paths('path_principals', 'Principal as the policy writes it', (path) => path.principal),
  paths('path_accounts', 'Account behind the principal', (path) => path.account),
  paths('path_account_names', 'Name of that account, empty where unknown', (path) => path.accountName ?? ''),
  paths('path_relations', 'Relation of that account', (path) => path.relation),
  paths('path_guards', '`mfa`, `external-id`, `external-id+mfa` or `none`', (path) =>
    path.guards.length === 0 ? 'none' : [...path.guards].sort().join('+'),
  ),
  text('witness_principal', 'Principal of a concrete request that gets in; empty unless one exists.', (v) =>
    v.witness === null ? '' : v.witness.principalArn,
  ),
  text('witness_context', 'Condition keys of that request as JSON.', (v) =>
    v.witness === null ? '' : JSON.stringify(v.witness.context),
  ),
  text('evidence_source', 'Evidence file.', (v) => v.evidence.source),
  text('evidence_sha256', 'SHA-256 of that file as received.', (v) => v.evidence.sha256),
  text('evidence_offset', "Byte offset of the role's record in the decompressed file.", (v) =>
    String(v.evidence.offset),
  ),
  text('captured_at', 'Capture time of the evidence, ISO 8601 UTC.', (v) => v.evidence.capturedAt),
  text('first_seen', 'Evidence time at which this outcome was first seen.', (v) => v.firstSeen),
  text('last_seen', 'Evidence time at which it was last seen.', (v) => v.lastSeen),
  text('state', '`new`, `unchanged`, `changed`, `reopened` or empty.', (v) => v.state ?? ''),
  text('suppressed_by', 'Exception that accepts the finding; empty when none does.', (v) =>
    v.suppressedBy === null ? '' : v.suppressedBy,
  ),
];

function text(name: string, description: string, value: (verdict: VerdictObject) => string): CsvColumn {
  return { name, description, cell: (verdict) => textCell(value(verdict)) };
}

function list(
  name: string,
  description: string,
  values: (verdict: VerdictObject) => readonly string[],
): CsvColumn {
  return { name, description, cell: (verdict) => listCell(values(verdict)) };
}

/** The path columns are parallel: the nth value of each speaks of the nth way in. */
function paths(name: string, description: string, value: (path: GradedPath) => string): CsvColumn {
  return list(name, `${description} (list, one value for each way in).`, (v) => v.paths.map(value));
}

function worst(verdict: VerdictObject, value: (path: GradedPath) => string): string {
  const path = worstPath(verdict.paths);
  return path === null ? '' : value(path);
}

import type { Impact } from '../../model/role-detail.ts';
import type { GradedPath, VerdictObject } from '../../model/verdict.ts';
import { listCell, rawListCell, textCell } from './csv-cells.ts';
import { externalAccounts, worstPath } from './paths.ts';
import { closingLabel, guardrailEffect } from './words/guardrail-words.ts';

export interface CsvColumn<T> {
  readonly name: string;
  /** What the cell holds: one text, or a list. */
  readonly value: (item: T) => string | readonly string[];
}

/** A verdict object, and what a row says of it that others are alike in. */
export interface ReportedVerdict extends VerdictObject {
  /** Of the account that owns the role. */
  readonly accountName: string | null;
  /** Of its rule, see `controlLabels`. */
  readonly controls: readonly string[];
}

export interface DescribedColumn<T = ReportedVerdict> extends CsvColumn<T> {
  /** The column's entry in docs/reports.md. */
  readonly description: string;
}

/** The cell as spreadsheets may see it: no formula, nothing hidden, not too long. */
export function guardedCell<T>(column: CsvColumn<T>, item: T): string {
  const value = column.value(item);
  return typeof value === 'string' ? textCell(value) : listCell(value);
}

/** The cell as the evidence has it, for programs. */
export function rawCell<T>(column: CsvColumn<T>, item: T): string {
  const value = column.value(item);
  return typeof value === 'string' ? value : rawListCell(value);
}

/** The columns in their order; new ones are only ever added at the end. */
export const CSV_COLUMNS: readonly DescribedColumn[] = [
  textColumn('rule', 'Rule id.', (v) => v.rule),
  textColumn('account', 'Account that owns the role, 12 digits.', (v) => v.account),
  textColumn('partition', 'AWS partition of the role.', (v) => v.partition),
  textColumn('arn', 'ARN of the role.', (v) => v.arn),
  textColumn('role_name', 'Name of the role.', (v) => v.roleName),
  textColumn('role_id', 'Unique id of the role; empty when the export has none.', (v) => v.roleId),
  textColumn('verdict', '`pass`, `fail`, `not-applicable` or `error`: the sound reading.', (v) => v.verdict),
  textColumn('literal', "The same four: the rule's own text taken at its word.", (v) => v.literal),
  textColumn('readings_differ', '`yes` when `verdict` and `literal` are not the same, else `no`.', (v) =>
    v.verdict === v.literal ? 'no' : 'yes',
  ),
  textColumn('severity', '`critical`, `high`, `medium`, `low`, or empty: how exposed the role is.', (v) =>
    v.severity === null ? '' : v.severity,
  ),
  textColumn('reason', 'Stable code of the outcome.', (v) => v.reason),
  listColumn('notes', 'Stable codes of what else is worth knowing (list).', (v) => v.notes),
  textColumn('message', 'One sentence for people.', (v) => v.message),
  textColumn('worst_account', 'Account behind the most exposed way in; `*` is any account.', (v) =>
    ofWorstPath(v, (path) => path.account),
  ),
  textColumn('worst_account_name', 'Name of that account where known.', (v) =>
    ofWorstPath(v, (path) => path.accountName ?? ''),
  ),
  textColumn(
    'worst_relation',
    'Relation of that account: `any`, `third-party`, `same-organisation` or `unknown`.',
    (v) => ofWorstPath(v, (path) => path.relation),
  ),
  listColumn('external_accounts', 'Every external account with a way in, each once (list).', (v) =>
    externalAccounts(v.paths),
  ),
  pathColumn('path_statements', 'Index of the statement, from 0', (path) => String(path.statement)),
  pathColumn('path_principals', 'Principal as the policy writes it', (path) => path.principal),
  pathColumn('path_accounts', 'Account behind the principal', (path) => path.account),
  pathColumn(
    'path_account_names',
    'Name of that account, empty where unknown',
    (path) => path.accountName ?? '',
  ),
  pathColumn('path_relations', 'Relation of that account', (path) => path.relation),
  pathColumn('path_guards', '`mfa`, `external-id`, `external-id+mfa` or `none`', (path) =>
    path.guards.length === 0 ? 'none' : [...path.guards].sort().join('+'),
  ),
  textColumn(
    'witness_principal',
    'Principal of a concrete request that gets in; empty unless one exists.',
    (v) => (v.witness === null ? '' : v.witness.principalArn),
  ),
  textColumn('witness_context', 'Condition keys of that request as JSON.', (v) =>
    v.witness === null ? '' : JSON.stringify(v.witness.context),
  ),
  textColumn('evidence_source', 'Evidence file.', (v) => v.evidence.source),
  textColumn('evidence_sha256', 'SHA-256 of that file as received.', (v) => v.evidence.sha256),
  textColumn('evidence_offset', "Byte offset of the role's record in the decompressed file.", (v) =>
    String(v.evidence.offset),
  ),
  textColumn('captured_at', 'Capture time of the evidence, ISO 8601 UTC.', (v) => v.evidence.capturedAt),
  textColumn('first_seen', 'Evidence time at which this outcome was first seen.', (v) => v.firstSeen),
  textColumn('last_seen', 'Evidence time at which it was last seen.', (v) => v.lastSeen),
  textColumn(
    'state',
    '`new`, `changed`, `reopened`, `unchanged`, `not-comparable`, `baseline` or empty: against the look before.',
    (v) => v.state ?? '',
  ),
  textColumn('suppressed_by', 'Exception that accepts the finding; empty when none does.', (v) =>
    v.suppressedBy === null ? '' : v.suppressedBy,
  ),
  textColumn(
    'guardrail',
    'The verdict that counts: of trust policy and organisation guardrails together; empty where no evidence of the organisation covers the account.',
    (v) => v.guardrail?.verdict ?? '',
  ),
  textColumn(
    'guardrail_effect',
    '`closed`, `narrowed`, `open`, `unknown` or `none`: what guardrails do to the ways in.',
    guardrailEffect,
  ),
  listColumn(
    'guardrail_policies',
    'Statements that close ways in, by policy id, with where the policy is attached (list).',
    (v) => (v.guardrail?.policies ?? []).map(closingLabel),
  ),
  ofImpact(
    'privileges',
    '`administrator`, `can-become-administrator`, `limited`, `none` or `unknown`: what the role may do; empty unless its trust policy fails and the evidence shows more of it.',
    (impact) => impact.privileges,
  ),
  ofImpact('privileges_why', 'What decides that, for people.', (impact) => impact.why),
  listColumn(
    'role_policies',
    'ARNs of its managed policies, inline ones as `inline:NAME` (list).',
    (v) => v.impact?.policies ?? [],
  ),
  ofImpact('boundary', 'ARN of its permissions boundary.', (impact) => impact.boundary ?? ''),
  ofImpact('last_used', 'When the role was last used, ISO 8601 UTC, or `never`.', (impact) =>
    impact.lastUsed === null ? '' : impact.lastUsed,
  ),
  ofImpact('created', 'When the role was created, ISO 8601 UTC.', (impact) => impact.created ?? ''),
  ofImpact('max_session', 'Longest session, in seconds.', (impact) =>
    impact.maxSession === null ? '' : String(impact.maxSession),
  ),
  listColumn('tags', 'Tags of the role as `KEY=VALUE` (list).', (v) =>
    Object.entries(v.impact?.tags ?? {})
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => `${key}=${value}`),
  ),
  textColumn(
    'account_name',
    'Name of the account that owns the role, where known.',
    (v) => v.accountName ?? '',
  ),
  listColumn(
    'controls',
    'Controls that public sources tie to the rule, by framework, each with its fit (list); `rules show` names the sources.',
    (v) => v.controls,
  ),
];

function ofImpact(name: string, description: string, value: (impact: Impact) => string): DescribedColumn {
  return textColumn(name, description, (v) => (v.impact === null ? '' : value(v.impact)));
}

function textColumn(
  name: string,
  description: string,
  value: (verdict: ReportedVerdict) => string,
): DescribedColumn {
  return { name, description, value };
}

function listColumn(
  name: string,
  description: string,
  value: (verdict: ReportedVerdict) => readonly string[],
): DescribedColumn {
  return { name, description, value };
}

/** The path columns are parallel: the nth value of each speaks of the nth way in. */
function pathColumn(name: string, description: string, value: (path: GradedPath) => string): DescribedColumn {
  return listColumn(name, `${description} (list, one value for each way in).`, (v) => v.paths.map(value));
}

function ofWorstPath(verdict: VerdictObject, value: (path: GradedPath) => string): string {
  const path = worstPath(verdict.paths);
  return path === null ? '' : value(path);
}

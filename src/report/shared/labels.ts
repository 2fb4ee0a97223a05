import type { ExceptionRow } from '../../model/exception.ts';
import type { Guard, Outcome } from '../../model/exposure.ts';
import type { RecordCounts } from '../../model/record-counts.ts';
import type { FindingState, Relation, Severity } from '../../model/verdict.ts';
import { formatCount } from '../../text/counted.ts';

export { SEVERITIES } from '../../model/verdict.ts';
export const STATES = [
  'new',
  'changed',
  'reopened',
  'unchanged',
  'not-comparable',
  'baseline',
] as const satisfies FindingState[];

export const OUTCOME_LABEL: Readonly<Record<Outcome, string>> = {
  fail: 'Fail',
  error: 'Error',
  pass: 'Pass',
  'not-applicable': 'Not applicable',
};

export const OUTCOME_MEANING: Readonly<Record<Outcome, string>> = {
  fail: 'a principal of another account gets in without MFA and without an external ID',
  error: 'could not be read or decided, so nothing is claimed',
  pass: 'other accounts get in, and every way in demands MFA or an external ID',
  'not-applicable': 'through sts:AssumeRole no principal of another account gets in',
};

export const SEVERITY_LABEL: Readonly<Record<Severity, string>> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
};

/** A network and an organisation are no guards; a weak guard is of roles that pass. */
const CONFINED_OR_WEAK =
  'open through a named network or to a named organisation only, or passing by a weak guard';

export const SEVERITY_MEANING: Readonly<Record<Severity, string>> = {
  critical: 'open to anyone',
  high: 'open to a third party',
  medium: `relation not graded, ${CONFINED_OR_WEAK}`,
  low: 'open within the own organisation',
};

export const RELATION_LABEL: Readonly<Record<Relation, string>> = {
  any: 'Any account',
  'third-party': 'Third party',
  // Only a member list can tell; see missing.ts.
  unknown: 'Not graded',
  'same-organisation': 'Same organisation',
};

/** The relation within a sentence. */
export function relationWords(relation: Relation): string {
  return relation === 'unknown' ? 'relation not graded' : RELATION_LABEL[relation].toLowerCase();
}

/**
 * Whether the count of a severity says anything: without a member list most relations are not known, and that there is
 * no `high` or `low` proves nothing.
 */
export function isGraded(severity: Severity, count: number, membersKnown: boolean): boolean {
  return membersKnown || count > 0 || severity === 'critical' || severity === 'medium';
}

/** What a grade means in a report with or without a member list; backticks mark code. */
export function severityMeaning(severity: Severity, membersKnown: boolean): string {
  const meaning = SEVERITY_MEANING[severity];
  if (membersKnown || severity === 'critical') return meaning;
  return severity === 'medium'
    ? `relation not graded without \`--accounts\`, ${CONFINED_OR_WEAK}`
    : `${meaning}; not graded without \`--accounts\``;
}

export const STATE_LABEL: Readonly<Record<FindingState, string>> = {
  new: 'New',
  changed: 'Changed',
  reopened: 'Reopened',
  unchanged: 'Unchanged',
  'not-comparable': 'Not comparable',
  baseline: 'Baseline',
};

export const STATE_MEANING: Readonly<Record<FindingState, string>> = {
  new: 'was not there at the look before, nor, as far as is known, at any earlier one',
  changed: 'was there, but who gets in, or what weighs on its severity, has changed',
  reopened: 'was not there at the look before, but had been earlier',
  unchanged: 'was there already, just as it is now',
  'not-comparable':
    'there is a look before, but one of the two is incomplete or undecided here, or the rule or its text has changed',
  baseline: 'there is no earlier look at this account and rule, so nobody can say whether it is new',
};

export const RESOLVED_MEANING = 'was there at the look before, and no longer is';

const GUARD_LABEL: Readonly<Record<Guard, string>> = { mfa: 'MFA', 'external-id': 'external ID' };

/** What the guarded roles of an account demand: `external ID 5, MFA 2`; empty when none is guarded. */
export function guardWords({ guards }: { readonly guards: Readonly<Record<Guard, number>> }): string {
  return (['external-id', 'mfa'] as const)
    .filter((guard) => guards[guard] > 0)
    .map((guard) => `${GUARD_LABEL[guard]} ${formatCount(guards[guard])}`)
    .join(', ');
}

/** What a way in demands: one of them is enough. Empty where nothing is. */
export function demandedGuards(guards: readonly Guard[]): string {
  return guards.map((guard) => GUARD_LABEL[guard]).join(' or ');
}

/** How it stands with an exception. */
export const EXCEPTION_LABEL: Readonly<Record<ExceptionRow['status'], string>> = {
  active: 'Active',
  expiring: 'Ends within 30 days',
  expired: 'Expired',
};

/** The first names of a list, and how many more there are. */
export function namesAndMore(first: readonly string[], total: number): string {
  const more = total - first.length;
  return `${first.join(', ')}${more > 0 ? ` and ${formatCount(more)} more` : ''}`;
}

/** Bytes in the largest unit that keeps the number at or above one, binary units. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** How records add up, such as `5 accepted + 1 superseded + 0 duplicate + 2 rejected`; `superseded` only where there are any. */
export function recordSum(counts: RecordCounts, format: (count: number) => string): string {
  const { recordsAccepted, recordsSuperseded, recordsDuplicate, recordsRejected } = counts;
  return [
    `${format(recordsAccepted)} accepted`,
    ...(recordsSuperseded > 0 ? [`${format(recordsSuperseded)} superseded`] : []),
    `${format(recordsDuplicate)} duplicate`,
    `${format(recordsRejected)} rejected`,
  ].join(' + ');
}

/** `2026-02-01T00:00:00Z` as `2026-02-01 00:00 UTC`; anything else as it is. */
export function shownTime(time: string): string {
  const parts = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d(?:\.\d+)?Z$/.exec(time);
  return parts === null ? time : `${parts[1]} ${parts[2]} UTC`;
}

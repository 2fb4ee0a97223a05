import type { DataProblem } from '../errors.ts';

/** Why a capture is not complete: sorted, each once; empty when it is. */
export type Reasons = readonly DataProblem[];

/** By their nature such files show some roles only, or none, so that a role they do not show is as it was. */
const SELECTIONS: ReadonlySet<DataProblem> = new Set([
  'changes-only',
  'no-iam-recorded',
  'partial-inventory',
]);

/** What else takes nothing from a file of the same time that shows all roles. */
const HARMLESS: ReadonlySet<DataProblem> = new Set([...SELECTIONS, 'maybe-filtered']);

/** True when a file that lacks roles for these reasons leaves a file of the same time that shows all as good as it is. */
export function isHarmless(reasons: Reasons): boolean {
  return reasons.every((reason) => HARMLESS.has(reason));
}

/** The same in SQL, of the column `reason` of a file that does not claim to show all roles. */
export function isHarmlessIn(column: string): string {
  const rest = [...HARMLESS].reduce(
    (text, reason) => `replace(${text}, '${reason},', '')`,
    `${column} || ','`,
  );
  return `${rest} = ''`;
}

/** True when roles that ought to be there may be missing: then nothing is known of a role that is not shown. */
export function leavesGap(reasons: Reasons): boolean {
  return reasons.some((reason) => !SELECTIONS.has(reason));
}

/**
 * SQL: the row, of captures or of their sources, shows something of roles. A snapshot of AWS Config without any says
 * nothing of them: it is a capture only of an account that has no other.
 */
export function showsRoles(reason: string): string {
  return `${reason} IS NOT 'no-iam-recorded'`;
}

/** SQL: the latest time of a group of such rows, of those that show roles where there is one. */
export function latestTime(time: string, reason: string): string {
  return `coalesce(max(CASE WHEN ${showsRoles(reason)} THEN ${time} END), max(${time}))`;
}

/** All reasons of both. */
export function joinReasons(a: Reasons, b: Reasons): Reasons {
  return [...new Set([...a, ...b])].sort();
}

/** As the column `reason` holds them; NULL without any. */
export function toReasonColumn(reasons: Reasons): string | null {
  return reasons.length === 0 ? null : reasons.join(',');
}

export function fromReasonColumn(column: string | null): Reasons {
  return column === null ? [] : (column.split(',') as DataProblem[]);
}

import type { DataProblem } from '../../errors.ts';
import { HARMLESS, type Reasons } from '../../model/capture.ts';

/** SQL: `isHarmless` of the column `reason` of a file that does not claim to show all roles. */
export function isHarmlessIn(column: string): string {
  const rest = [...HARMLESS].reduce(
    (text, reason) => `replace(${text}, '${reason},', '')`,
    `${column} || ','`,
  );
  return `${rest} = ''`;
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

/** As the column `reason` holds them; NULL without any. */
export function toReasonColumn(reasons: Reasons): string | null {
  return reasons.length === 0 ? null : reasons.join(',');
}

export function fromReasonColumn(column: string | null): Reasons {
  return column === null ? [] : (column.split(',') as DataProblem[]);
}

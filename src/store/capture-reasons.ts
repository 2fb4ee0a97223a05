import type { DataProblem } from '../errors.ts';

/** Why a capture is not complete: sorted, each once; empty when it is. */
export type Reasons = readonly DataProblem[];

/** By their nature such files show some roles only, so that a role they do not show is as it was. */
const SELECTIONS: ReadonlySet<DataProblem> = new Set(['changes-only', 'partial-inventory']);

/** True when roles that ought to be there may be missing: then nothing is known of a role that is not shown. */
export function leavesGap(reasons: Reasons): boolean {
  return reasons.some((reason) => !SELECTIONS.has(reason));
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

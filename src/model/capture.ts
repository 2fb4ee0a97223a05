import type { DataProblem } from '../errors.ts';

/** Why a capture is not complete: sorted, each once; empty when it is. */
export type Reasons = readonly DataProblem[];

/** What one file says of one account at one time. */
export interface AccountCapture {
  readonly account: string;
  readonly capturedAt: string;
  /** True when a role that is missing here did not exist at that time. */
  readonly complete: boolean;
  /** Such as `truncated`, `next-page-missing`, `changes-only`. */
  readonly reasons: Reasons;
}

/** Where a capture time came from, most trusted first. */
export type CaptureTimeSource = 'evidence' | 'option' | 'name' | 'modified';

/** By their nature such files show some roles only, or none, so that a role they do not show is as it was. */
const SELECTIONS: ReadonlySet<DataProblem> = new Set([
  'changes-only',
  'no-iam-recorded',
  'partial-inventory',
]);

/** What else takes nothing from a file of the same time that shows all roles. */
export const HARMLESS: ReadonlySet<DataProblem> = new Set([...SELECTIONS, 'maybe-filtered']);

/** True when a file that lacks roles for these reasons leaves a file of the same time that shows all as good as it is. */
export function isHarmless(reasons: Reasons): boolean {
  return reasons.every((reason) => HARMLESS.has(reason));
}

/** True when roles that ought to be there may be missing: then nothing is known of a role that is not shown. */
export function leavesGap(reasons: Reasons): boolean {
  return reasons.some((reason) => !SELECTIONS.has(reason));
}

/** All reasons of both. */
export function joinReasons(a: Reasons, b: Reasons): Reasons {
  return [...new Set([...a, ...b])].sort();
}

import type { FindingState } from '../../audit/verdict.ts';
import type { ChangeCounts } from '../../store/types.ts';

/**
 * Findings that `diff` counts as not comparable and no row of a report shows as such: they were there as last seen, and
 * what is there now is no finding, or not known.
 */
export function uncomparedElsewhere(
  states: Readonly<Record<FindingState, number>>,
  { notComparable }: ChangeCounts,
): number {
  return Math.max(0, notComparable - states.baseline - states['not-comparable']);
}

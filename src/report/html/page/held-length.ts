import type { StoredVerdict } from '../../../model/report-source.ts';

/** Characters that a way in counts for, beyond so many of one role. */
const WAY_IN = 256;
const FEW_WAYS = 64;

/** What a verdict weighs in memory, in characters: its policy, and its ways in where they are many. */
export function heldLength({ policy, ways }: Pick<StoredVerdict, 'policy' | 'ways'>): number {
  return (policy?.length ?? 0) + WAY_IN * Math.max(0, ways.length - FEW_WAYS);
}

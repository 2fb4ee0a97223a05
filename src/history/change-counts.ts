import type { ChangeCounts } from '../store/types.ts';
import type { FindingChange } from './compare.ts';

/** Counts changes one by one. */
export interface ChangeTally {
  add(change: Pick<FindingChange, 'change' | 'baseline'>): void;
  counts(): ChangeCounts;
}

export function openChangeTally(): ChangeTally {
  const counts = {
    new: 0,
    resolved: 0,
    changed: 0,
    reopened: 0,
    unchanged: 0,
    notComparable: 0,
    baseline: 0,
  };
  return {
    add({ change, baseline }) {
      counts[change === 'not-comparable' ? 'notComparable' : change]++;
      if (baseline) counts.baseline++;
    },
    counts: () => ({ ...counts }),
  };
}

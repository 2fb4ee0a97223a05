import type { Outcome } from '../../../model/exposure.ts';
import {
  CLASSES,
  type ClassCounts,
  emptyCounts,
  OUTCOME_OF,
  type VerdictClass,
} from '../../../model/verdict-class.ts';

/** How much of a large result goes into the page. */
export interface PageLimits {
  /** Failing and undecided verdicts together; with more of them the report becomes a folder. */
  readonly findings: number;
  /** Characters of policies and explanations that the page holds of them; the same. */
  readonly text: number;
  readonly notable: number;
  /** Passing ones, and as many not applicable. */
  readonly others: number;
  readonly accounts: number;
  readonly evidence: number;
  readonly rejects: number;
}

export const DEFAULT_LIMITS: PageLimits = {
  findings: 200_000,
  text: 64_000_000,
  notable: 20_000,
  others: 2_000,
  accounts: 50_000,
  evidence: 50_000,
  rejects: 10_000,
};

/** How many of each class the page lists, given how many there are. The first of each class are taken. */
export function chooseBudgets(
  counts: ClassCounts,
  limits: PageLimits,
  outcomes: readonly Outcome[],
): Record<VerdictClass, number> {
  const budgets = emptyCounts();
  const left = { findings: limits.findings, notable: limits.notable };
  for (const name of CLASSES) {
    if (!outcomes.includes(OUTCOME_OF[name])) continue;
    if (name === 'pass' || name === 'not-applicable') {
      budgets[name] = Math.min(counts[name], limits.others);
      continue;
    }
    const pool = name.startsWith('notable') ? 'notable' : 'findings';
    budgets[name] = Math.min(counts[name], left[pool]);
    left[pool] -= budgets[name];
  }
  return budgets;
}

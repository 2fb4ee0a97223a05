import type { Outcome } from '../../model/exposure.ts';
import type { VerdictObject } from '../../model/verdict.ts';

/**
 * The classes verdicts are chosen by, most wanted first. `notable-...`: no finding, yet worth a look, because
 * a guard is weak or the two readings differ.
 */
export const CLASSES = [
  'critical',
  'high',
  'error',
  'medium',
  'low',
  'notable-pass',
  'notable-not-applicable',
  'pass',
  'not-applicable',
] as const;

export type VerdictClass = (typeof CLASSES)[number];

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

export type ClassCounts = Readonly<Record<VerdictClass, number>>;

export function classOf(object: VerdictObject): VerdictClass {
  if (object.verdict === 'error') return 'error';
  if (object.verdict === 'fail') return object.severity ?? 'low';
  const notable = object.severity !== null || object.verdict !== object.literal;
  return notable ? `notable-${object.verdict}` : object.verdict;
}

/** The outcome all verdicts of a class share. */
export const OUTCOME_OF: Readonly<Record<VerdictClass, Outcome>> = {
  critical: 'fail',
  high: 'fail',
  error: 'error',
  medium: 'fail',
  low: 'fail',
  'notable-pass': 'pass',
  'notable-not-applicable': 'not-applicable',
  pass: 'pass',
  'not-applicable': 'not-applicable',
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

export function emptyCounts(): Record<VerdictClass, number> {
  return {
    critical: 0,
    high: 0,
    error: 0,
    medium: 0,
    low: 0,
    'notable-pass': 0,
    'notable-not-applicable': 0,
    pass: 0,
    'not-applicable': 0,
  };
}

import type { Outcome } from './exposure.ts';
import { effectiveVerdict, isClosedByGuardrail } from './guardrail.ts';
import type { VerdictObject } from './verdict.ts';

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

/** The classes of what is neither a finding nor undecided. */
export const UNFAILING_CLASSES = [
  'notable-pass',
  'notable-not-applicable',
  'pass',
  'not-applicable',
] as const satisfies readonly VerdictClass[];

export type UnfailingClass = (typeof UNFAILING_CLASSES)[number];

export type ClassCounts = Readonly<Record<VerdictClass, number>>;

/** By the verdict that counts; what only guardrails close is worth a look. */
export function classOf(
  object: Pick<VerdictObject, 'verdict' | 'literal' | 'severity' | 'guardrail'>,
): VerdictClass {
  const effective = effectiveVerdict(object);
  if (effective === 'error') return 'error';
  if (effective === 'fail') return object.severity ?? 'low';
  const notable =
    object.severity !== null || object.verdict !== object.literal || isClosedByGuardrail(object);
  return notable ? `notable-${effective}` : effective;
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

import { effectiveVerdict, isClosedByGuardrail } from '../../model/guardrail.ts';
import type { ReportSource } from '../../model/report-source.ts';
import { DEFAULT_OUTCOMES, type ReportOptions } from './options.ts';

/** How many verdicts a report lists. What guardrails close is listed with what fails, and with what it comes to. */
export function listedCount(
  source: Pick<ReportSource, 'totals' | 'verdictCounts'>,
  { outcomes = DEFAULT_OUTCOMES }: Pick<ReportOptions, 'outcomes'>,
): number {
  const { verdicts, closed } = source.totals();
  let count = outcomes.reduce((sum, outcome) => sum + verdicts[outcome], 0);
  if (closed === 0 || !outcomes.includes('fail')) return count;
  if (!outcomes.includes('pass') && !outcomes.includes('not-applicable')) return count + closed;
  for (const { verdict, count: alike } of source.verdictCounts()) {
    if (isClosedByGuardrail(verdict) && !outcomes.includes(effectiveVerdict(verdict))) count += alike;
  }
  return count;
}

import type { Report } from '../../history/report/report.ts';
import { effectiveVerdict } from '../../model/guardrail.ts';
import { outsiderOf } from '../../model/third-party.ts';
import {
  type Failing,
  FailingCounts,
  type RuleCounts,
  ruleCounts,
} from '../../report/shared/words/headline.ts';
import { manyWords } from '../../report/shared/words/outsider-words.ts';
import { type WorstFinding, WorstFindings } from '../../report/shared/worst-findings.ts';
import { formatCount } from '../../text/counted.ts';

/** The findings of a report: verdicts that fail, guardrails included. */
export interface FindingsTally {
  /** Those that no exception accepts, by severity, and those that one does. */
  readonly all: Failing;
  /** What the headline counts: the same of one rule alone. */
  readonly ofRule: RuleCounts;
  /** The worst that no exception accepts. */
  readonly worst: readonly WorstFinding[];
}

/**
 * Reads all failing verdicts once, and holds the worst.
 *
 * @param rule the one that the headline speaks of
 * @param most how many of the worst
 */
export function tallyFindings(source: Report, rule: string, most: number): FindingsTally {
  const all = new FailingCounts();
  const own = new FailingCounts();
  const worst = new WorstFindings(most);
  for (const verdict of source.verdicts({ outcomes: ['fail'] })) {
    const { object, ways } = verdict;
    if (effectiveVerdict(object) !== 'fail') continue;
    all.add(object, ways);
    if (object.rule === rule) own.add(object, ways);
    if (object.suppressedBy === null) worst.add(verdict);
  }
  const byRule = new Map(source.ruleTotals().map(({ rule: id, verdicts }) => [id, verdicts]));
  return { all, ofRule: ruleCounts({ byRule, failing: new Map([[rule, own]]) }, rule), worst: worst.list() };
}

/** Who gets in, as guardrails leave it: the most exposed account, and how many more. */
export function whoGetsIn({ way, outsiders, reason }: WorstFinding): string {
  if (way === null) return reason;
  const others = outsiders.count - 1;
  const account = manyWords(outsiderOf(way)) ?? way.accountName ?? way.account;
  return `${account}${others > 0 ? ` and ${formatCount(others)} more` : ''}`;
}

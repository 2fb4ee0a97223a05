import { effectiveVerdict } from '../../model/guardrail.ts';
import type { ReportSource, StoredVerdict } from '../../model/report-source.ts';
import type { Severity } from '../../model/verdict.ts';
import { compareByImpact } from '../../report/shared/impact-words.ts';
import { SEVERITIES } from '../../report/shared/labels.ts';
import { exposedPaths, externalAccounts, worstPath } from '../../report/shared/paths.ts';

/** A finding among the worst. */
export type WorstFinding = Pick<StoredVerdict, 'object' | 'ways'>;

/** The findings of a report: verdicts that fail, guardrails included. */
export interface FindingsTally {
  /** Those that no exception accepts, by severity, and those that one does. */
  readonly open: Readonly<Record<Severity, number>>;
  readonly accepted: Readonly<Record<Severity, number>>;
  /** The worst that no exception accepts: by severity, then by what they lead to, then in the order of accounts. */
  readonly worst: readonly WorstFinding[];
}

/** Reads all failing verdicts once, and holds the worst. */
export function tallyFindings(source: ReportSource, most: number): FindingsTally {
  const open = noFindings();
  const accepted = noFindings();
  const worst: WorstFinding[] = [];
  for (const verdict of source.verdicts({ outcomes: ['fail'] })) {
    const { object } = verdict;
    if (effectiveVerdict(object) !== 'fail') continue;
    const counts = object.suppressedBy === null ? open : accepted;
    counts[object.severity ?? 'low'] += 1;
    if (object.suppressedBy === null) keepWorst(worst, verdict, most);
  }
  return { open, accepted, worst };
}

export function sumOf(counts: Readonly<Record<Severity, number>>): number {
  return SEVERITIES.reduce((sum, severity) => sum + counts[severity], 0);
}

function noFindings(): Record<Severity, number> {
  return { critical: 0, high: 0, medium: 0, low: 0 };
}

function keepWorst(worst: WorstFinding[], verdict: WorstFinding, most: number): void {
  let place = worst.length;
  // Of what is alike the first stays first.
  for (let above = worst[place - 1]; above !== undefined && isWorse(verdict, above); above = worst[place - 1])
    place--;
  if (place >= most) return;
  worst.splice(place, 0, verdict);
  if (worst.length > most) worst.pop();
}

function isWorse({ object: a }: WorstFinding, { object: b }: WorstFinding): boolean {
  const ranks = [a, b].map(({ severity }) => SEVERITIES.indexOf(severity ?? 'low'));
  const [own = 0, other = 0] = ranks;
  return own === other ? compareByImpact(a.impact, b.impact) < 0 : own < other;
}

/** Who gets in, as guardrails leave it: the most exposed account, and how many more. */
export function whoGetsIn({ object, ways }: WorstFinding): string {
  const path = worstPath(ways);
  if (path === null) return object.reason;
  const others = externalAccounts(exposedPaths(ways)).length - 1;
  const account = path.account === '*' ? 'anyone' : (path.accountName ?? path.account);
  return `${account}${others > 0 ? ` and ${others} more` : ''}`;
}

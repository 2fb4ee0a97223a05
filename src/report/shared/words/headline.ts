import type { Outcome } from '../../../model/exposure.ts';
import type { RuleMetadata } from '../../../model/rule.ts';
import { type GradedPath, OUTCOMES, type Severity, type VerdictObject } from '../../../model/verdict.ts';
import { formatCount, formatCounted } from '../../../text/counted.ts';
import { SEVERITIES } from '../labels.ts';
import { exposedPaths } from '../paths.ts';

/** What a headline calls open, as a sentence. */
export const OPEN_MEANING =
  'Open: a principal of another account can assume the role without MFA and without an external ID.';

/** Failing verdicts of one rule by severity: those that no exception accepts, and those that one does. */
export interface Failing {
  readonly open: Readonly<Record<Severity, number>>;
  readonly accepted: Readonly<Record<Severity, number>>;
  /** Of the open ones of severity medium: those that let an account of unknown relation in. */
  readonly unknown: number;
}

/** Counts failing verdicts of one rule. */
export class FailingCounts implements Failing {
  readonly open = noSeverities();
  readonly accepted = noSeverities();
  unknown = 0;

  /** `ways`: its ways in as guardrails leave them. */
  add({ severity, suppressedBy }: VerdictObject, ways: readonly GradedPath[]): void {
    const counts = suppressedBy === null ? this.open : this.accepted;
    counts[severity ?? 'low'] += 1;
    if (counts !== this.open || severity !== 'medium') return;
    if (exposedPaths(ways).some(({ relation }) => relation === 'unknown')) this.unknown += 1;
  }
}

/** All verdicts of one rule in the parts that a headline adds up. */
export interface RuleCounts extends Failing {
  readonly outcomes: Readonly<Record<Outcome, number>>;
}

interface CountedByRule {
  readonly byRule: ReadonlyMap<string, Readonly<Record<Outcome, number>>>;
  readonly failing: ReadonlyMap<string, Failing>;
}

export function ruleCounts({ byRule, failing }: CountedByRule, rule: string): RuleCounts {
  return {
    outcomes: byRule.get(rule) ?? { fail: 0, error: 0, pass: 0, 'not-applicable': 0 },
    ...(failing.get(rule) ?? new FailingCounts()),
  };
}

export function noSeverities(): Record<Severity, number> {
  return { critical: 0, high: 0, medium: 0, low: 0 };
}

export function ofAllSeverities(counts: Readonly<Record<Severity, number>>): number {
  return SEVERITIES.reduce((sum, severity) => sum + counts[severity], 0);
}

/** What every report says first. */
export interface Headline {
  /** What a reader should see first. */
  readonly count: string;
  /** The rest of the same sentence. */
  readonly rest: string;
  /** Sentences about what the first leaves out, so that all roles add up; empty where it leaves out nothing. */
  readonly apart: readonly string[];
}

/**
 * How many roles are open to outsiders, from the counts of the built-in rule. Nothing undecided or not read sounds like good
 * news, and nothing that is not known is called the own organisation.
 */
export function headline(counts: RuleCounts): Headline {
  const { outcomes } = counts;
  const roles = OUTCOMES.reduce((sum, outcome) => sum + outcomes[outcome], 0);
  if (roles === 0)
    return { count: 'No role', rest: ' was read, so nothing is known of who gets in.', apart: [] };
  if (outcomes.error === roles) {
    const rest = ` of ${formatCounted(roles, 'role')} could be decided, so nothing is known of who gets in.`;
    return { count: 'None', rest, apart: [] };
  }
  return { ...firstSentence(counts, roles), apart: apart(counts, roles) };
}

type FirstSentence = Pick<Headline, 'count' | 'rest'>;

function firstSentence(counts: RuleCounts, roles: number): FirstSentence {
  const { open, accepted, outcomes } = counts;
  const outsiders = outsidersOf(open);
  const of = ` of ${formatCounted(roles, 'role')}`;
  if (outsiders > 0) {
    const more =
      outsidersOf(accepted) > 0 ? `; ${formatCount(outsidersOf(accepted))} more accepted by exceptions` : '';
    // Some of those whose relation is not known may be outsiders, too.
    const least = counts.unknown > 0 ? 'At least ' : '';
    return {
      count: `${least}${formatCount(outsiders)}`,
      rest: `${of} ${isOrAre(outsiders)} open to ${whom(open)}${more}.`,
    };
  }
  const count = outsidersOf(accepted);
  if (open.medium > 0) {
    const more = count > 0 ? `; ${formatCount(count)} open to outsiders, accepted by exceptions` : '';
    const rest = `${of} ${isOrAre(open.medium)} open ${mediumWords(counts)}${more}.`;
    return { count: formatCount(open.medium), rest };
  }
  if (count > 0) {
    return {
      count: formatCount(count),
      rest: `${of} ${isOrAre(count)} open to ${whom(accepted)}, ${count === 1 ? 'accepted by an exception' : 'all accepted by exceptions'}.`,
    };
  }
  if (outcomes.fail > 0) return { count: 'None', rest: `${of} was found open to outsiders.` };
  const decided = roles - outcomes.error;
  const among = outcomes.error === 0 ? '' : ' that could be decided';
  return { count: 'No role', rest: ` was found open among ${formatCount(decided)}${among}.` };
}

/** Anyone, and third parties. */
function outsidersOf(counts: Readonly<Record<Severity, number>>): number {
  return counts.critical + counts.high;
}

function whom({ critical, high }: Readonly<Record<Severity, number>>): string {
  if (high === 0) return 'anyone';
  if (critical === 0) return 'third parties';
  return `outsiders: ${formatCount(critical)} to anyone, ${formatCount(high)} to third parties`;
}

/** Severity medium, behind the word "open". */
function mediumWords({ open: { medium }, unknown }: RuleCounts): string {
  if (unknown === medium) return 'to accounts whose relation is not graded';
  return unknown === 0
    ? 'behind a weak guard only'
    : 'to accounts whose relation is not graded, or behind a weak guard only';
}

function apart(counts: RuleCounts, roles: number): readonly string[] {
  const { open, outcomes } = counts;
  const accepted = ofAllSeverities(counts.accepted);
  const parts = [
    ...(open.medium > 0 ? [`${formatCount(open.medium)} open ${mediumWords(counts)}`] : []),
    ...(open.low > 0 ? [`${formatCount(open.low)} open only within the own organisation`] : []),
    ...(accepted > 0 ? [`${formatCount(accepted)} accepted by exceptions${acceptedWords(counts)}`] : []),
  ];
  const outsiders = outsidersOf(open);
  const sentences: string[] = [];
  const told = outsiders > 0 ? outsiders : Math.max(open.medium, outsidersOf(counts.accepted));
  if (outcomes.fail > told) {
    const all = [...(outsiders > 0 ? [`${formatCount(outsiders)} open to outsiders`] : []), ...parts];
    sentences.push(
      `${formatCount(outcomes.fail)} of ${formatCount(roles)} ${outcomes.fail === 1 ? 'fails' : 'fail'}: ${all.join(', ')}.`,
    );
  }
  if (outcomes.error > 0) {
    sentences.push(
      `${formatCount(outcomes.error)} could not be decided, so nothing is claimed about ${outcomes.error === 1 ? 'it' : 'them'}.`,
    );
  }
  return sentences;
}

/** Whom the accepted ones let in, in brackets: an exception makes none of them less open. */
function acceptedWords({ accepted }: Failing): string {
  const parts = [
    [accepted.critical, 'to anyone'],
    [accepted.high, 'to third parties'],
  ] as const;
  const named = parts.filter(([count]) => count > 0).map(([count, what]) => `${formatCount(count)} ${what}`);
  return named.length === 0 ? '' : ` (${named.join(', ')})`;
}

/** What rules of rule files come to; null where there is none. */
export function furtherRulesWords({ byRule }: CountedByRule, rules: readonly RuleMetadata[]): string | null {
  const further = rules.slice(1);
  if (further.length === 0) return null;
  const total = (outcome: Outcome): number =>
    further.reduce((count, { id }) => count + (byRule.get(id)?.[outcome] ?? 0), 0);
  const judged = OUTCOMES.reduce((count, outcome) => count + total(outcome), 0);
  const [fail, error] = [total('fail'), total('error')];
  const undecided = error === 0 ? '' : `; ${formatCount(error)} could not be decided`;
  return `${formatCounted(further.length, 'further rule')}: ${formatCount(fail)} of ${formatCounted(judged, 'verdict')} ${fail === 1 ? 'fails' : 'fail'}${undecided}.`;
}

function isOrAre(count: number): string {
  return count === 1 ? 'is' : 'are';
}

import type { Outcome } from '../../../model/exposure.ts';
import type { RuleMetadata } from '../../../model/rule.ts';
import { type GradedPath, OUTCOMES, type Severity, type VerdictObject } from '../../../model/verdict.ts';
import { formatCount, formatCounted } from '../../../text/counted.ts';
import { SEVERITIES } from '../labels.ts';
import {
  type MediumCounts,
  type MediumKind,
  mediumKindOf,
  mediumParts,
  noMediums,
  ofUnknownRelation,
  partsWords,
} from './medium-words.ts';

/** What a headline calls open, as a sentence. */
export const OPEN_MEANING =
  'Open: a principal of another account can assume the role without MFA and without an external ID.';

/** Failing verdicts of one rule: those that no exception accepts, and those that one does. */
export interface Failing {
  readonly open: Readonly<Record<Severity, number>>;
  readonly accepted: Readonly<Record<Severity, number>>;
  readonly openMediums: MediumCounts;
  readonly acceptedMediums: MediumCounts;
}

/** Counts failing verdicts of one rule. */
export class FailingCounts implements Failing {
  readonly open = noSeverities();
  readonly accepted = noSeverities();
  readonly openMediums = noMediums();
  readonly acceptedMediums = noMediums();

  /** `ways`: its ways in as guardrails leave them. */
  add(verdict: VerdictObject, ways: readonly GradedPath[]): void {
    const { severity, suppressedBy } = verdict;
    const isOpen = suppressedBy === null;
    (isOpen ? this.open : this.accepted)[severity ?? 'low'] += 1;
    if (severity !== 'medium') return;
    (isOpen ? this.openMediums : this.acceptedMediums)[mediumKindOf(verdict, ways)] += 1;
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
  const { outcomes, openMediums } = counts;
  const outsiders = outsidersOf(openOnes(counts));
  const accepted = outsidersOf(acceptedOnes(counts));
  const doubtful = ofUnknownRelation(openMediums);
  const of = ` of ${formatCounted(roles, 'role')}`;
  if (outsiders > 0) {
    const more = accepted > 0 ? `; ${formatCount(accepted)} more accepted by exceptions` : '';
    // Some of those whose relation is not known may be outsiders, too.
    const least = doubtful > 0 ? 'At least ' : '';
    return {
      count: `${least}${formatCount(outsiders)}`,
      rest: `${of} ${isOrAre(outsiders)} open ${toWhom(openOnes(counts))}${more}.`,
    };
  }
  if (doubtful > 0) {
    const more = accepted > 0 ? `; ${formatCount(accepted)} open to outsiders, accepted by exceptions` : '';
    const parts = mediumParts(openMediums, DOUBTFUL);
    const colon = parts.length > 1 ? ':' : '';
    const rest = `${of} ${isOrAre(doubtful)} open${colon} ${partsWords(parts)}${more}.`;
    return { count: formatCount(doubtful), rest };
  }
  if (accepted > 0) {
    return {
      count: formatCount(accepted),
      rest: `${of} ${isOrAre(accepted)} open ${toWhom(acceptedOnes(counts))}, ${accepted === 1 ? 'accepted by an exception' : 'all accepted by exceptions'}.`,
    };
  }
  if (outcomes.fail > 0) return { count: 'None', rest: `${of} was found open to outsiders.` };
  const decided = roles - outcomes.error;
  const among = outcomes.error === 0 ? '' : ' that could be decided';
  return { count: 'No role', rest: ` was found open among ${formatCount(decided)}${among}.` };
}

const DOUBTFUL: readonly MediumKind[] = ['unknown', 'organisation', 'condition'];

interface Ones {
  readonly severities: Readonly<Record<Severity, number>>;
  readonly mediums: MediumCounts;
}

function openOnes({ open, openMediums }: Failing): Ones {
  return { severities: open, mediums: openMediums };
}

function acceptedOnes({ accepted, acceptedMediums }: Failing): Ones {
  return { severities: accepted, mediums: acceptedMediums };
}

/** Anyone, and third parties, through a network or from anywhere. */
function outsidersOf({ severities: { critical, high }, mediums: { network } }: Ones): number {
  return critical + high + network;
}

function outsiderParts({ severities, mediums }: Ones): readonly (readonly [count: number, words: string])[] {
  const graded = [
    [severities.critical, 'to anyone'],
    [severities.high, 'to third parties'],
  ] as const;
  return [...graded.filter(([count]) => count > 0), ...mediumParts(mediums, ['network'])];
}

function toWhom(ones: Ones): string {
  const parts = outsiderParts(ones);
  if (parts.length > 1) return `to outsiders: ${partsWords(parts)}`;
  return ones.mediums.network > 0 ? `to outsiders ${partsWords(parts)}` : partsWords(parts);
}

function apart(counts: RuleCounts, roles: number): readonly string[] {
  const { open, openMediums, outcomes } = counts;
  const accepted = ofAllSeverities(counts.accepted);
  const outsiders = outsidersOf(openOnes(counts));
  const parts = [
    ...(outsiders > 0 ? [`${formatCount(outsiders)} open to outsiders`] : []),
    ...mediumParts(openMediums, DOUBTFUL).map(([count, words]) => `${formatCount(count)} open ${words}`),
    ...(open.low > 0 ? [`${formatCount(open.low)} open only within the own organisation`] : []),
    ...(accepted > 0 ? [`${formatCount(accepted)} accepted by exceptions${acceptedWords(counts)}`] : []),
  ];
  const sentences: string[] = [];
  const doubtful = ofUnknownRelation(openMediums);
  const told = outsiders > 0 ? outsiders : Math.max(doubtful, outsidersOf(acceptedOnes(counts)));
  if (outcomes.fail > told) {
    sentences.push(
      `${formatCount(outcomes.fail)} of ${formatCount(roles)} ${outcomes.fail === 1 ? 'fails' : 'fail'}: ${parts.join(', ')}.`,
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
function acceptedWords(counts: Failing): string {
  const named = outsiderParts(acceptedOnes(counts)).map(([count, words]) => `${formatCount(count)} ${words}`);
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

import { type Outcome, pathKeys } from '../../model/exposure.ts';
import { gradingNotes } from '../../model/grading.ts';
import type { Guardrail } from '../../model/guardrail.ts';
import type { JudgedVerdict, StoreReader } from '../../store/index.ts';
import type { CurrentRole, Sighting } from './current-roles.ts';
import type { KnownRole } from './nameless.ts';

/** What guardrails make of a verdict. */
export interface HeldBy {
  /** Of the trust policy alone. */
  readonly trust: JudgedVerdict;
  readonly guardrail: Guardrail;
  /** False: not all guardrails are known, so that the verdict stands on the trust policy alone. */
  readonly known: boolean;
}

/** The verdict that counts: of the trust policy, and of guardrails where evidence of the organisation is in force. */
export interface HeldVerdict extends JudgedVerdict {
  /** Absent where no such evidence is in force. */
  readonly heldBy?: HeldBy;
}

/** A policy as one role was seen to have it. */
export type Seen = Pick<Sighting, 'policy' | 'role'>;

/** Whose policy it is, and when it was seen (column time); the ARN is '' where it stands for every role that has it. */
export interface Standing {
  readonly role: Pick<KnownRole, 'arn'>;
  readonly at: string;
}

/** What one rule says of a role of one account; null when its policy was never judged under that rule. */
export type Judge = (seen: Seen, of: Standing) => HeldVerdict | null;

/** What the trust policies alone say. */
export function judgeOf(reader: StoreReader, account: string, rule: string): Judge {
  return ({ policy }) => reader.judgedPolicy(policy, account).verdicts.get(rule) ?? null;
}

/** The verdict of the trust policy alone. */
export function trustOf(verdict: HeldVerdict): JudgedVerdict {
  return verdict.heldBy?.trust ?? verdict;
}

/** False for roles that none of the rules ever failed, as most are: nothing has to be worked out for them. */
export function everFailed(
  reader: StoreReader,
  account: string,
  group: readonly KnownRole[],
  rules: readonly { readonly rule: string }[],
): boolean {
  // Guardrails only close, so what fails with them fails by its trust policy.
  return group.some(({ observations }) =>
    observations.some(({ policy }) => {
      if (policy === null) return false;
      const outcomes = reader.outcomes(policy, account);
      return rules.some(({ rule }) => outcomes.get(rule)?.verdict === 'fail');
    }),
  );
}

const exposures = new WeakMap<JudgedVerdict, string>();

/** Who gets in unguarded, and what that is graded by: the same text means that a finding did not change. */
export function exposureOf(verdict: JudgedVerdict): string {
  let exposure = exposures.get(verdict);
  if (exposure === undefined) {
    const open = verdict.paths.filter((path) => path.guards.length === 0);
    exposure = JSON.stringify([pathKeys(open), gradingNotes(verdict)]);
    exposures.set(verdict, exposure);
  }
  return exposure;
}

/** Of what files of one moment show, what the rule judges worst. */
export function worstOf(current: Pick<CurrentRole, 'shown'> & Standing, judge: Judge): Sighting {
  const [first, ...others] = current.shown;
  let worst: Sighting = first;
  if (others.length === 0) return worst;
  let rank = rankOf(judge(worst, current));
  for (const one of others) {
    const its = rankOf(judge(one, current));
    if (!isWorse(its, rank)) continue;
    worst = one;
    rank = its;
  }
  return worst;
}

/** From the most to the least weighty: the outcome; whether anyone gets in unguarded; from how many accounts. */
type Rank = readonly [outcome: number, anyone: number, accounts: number];

/** `none`: never judged, which counts as undecided. */
const OUTCOME_RANKS = { fail: 3, error: 2, none: 2, pass: 1, 'not-applicable': 0 } as const;

/** Of what a rule says of a role by the policies that files of one moment show, the worst. */
export function worstOutcome(outcomes: readonly (Outcome | 'none')[]): Outcome | 'none' {
  return outcomes.reduce((worst, one) => (OUTCOME_RANKS[one] > OUTCOME_RANKS[worst] ? one : worst));
}

function rankOf(judged: HeldVerdict | null): Rank {
  if (judged === null) return [OUTCOME_RANKS.none, 0, 0];
  const open = judged.paths.filter(({ guards }) => guards.length === 0).map(({ account }) => account);
  return [OUTCOME_RANKS[judged.verdict], Number(open.includes('*')), new Set(open).size];
}

function isWorse(a: Rank, b: Rank): boolean {
  const index = a.findIndex((part, place) => part !== b[place]);
  return index >= 0 && Number(a[index]) > Number(b[index]);
}

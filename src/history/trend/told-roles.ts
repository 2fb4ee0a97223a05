import type { Exposure, Outcome } from '../../model/exposure.ts';
import type { Severity } from '../../model/verdict.ts';
import type { AccountLook, PolicyCount, StoreReader } from '../../store/index.ts';
import { heldCounts } from '../guardrails/held-counts.ts';
import type { MomentJudges } from '../guardrails/moments.ts';
import type { CurrentRole } from '../look/current-roles.ts';
import { type Judge, worstOf } from '../look/judge.ts';
import type { KnownRole } from '../look/nameless.ts';
import { noSeverities, type RoleCounts } from './period-counts.ts';

/** The severity of a failing verdict on a policy. */
export type Grade = (verdict: Exposure, policy: number) => Severity | null;

/** So many roles alike. */
export interface GradedCount {
  /** Null for roles that do not fail. */
  readonly severity: Severity | null;
  /** They could not be decided, or never were judged. */
  readonly isError: boolean;
  readonly count: number;
}

/** What the only capture of an account comes to. */
export function gradedCounts(
  reader: StoreReader,
  look: AccountLook,
  { rule, guardrails }: MomentJudges,
  counted: readonly PolicyCount[],
  grade: Grade,
): readonly GradedCount[] {
  const { account } = look;
  const held = guardrails(look.at);
  const counts =
    held === null
      ? counted.map(({ policy, count }) => {
          const outcome = reader.outcomes(policy, account).get(rule)?.verdict;
          return { policy, outcome, decision: null, count };
        })
      : [...heldCounts(reader, look, held)];
  return counts.map(({ policy, outcome, decision, count }) => {
    if (outcome !== 'fail') return { severity: null, isError: isUndecided(outcome), count };
    const verdict = decision?.exposure ?? reader.judgedPolicy(policy, account).verdicts.get(rule);
    return { severity: verdict === undefined ? null : grade(verdict, policy), isError: false, count };
  });
}

function isUndecided(outcome: Outcome | 'none' | undefined): boolean {
  return outcome === undefined || outcome === 'none' || outcome === 'error';
}

/** What is counted of some roles. */
export type ToldRoles = Omit<RoleCounts, 'roles'>;

export const NONE_TOLD: ToldRoles = { error: 0, severities: noSeverities() };

export function countTold(roles: readonly CurrentRole[], judge: Judge, grade: Grade): ToldRoles {
  const severities = noSeverities();
  let error = 0;
  for (const role of roles) {
    const shown = worstOf(role, judge);
    const verdict = judge(shown, role);
    if (isUndecided(verdict?.verdict)) error++;
    const severity = verdict?.verdict === 'fail' ? grade(verdict, shown.policy) : null;
    if (severity !== null) severities[severity]++;
  }
  return { error, severities };
}

/** False for roles of which the rule decided every policy. */
export function everUndecided(
  reader: StoreReader,
  account: string,
  group: readonly KnownRole[],
  rule: string,
): boolean {
  return group.some(({ observations }) =>
    observations.some(
      ({ policy }) => policy !== null && isUndecided(reader.outcomes(policy, account).get(rule)?.verdict),
    ),
  );
}

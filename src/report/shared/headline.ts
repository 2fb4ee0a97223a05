import type { Outcome } from '../../audit/verdict.ts';
import { formatCount, OUTCOMES } from './labels.ts';

/** The first sentence of a report; `count` is what a reader should see first. */
export interface Headline {
  readonly count: string;
  readonly rest: string;
}

export function headline(
  outcomes: Readonly<Record<Outcome, number>>,
  roles: number,
  rules: number,
): Headline {
  const judged = formatCount(OUTCOMES.reduce((sum, outcome) => sum + outcomes[outcome], 0));
  const fail = formatCount(outcomes.fail);
  if (rules !== 1) {
    return {
      count: fail,
      rest: ` of ${judged} verdicts fail, over ${formatCount(roles)} roles and ${rules} rules.`,
    };
  }
  if (outcomes.fail === 0) return { count: 'No role', rest: ` was found failing among ${judged} judged.` };
  return {
    count: fail,
    rest: ` of ${judged} roles let another account in without MFA and without an external ID.`,
  };
}

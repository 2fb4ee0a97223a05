import type { Judge } from '../../../src/exposure/shape/shape.ts';
import { Shapes } from '../../../src/exposure/shape/shapes.ts';
import type { PolicyVerdict } from '../../../src/model/verdict.ts';
import { TRUST_RULES } from '../../../src/rules/index.ts';
import { judgeTrustPolicy } from '../../../src/rules/judge.ts';

export const judge = (text: string, account: string, partition: string | null): readonly PolicyVerdict[] =>
  judgeTrustPolicy(TRUST_RULES, { state: 'document', text }, account, partition);

export const JUDGE: Judge<readonly PolicyVerdict[]> = {
  judge,
  judgeAll: (text, account, partition) => {
    const verdicts = judge(text, account, partition);
    return verdicts.some(({ verdict }) => verdict === 'error') ? null : verdicts;
  },
};

/** Shapes that count how often something is judged. */
export function countingShapes() {
  let judged = 0;
  const shapes = new Shapes<readonly PolicyVerdict[]>({
    judge: (...asked) => {
      judged++;
      return JUDGE.judge(...asked);
    },
    judgeAll: (...asked) => {
      judged++;
      return JUDGE.judgeAll(...asked);
    },
  });
  return { shapes, judged: () => judged };
}

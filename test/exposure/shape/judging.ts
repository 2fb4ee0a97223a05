import { TRUST_JUDGE } from '../../../src/audit/memo.ts';
import { Shapes } from '../../../src/exposure/shape/shapes.ts';
import type { PolicyVerdict } from '../../../src/model/verdict.ts';

/** Judges a policy as it stands. */
export const { judge } = TRUST_JUDGE;

/** Shapes that count how often something is judged. */
export function countingShapes() {
  let judged = 0;
  const shapes = new Shapes<readonly PolicyVerdict[]>({
    judge: (...asked) => {
      judged++;
      return TRUST_JUDGE.judge(...asked);
    },
    judgeAll: (...asked) => {
      judged++;
      return TRUST_JUDGE.judgeAll(...asked);
    },
  });
  return { shapes, judged: () => judged };
}

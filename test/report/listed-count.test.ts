import { expect, it } from 'vitest';
import { listedCount } from '../../src/report/shared/listed-count.ts';
import { GUARDRAIL } from './guarded-source.ts';
import { makeVerdict, memorySource } from './sample-source.ts';

const source = memorySource({
  verdicts: [
    makeVerdict({ roleName: 'a' }),
    makeVerdict({ roleName: 'b', guardrail: GUARDRAIL }),
    makeVerdict({ roleName: 'c', guardrail: { ...GUARDRAIL, verdict: 'not-applicable' } }),
    makeVerdict({ roleName: 'd', verdict: 'pass' }),
    makeVerdict({ roleName: 'e', verdict: 'error' }),
  ],
});

it.each([
  [undefined, 4],
  [['fail'], 3],
  [['fail', 'pass'], 4],
  [['fail', 'not-applicable'], 3],
  [['pass'], 2],
  [['fail', 'error', 'pass', 'not-applicable'], 5],
] as const)('counts what is listed under %j once', (outcomes, count) => {
  expect(listedCount(source, outcomes === undefined ? {} : { outcomes })).toBe(count);
  expect([
    ...source.verdicts(outcomes === undefined ? { outcomes: ['fail', 'error'] } : { outcomes }),
  ]).toHaveLength(count);
});

import { expect, it } from 'vitest';
import { CallerFinder } from '../../src/exposure/callers/finder.ts';
import { fullBudget } from '../../src/iam/matcher.ts';
import { parseTrustPolicy } from '../../src/iam/trust-policy.ts';
import { allow, EXT, extRoot, OWN, policy } from './cases/index.ts';

/** Whether all users are told apart of whom each has a name that a policy gives to another key. */
function tellsAll(names: number): boolean {
  const text = JSON.stringify(
    policy(
      allow(extRoot, {
        StringEquals: { 'aws:PrincipalTag/a': `x\${aws:username}` },
        StringLike: { 'aws:PrincipalTag/a': Array.from({ length: names }, (_, i) => `xuser${i}`) },
      }),
    ),
  );
  const { statements } = parseTrustPolicy(text);
  const role = { account: OWN, partition: 'aws' };
  const finder = new CallerFinder(role, statements, statements, text, fullBudget());
  return finder.admittedBy({ kind: 'account', text: EXT, account: EXT, partition: 'aws' }).exhaustive;
}

it('does not claim to tell all callers apart where a policy gives more names than are looked at', () => {
  expect(tellsAll(100)).toBe(true);
  expect(tellsAll(5_000)).toBe(false);
});

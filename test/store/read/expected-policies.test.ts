import { expect, it } from 'vitest';
import { ExpectedPolicies } from '../../../src/store/read/expected-policies.ts';

it('gives others that are expected along with a policy that is, each once', () => {
  const known = new Set([3]);
  const expected = new ExpectedPolicies((policy) => known.has(policy));
  expected.expect([1, 2, 3, 4]);
  known.add(4);
  expect(expected.take(2)).toEqual([2, 1]);
  expect([expected.take(1), expected.take(4)]).toEqual([[1], [4]]);
});

it('gives a policy alone that was not expected, and keeps the others', () => {
  const expected = new ExpectedPolicies(() => false);
  expected.expect([1, 2]);
  expect(expected.take(9)).toEqual([9]);
  expect(expected.take(1)).toEqual([1, 2]);
});

it('gives no more than a block at once', () => {
  const expected = new ExpectedPolicies(() => false);
  expected.expect(Array.from({ length: 600 }, (_, index) => index));
  expect([0, 256, 512].map((policy) => expected.take(policy).length)).toEqual([256, 256, 88]);
});

import { expect, it } from 'vitest';
import { readAhead } from '../../../src/store/read/read-ahead.ts';
import type { ObservedRole } from '../../../src/store/read/role-reader.ts';

const role = (number: number): ObservedRole => ({
  arn: `arn:aws:iam::111122223333:role/r${number}`,
  roleName: `r${number}`,
  roleId: '',
  partition: 'aws',
  observations: [number % 10, null].map((policy) => ({
    role: number,
    policy,
    first: '2026-01-01T00:00:00',
    last: '2026-01-01T00:00:00',
    complete: true,
    evidence: null,
    offset: null,
  })),
});
const roles = Array.from({ length: 700 }, (_, number) => role(number));

it('hands on every role in order and names its policies, each once, before it', () => {
  const told: number[][] = [];
  const seen: ObservedRole[] = [];
  for (const one of readAhead(roles, (policies) => told.push([...policies]))) {
    expect(told.at(-1)).toContain(one.observations[0]?.policy);
    seen.push(one);
  }
  expect(seen).toEqual(roles);
  expect(told).toEqual(Array(3).fill(expect.arrayContaining([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])));
  expect(told.map(({ length }) => length)).toEqual([10, 10, 10]);
});

it('ends what it reads when nobody wants more', () => {
  let ended = false;
  function* counted(): Iterable<ObservedRole> {
    try {
      yield* roles;
    } finally {
      ended = true;
    }
  }
  for (const _ of readAhead(counted(), () => undefined)) break;
  expect(ended).toBe(true);
});

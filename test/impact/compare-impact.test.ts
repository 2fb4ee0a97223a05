import { expect, it } from 'vitest';
import { compareImpact } from '../../src/impact/compare-impact.ts';
import type { Impact } from '../../src/model/role-detail.ts';

type Ranked = Pick<Impact, 'privileges' | 'lastUsed'>;

const IN_ORDER: readonly Ranked[] = [
  { privileges: 'administrator', lastUsed: '2026-02-01T00:00:00.5Z' },
  { privileges: 'administrator', lastUsed: '2026-02-01T00:00:00Z' },
  { privileges: 'administrator', lastUsed: '1969-01-01T00:00:00Z' },
  { privileges: 'administrator', lastUsed: null },
  { privileges: 'administrator', lastUsed: 'never' },
  { privileges: 'can-become-administrator', lastUsed: '2026-02-01T00:00:00Z' },
  { privileges: 'unknown', lastUsed: null },
  { privileges: 'limited', lastUsed: '2026-02-01T00:00:00Z' },
  { privileges: 'none', lastUsed: '2026-02-01T00:00:00Z' },
];

it('puts the gravest first, then the most recently used', () => {
  for (const [at, one] of IN_ORDER.entries()) {
    for (const [other, two] of IN_ORDER.entries()) {
      expect(Math.sign(compareImpact(one, two))).toBe(Math.sign(at - other));
    }
  }
});

it('takes a time that is none for one that is not known', () => {
  expect(
    compareImpact({ privileges: 'none', lastUsed: 'soon' }, { privileges: 'none', lastUsed: null }),
  ).toBe(0);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  areNeighbours,
  countTicks,
  periodLabel,
  spacedOut,
} from '../../../src/report/html/pictures/time-axis.ts';

describe('the axes of the trend', () => {
  it.each([
    ['2026-01-31', 'day', false, '31 Jan'],
    ['2026-01-31', 'day', true, '31 Jan 2026'],
    ['2026-02-01', 'week', false, 'to 1 Feb'],
    ['2026-01-31', 'month', true, 'Jan 2026'],
    ['2026-03-31', 'quarter', false, 'Q1 2026'],
    ['2026-12-31', 'quarter', false, 'Q4 2026'],
    ['2026-12-31', 'year', false, '2026'],
  ] as const)('names the period until %s by %s', (at, by, withYear, expected) => {
    expect(periodLabel(at, by, withYear)).toBe(expected);
  });

  it.each([
    ['2026-01-05', '2026-03-08', 'day', true],
    ['2026-01-04', '2026-01-11', 'week', true],
    ['2026-01-04', '2026-01-18', 'week', false],
    ['2025-12-31', '2026-01-31', 'month', true],
    ['2025-12-31', '2026-02-28', 'month', false],
    ['2025-12-31', '2026-03-31', 'quarter', true],
    ['2025-09-30', '2026-03-31', 'quarter', false],
    ['2024-12-31', '2025-12-31', 'year', true],
    ['2023-12-31', '2025-12-31', 'year', false],
  ] as const)('knows whether a period lies between %s and %s by %s', (before, after, by, expected) => {
    expect(areNeighbours(before, after, by)).toBe(expected);
  });

  it('names the last place, and no two that are closer than their labels', () => {
    const places = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1 });
    fc.assert(
      fc.property(places, (unsorted) => {
        const sorted = unsorted.toSorted((a, b) => a - b);
        const chosen = spacedOut(sorted, 110);
        expect(chosen.at(-1)).toBe(sorted.length - 1);
        const at = chosen.map((index) => sorted[index] ?? 0);
        for (const [index, place] of at.slice(1).entries()) {
          expect(place - (at[index] ?? 0)).toBeGreaterThanOrEqual(110);
        }
      }),
    );
  });

  it.each([
    [0, [0, 1]],
    [1, [0, 1]],
    [3, [0, 1, 2, 3]],
    [53, [0, 20, 40, 60]],
    [1000, [0, 500, 1000]],
  ])('counts up to %i in whole steps', (greatest, expected) => {
    expect(countTicks(greatest)).toEqual(expected);
  });
});

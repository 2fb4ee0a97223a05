import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countTicks, dayNumber, dayTicks } from '../../../src/report/html/pictures/time-axis.ts';

const labels = (from: string, to: string): readonly string[] =>
  dayTicks(dayNumber(from), dayNumber(to), 8).map(({ label }) => label);

describe('the axes of the trend', () => {
  it.each([
    ['2026-01-05', '2026-01-08', ['5 Jan', '6 Jan', '7 Jan', '8 Jan']],
    ['2026-01-05', '2026-01-12', ['5 Jan', '6 Jan', '7 Jan', '8 Jan', '9 Jan', '10 Jan', '11 Jan', '12 Jan']],
    ['2026-01-01', '2026-01-31', ['5 Jan', '12 Jan', '19 Jan', '26 Jan']],
    ['2026-01-31', '2026-04-30', ['Feb 2026', 'Mar 2026', 'Apr 2026']],
    ['2025-01-31', '2025-12-31', ['Mar 2025', 'May 2025', 'Jul 2025', 'Sep 2025', 'Nov 2025']],
    ['2020-06-30', '2026-06-30', ['2021', '2022', '2023', '2024', '2025', '2026']],
    ['2026-01-01', '2026-01-01', ['1 Jan']],
  ])('names the turns of the calendar from %s to %s', (from, to, expected) => {
    expect(labels(from, to)).toEqual(expected);
  });

  it('has some ticks, never more than fit, in order and within the days', () => {
    const day = fc.integer({ min: dayNumber('0001-01-01'), max: dayNumber('9999-12-31') });
    fc.assert(
      fc.property(day, day, (a, b) => {
        const [from, to] = a < b ? [a, b] : [b, a];
        const days = dayTicks(from, to, 8).map((tick) => tick.day);
        expect(days.length).toBeGreaterThan(0);
        expect(days.length).toBeLessThanOrEqual(8);
        expect(days).toEqual([...days].sort((x, y) => x - y));
        expect(days.every((each) => each >= from && each <= to)).toBe(true);
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

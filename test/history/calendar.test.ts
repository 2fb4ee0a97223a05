import { describe, expect, it } from 'vitest';
import { dayNumber, endOfDay, periodEnd } from '../../src/history/calendar.ts';

describe('periodEnd', () => {
  it.each([
    ['2026-02-01T23:59:59.9', 'day', '2026-02-01'],
    ['2024-02-10T00:00:00', 'month', '2024-02-29'],
    ['2025-12-31T00:00:00', 'month', '2025-12-31'],
    ['2026-01-01T00:00:00', 'quarter', '2026-03-31'],
    ['2026-06-30T00:00:00', 'quarter', '2026-06-30'],
    ['2026-10-01T00:00:00', 'quarter', '2026-12-31'],
    ['2026-02-01T00:00:00', 'week', '2026-02-01'],
    ['2026-02-02T00:00:00', 'week', '2026-02-08'],
    ['2025-12-30T00:00:00', 'week', '2026-01-04'],
  ] as const)('%s by %s is %s', (time, by, end) => {
    expect(periodEnd(time, by)).toBe(end);
  });
});

it('a day ends after its last moment and before the next day', () => {
  expect(endOfDay('2026-01-31') > '2026-01-31T23:59:59.999999').toBe(true);
  expect(endOfDay('2026-01-31') < '2026-02-01T00:00:00').toBe(true);
  expect(dayNumber('2026-03-01') - dayNumber('2026-02-28T23:00:00Z')).toBe(1);
});

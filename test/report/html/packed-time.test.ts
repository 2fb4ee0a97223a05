import { describe, expect, it } from 'vitest';
import { packTime, unpackTime } from '../../../src/report/html/shared/payload.ts';

describe('a packed time', () => {
  it.each([
    '2026-02-01T00:00:00Z',
    '1969-12-31T23:59:59Z',
    '2026-02-01T00:00:00.123Z',
    '2026-02-01',
    '2026-02-01T01:00:00+01:00',
    '+275760-09-13T00:00:00Z',
    'never',
    '',
    null,
  ])('is the same when it is unpacked: %j', (time) => {
    expect(unpackTime(packTime(time))).toBe(time);
  });

  it('is a number where that says the same', () => {
    expect(packTime('2026-02-01T00:00:00Z')).toBe(1_769_904_000);
    expect(packTime('2026-02-01T00:00:00.000Z')).toBe('2026-02-01T00:00:00.000Z');
  });
});

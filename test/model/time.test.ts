import { describe, expect, it } from 'vitest';
import { normaliseTime } from '../../src/model/time.ts';

const two = (value: number) => String(value).padStart(2, '0');

describe('a time that is written as it is to be', () => {
  it.each([2000, 2023, 2024, 2100])('is kept when its day exists, in %s', (year) => {
    for (let month = 0; month <= 13; month++) {
      for (let day = 0; day <= 32; day++) {
        const text = `${year}-${two(month)}-${two(day)}T23:59:59.120Z`;
        const date = new Date(Date.UTC(year, month - 1, day));
        const exists = month >= 1 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
        expect([text, normaliseTime(text)]).toEqual([text, exists ? text : null]);
      }
    }
  });

  it.each(['2026-02-01T24:00:00Z', '2026-02-01T10:60:00Z', '2026-02-01T10:00:60Z'])('is none: %s', (text) => {
    expect(normaliseTime(text)).toBeNull();
  });

  it.each([
    ['2026-02-01T10:00:00.000Z', '2026-02-01T10:00:00Z'],
    ['2026-02-01T10:00:00.5Z', '2026-02-01T10:00:00.500Z'],
    ['2026-02-01t10:00:00z', '2026-02-01T10:00:00Z'],
    ['2026-02-28T23:30:00-01:00', '2026-03-01T00:30:00Z'],
  ])('otherwise is written so: %s', (text, expected) => {
    expect(normaliseTime(text)).toBe(expected);
  });
});

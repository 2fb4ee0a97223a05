import { normaliseTime } from '../model/time.ts';
import type { TrendPeriod } from '../model/trend.ts';

/** A moment in evidence time. */
export interface Moment {
  /** As shown: a day, or a time in UTC. */
  readonly label: string;
  /** Column time. */
  readonly time: string;
}

/** Reads a date, which reaches to the end of its day (UTC), or a time; null when it is neither. */
export function momentOf(text: string): Moment | null {
  const time = normaliseTime(text);
  if (time === null) return null;
  const day = time.slice(0, 10);
  if (WRITTEN_DAY.test(text.trim())) return { label: day, time: endOfDay(day) };
  return { label: time, time: time.slice(0, -1) };
}

const WRITTEN_DAY = /^\d{4}-?\d{2}-?\d{2}$/;

const DAY = 86_400_000;

/**
 * The last day of the calendar period (UTC) that a time lies in, `2026-03-31`. Weeks run from Monday to Sunday, as in
 * ISO 8601. `time` begins with a date.
 */
export function periodEnd(time: string, by: TrendPeriod): string {
  const [year = 0, month = 1, day = 1] = time.slice(0, 10).split('-').map(Number);
  switch (by) {
    case 'day':
      return time.slice(0, 10);
    case 'week': {
      const midnight = Date.UTC(year, month - 1, day);
      const weekday = (new Date(midnight).getUTCDay() + 6) % 7;
      return dayOf(midnight + (6 - weekday) * DAY);
    }
    case 'month':
      return dayOf(Date.UTC(year, month, 0));
    case 'quarter':
      return dayOf(Date.UTC(year, Math.ceil(month / 3) * 3, 0));
    case 'year':
      return `${time.slice(0, 4)}-12-31`;
  }
}

/** The greatest column time of a day. */
export function endOfDay(day: string): string {
  // No hour is 24, and text that goes on sorts after text that ends.
  return `${day}T24`;
}

/** Days since 1970. `time` begins with a date. */
export function dayNumber(time: string): number {
  return Date.parse(time.slice(0, 10)) / DAY;
}

function dayOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

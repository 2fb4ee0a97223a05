/** Seconds since 1970 of "never": the earliest date the language's own engine can write, 0001-01-01. */
export const NEVER = -62_135_596_800;

export const SHORT_UNITS = ['minutes', 'hours', 'days', 'months'] as const;
export const LONG_UNITS = ['weeks', 'years'] as const;
export type TimeUnit = (typeof SHORT_UNITS)[number] | (typeof LONG_UNITS)[number];

export function isTimeUnit(text: unknown): text is TimeUnit {
  return (
    (SHORT_UNITS as readonly unknown[]).includes(text) || (LONG_UNITS as readonly unknown[]).includes(text)
  );
}

const MINUTE = 60;
const DAY = 86_400;
const SECONDS: Readonly<Record<TimeUnit, number>> = {
  minutes: MINUTE,
  hours: 60 * MINUTE,
  days: DAY,
  weeks: 7 * DAY,
  months: 30 * DAY,
  years: 360 * DAY,
};

/** A function from now to now plus `count` units, both in seconds since 1970. */
export function shiftBy(
  count: number,
  unit: TimeUnit,
  month: 'calendar' | '30-days',
): (now: number) => number {
  if (month === '30-days' || (unit !== 'months' && unit !== 'years')) {
    const seconds = count * SECONDS[unit];
    return (now) => now + seconds;
  }
  const months = unit === 'years' ? 12 * count : count;
  // A scan asks for one `now` again and again; calendar arithmetic is done once for it.
  let lastNow = Number.NaN;
  let shifted = Number.NaN;
  return (now) => {
    if (now !== lastNow) {
      lastNow = now;
      shifted = addMonths(now, months);
    }
    return shifted;
  };
}

/** The same day of another month, or that month's last day when it is shorter. */
function addMonths(now: number, months: number): number {
  const date = new Date(now * 1000);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, lastDay));
  return date.getTime() / 1000;
}

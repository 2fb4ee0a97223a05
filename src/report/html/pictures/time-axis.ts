import type { TrendPeriod } from '../../../model/trend.ts';

const DAY = 86_400_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Days since 1970 of a date. */
export function dayNumber(date: string): number {
  return Date.parse(date) / DAY;
}

/** Ends of periods of a kind that follow each other without one between them; any two days do. */
export function areNeighbours(before: string, after: string, by: TrendPeriod): boolean {
  switch (by) {
    case 'day':
      return true;
    case 'week':
      return dayNumber(after) - dayNumber(before) <= 7;
    default:
      return monthOf(after) - monthOf(before) <= MONTHS_IN[by];
  }
}

const MONTHS_IN = { month: 1, quarter: 3, year: 12 } as const;

/** Months since the year 0. */
function monthOf(date: string): number {
  return Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1;
}

/** What is written below the bar of a period, by its last day. `withYear`: other years stand beside it. */
export function periodLabel(at: string, by: TrendPeriod, withYear: boolean): string {
  const year = at.slice(0, 4);
  const month = MONTHS[Number(at.slice(5, 7)) - 1] ?? '';
  switch (by) {
    case 'day':
    case 'week':
      return `${by === 'week' ? 'to ' : ''}${Number(at.slice(8, 10))} ${month}${withYear ? ` ${year}` : ''}`;
    case 'month':
      return `${month} ${year}`;
    case 'quarter':
      return `Q${Math.ceil(Number(at.slice(5, 7)) / 3)} ${year}`;
    case 'year':
      return year;
  }
}

/** Indexes of places, ascending, that lie so far from each other that each has room for its label; the last one always. */
export function spacedOut(places: readonly number[], room: number): readonly number[] {
  const chosen: number[] = [];
  let free = Number.POSITIVE_INFINITY;
  for (let index = places.length - 1; index >= 0; index--) {
    const place = places[index] ?? 0;
    if (place > free) continue;
    chosen.unshift(index);
    free = place - room;
  }
  return chosen;
}

/** Whole numbers from 0 up that are easy to read and reach the greatest, five or six of them at most. */
export function countTicks(greatest: number): readonly number[] {
  const rough = Math.max(1, greatest) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? 1);
  const ticks = [0];
  for (let tick = step; (ticks.at(-1) ?? 0) < greatest || ticks.length < 2; tick += step) ticks.push(tick);
  return ticks;
}

/** A day on the axis, with what is written below it. */
export interface DayTick {
  /** Since 1970. */
  readonly day: number;
  readonly label: string;
}

const DAY = 86_400_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Days since 1970 of a date. */
export function dayNumber(date: string): number {
  return Date.parse(date) / DAY;
}

/** Where the calendar turns between two days: so many places at most, by the finest step for which that holds. */
export function dayTicks(from: number, to: number, most: number): readonly DayTick[] {
  for (const ticks of STEPS) {
    const found = ticks(from, to, most);
    if (found.length <= most) return found;
  }
  return [];
}

type Ticks = (from: number, to: number, most: number) => readonly DayTick[];

/** From the finest to the coarsest; each stops when it has more than wanted. */
const STEPS: readonly Ticks[] = [
  everyDays(1),
  everyDays(2),
  everyDays(7),
  everyMonths(1),
  everyMonths(2),
  everyMonths(3),
  everyMonths(6),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000].map((years) => everyMonths(12 * years)),
];

/** Steps of weeks begin on Mondays; 5 January 1970 was one. */
function everyDays(step: number): Ticks {
  return (from, to, most) => {
    const ticks: DayTick[] = [];
    const first = step < 7 ? from : from + ((((4 - from) % 7) + 7) % 7);
    for (let day = first; day <= to && ticks.length <= most; day += step) {
      const date = new Date(day * DAY);
      ticks.push({ day, label: `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()] ?? ''}` });
    }
    return ticks;
  };
}

function everyMonths(step: number): Ticks {
  return (from, to, most) => {
    const ticks: DayTick[] = [];
    const start = new Date(from * DAY);
    // Months since the year 0; the first one that is no earlier than the first day.
    const passed = start.getUTCFullYear() * 12 + start.getUTCMonth() + (start.getUTCDate() > 1 ? 1 : 0);
    for (let month = Math.ceil(passed / step) * step; ticks.length <= most; month += step) {
      const year = Math.floor(month / 12);
      const day = firstOfMonth(year, month % 12);
      if (day > to) break;
      ticks.push({ day, label: step >= 12 ? String(year) : `${MONTHS[month % 12] ?? ''} ${year}` });
    }
    return ticks;
  };
}

/** `Date.UTC` takes years below 100 for those of the last century. */
function firstOfMonth(year: number, month: number): number {
  return dayNumber(`${String(year).padStart(4, '0')}-${String(month + 1).padStart(2, '0')}-01`);
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

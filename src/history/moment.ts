import { normaliseTime } from '../formats/times.ts';
import { endOfDay } from './periods.ts';

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
  if (DAY.test(text.trim())) return { label: day, time: endOfDay(day) };
  return { label: time, time: time.slice(0, -1) };
}

const DAY = /^\d{4}-?\d{2}-?\d{2}$/;

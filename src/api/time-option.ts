import { TrustsieveError } from '../errors.ts';
import { normaliseTime } from '../formats/times.ts';

/** An option that is a time, as ISO 8601 UTC; null when it is left out. Errors: `usage`. */
export function timeOption(name: string, value: string | undefined): string | null {
  if (value === undefined) return null;
  const time = normaliseTime(value);
  if (time !== null) return time;
  throw new TrustsieveError(
    'usage',
    `\`${name}\` is no time: write it like 2026-02-01 or 2026-02-01T12:00:00Z`,
  );
}

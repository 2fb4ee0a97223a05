const TIME =
  /^(\d{4})-?(\d{2})-?(\d{2})(?:[T ](\d{2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|UTC|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/** Times that exist and are written in that form already, as those of AWS Config are; a fraction of zero is not. */
const IN_FORM =
  /^\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.(?!000)\d{3})?Z$/;

/**
 * Writes a time in one form: `2026-02-01T00:00:00Z`, with three digits of fraction only when they are not zero.
 * Reads ISO 8601 (extended or compact, blank instead of `T`, any offset; without one it is UTC) and dates, which
 * mean their first moment.
 *
 * @returns null when the text is no time
 */
export function normaliseTime(text: string): string | null {
  if (text !== last.text) last = { text, time: normalise(text) };
  return last.time;
}

/** Rows of one export have the same time, a hundred thousand times. */
let last: { readonly text: string; readonly time: string | null } = { text: '', time: null };

function normalise(text: string): string | null {
  if (IN_FORM.test(text)) return text;
  const match = TIME.exec(text.trim());
  if (match === null) return null;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = match;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}Z`;
  const local = new Date(iso);
  // Date turns 30 February into 2 March: a time that does not come back as it went in does not exist.
  if (Number.isNaN(local.getTime()) || local.toISOString() !== iso) return null;
  const offset = offsetMinutes(zone);
  if (offset === null) return null;
  return formatTime(local.getTime() - offset * 60_000);
}

/** @param milliseconds since 1970, within the years 0 to 9999 */
export function formatTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('.000Z', 'Z');
}

function offsetMinutes(zone: string): number | null {
  if (!/^[+-]/.test(zone)) return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', '') || '0');
  if (hours > 23 || minutes > 59) return null;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

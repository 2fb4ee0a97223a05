import { TrustsieveError } from '../../errors.ts';

const ISO_UTC = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/;

/**
 * Evidence time as the tables hold it: ISO 8601 UTC without the closing `Z`. With the `Z`, half a second past noon
 * would sort before noon (`.` comes before `Z`); without it, text order is time order to any number of digits. Zeros at
 * the end of a fraction say nothing and go, so that one moment has one text.
 */
export function toColumnTime(iso: string): string {
  if (!ISO_UTC.test(iso)) throw new TrustsieveError('internal', `not an ISO 8601 UTC time: \`${iso}\``);
  return iso.slice(0, -1).replace(/(?:\.0+|(\.\d*[1-9])0+)$/, '$1');
}

/** The inverse of `toColumnTime`. */
export function fromColumnTime(column: string): string {
  return `${column}Z`;
}

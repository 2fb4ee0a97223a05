import { NEVER } from '../dates.ts';
import { isObject, type PlainObject } from '../values.ts';

/** Reading other people's JSON: what is missing or of the wrong type is null, never an exception. */
export function textOf(source: unknown, key: string): string | null {
  const value = ownValue(source, key);
  return typeof value === 'string' ? value : null;
}

export function objectsOf(source: unknown, key: string): readonly PlainObject[] {
  const value = ownValue(source, key);
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function ownValue(source: unknown, key: string): unknown {
  return isObject(source) && Object.hasOwn(source, key) ? source[key] : null;
}

const DATE = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * Seconds since 1970 of a date as the exports write it (`2024-03-01T10:00:00Z`, `... 10:00:00+00:00`, or a number
 * of seconds already); NEVER when there is none. A time without a zone is taken as UTC.
 */
export function secondsOf(source: unknown, key: string): number {
  const value = ownValue(source, key);
  if (typeof value === 'number' && Number.isFinite(value)) return Math.floor(value);
  const match = typeof value === 'string' ? DATE.exec(value) : null;
  if (match === null) return NEVER;
  const [, day = '', time = '00:00:00', zone = 'Z'] = match;
  const milliseconds = Date.parse(`${day}T${time.slice(0, 12)}${zone}`);
  return Number.isNaN(milliseconds) ? NEVER : Math.floor(milliseconds / 1000);
}

/**
 * A policy document as it is: nothing in it is normalised, because what a rule says depends on how it is written.
 * A document that is still URL-encoded text (RFC 3986, where `+` is a plus) is decoded; null when it is no JSON.
 */
export function documentOf(source: unknown, key: string): unknown {
  const value = ownValue(source, key);
  if (typeof value !== 'string') return value ?? null;
  return parseJson(value) ?? parseJson(decoded(value));
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

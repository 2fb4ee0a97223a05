import type { Switches } from './switches.ts';

/**
 * What the operators make of JSON values. Missing properties arrive as undefined and are null to the language.
 * Nothing here throws, whatever the value.
 */
export type PlainObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A bare value as a condition: null, false and empty lists are false, objects are true. */
export function truthTest(switches: Switches): (value: unknown) => boolean {
  const { emptyTextIsTrue, zeroIsTrue } = switches;
  return (value) => {
    switch (typeof value) {
      case 'string':
        return value.length > 0 || emptyTextIsTrue;
      case 'object':
        return value !== null && (!Array.isArray(value) || value.length > 0);
      case 'boolean':
        return value;
      case 'number':
        return value !== 0 || zeroIsTrue;
      default:
        return false;
    }
  };
}

export type Equality = (left: unknown, right: unknown) => boolean;

/** `=`: scalars only. A list or an object equals nothing; null equals null. */
export function equality(switches: Switches): Equality {
  const { booleanTextAnyCase, textEqualityAnyCase, numberEqualsText } = switches;
  const sameText = textEqualityAnyCase ? sameTextAnyCase : (left: string, right: string) => left === right;
  const scalar = (left: unknown, right: unknown): boolean => {
    if (typeof left === 'string') {
      if (typeof right === 'string') return sameText(left, right);
      if (typeof right === 'boolean') return isTextOf(right, left, booleanTextAnyCase);
      return typeof right === 'number' && numberEqualsText && numberOf(left) === right;
    }
    if (left === null || left === undefined) return right === null || right === undefined;
    return (typeof left === 'number' || typeof left === 'boolean') && left === right;
  };
  return (left, right) => (typeof right === 'string' ? scalar(right, left) : scalar(left, right));
}

function isTextOf(value: boolean, text: string, anyCase: boolean): boolean {
  const word = value ? 'true' : 'false';
  return text === word || (anyCase && text.length === word.length && text.toLowerCase() === word);
}

/** Case folding one UTF-16 unit at a time is what the language's `like` and `/i` do as well. */
function sameTextAnyCase(left: string, right: string): boolean {
  if (left === right) return true;
  return left.length === right.length && left.toLowerCase() === right.toLowerCase();
}

const DECIMAL = /^-?\d{1,300}(?:\.\d{1,300})?$/;

/** The number a text writes in plain decimal notation; null for any other text. */
function numberOf(text: string): number | null {
  return DECIMAL.test(text) ? Number(text) : null;
}

/** True for texts that only ever equal themselves, so that `===` decides; see the compiler's fast path. */
export function equalsOnlyItself(text: string, switches: Switches): boolean {
  return !switches.textEqualityAnyCase && !/^(?:true|false)$/i.test(text) && numberOf(text) === null;
}

/** Negative, zero, positive as left is below, equal to or above right; null when the two have no order. */
export function ordering(switches: Switches): (left: unknown, right: unknown) => number | null {
  const { nullOrder, numberEqualsText } = switches;
  return (left, right) => {
    if (left === null || left === undefined || right === null || right === undefined) {
      if (nullOrder === 'never') return null;
      return Number(left !== null && left !== undefined) - Number(right !== null && right !== undefined);
    }
    if (typeof left === 'string' && typeof right === 'string')
      return left < right ? -1 : left > right ? 1 : 0;
    const a = asNumber(left, numberEqualsText);
    const b = asNumber(right, numberEqualsText);
    return a === null || b === null || Number.isNaN(a - b) ? null : a - b;
  };
}

function asNumber(value: unknown, fromText: boolean): number | null {
  if (typeof value === 'number') return value;
  return fromText && typeof value === 'string' ? numberOf(value) : null;
}

/** Elements of a list, characters of a text, properties of an object; null for other scalars. */
export function lengthOf(value: unknown, ofNull: number | null): number | null {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  if (value === null || value === undefined) return ofNull;
  return typeof value === 'object' ? Object.keys(value).length : null;
}

/** Null, empty text, list or object. Numbers and booleans are never empty. */
export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value !== 'object') return false;
  for (const _ in value) return false;
  return true;
}

import {
  BOOLEAN_KEYS,
  CURRENT_TIME,
  EPOCH_TIME,
  EXTERNAL_ID,
  isAlwaysPresent,
  isMultivalued,
  isNeverPresent,
  SOURCE_IDENTITY,
  TOKEN_ISSUE_TIME,
} from '../iam/condition-keys.ts';
import type { Condition } from '../iam/conditions.ts';
import type { GlobToken } from '../iam/glob.ts';
import {
  ANY_TEXT,
  EXTERNAL_ID_TEXT,
  grammarAccepts,
  MAX_EXTERNAL_ID,
  MAX_SESSION_NAME,
  NON_EMPTY_TEXT,
  SESSION_NAME_TEXT,
} from '../iam/grammars.ts';
import { type Budget, type Grammar, isSimple, type Matcher, valueClasses } from '../iam/language.ts';
import type { ContextValue } from '../iam/truth.ts';
import { type AddressRange, parseAddressRange } from '../iam/values.ts';
import { usableAddress } from './usable-address.ts';

/** The values worth trying for one key: together they show everything the policy's conditions can tell apart. */
export interface Domain {
  readonly values: readonly ContextValue[];
  readonly exhaustive: boolean;
}

const ROLE_SESSION_NAME = 'sts:rolesessionname';
export const STRANGERS: readonly string[] = ['example', 'elsewhere', 'someone-else'];
/** Public ones, and plainly made up. */
export const STRANGER_ADDRESSES: readonly string[] = ['1.2.3.4', '5.6.7.8', '9.10.11.12'];
const HALF_OF_ALL = 1n << 31n;
const SET_LIMIT = 400;
/** Whatever a policy compares these with, a request has an address in them. */
const ADDRESS_KEYS: ReadonlySet<string> = new Set(['aws:sourceip', 'aws:vpcsourceip']);

/** What policy variables carry over from other keys. */
export interface Carried {
  /** Patterns that tell values apart like those of the key's own conditions. */
  readonly matchers: readonly Matcher[];
  /** Further values to try. */
  readonly texts: readonly string[];
}

export const NOTHING_CARRIED: Carried = { matchers: [], texts: [] };

/** The domain of one lower-case key, given every condition on it and what other keys may force on it. */
export function domainOf(
  key: string,
  conditions: readonly Condition[],
  carried: Carried,
  budget: Budget,
): Domain {
  if (isNeverPresent(key)) return { values: [undefined], exhaustive: true };
  const { texts, exhaustive } = presentTexts(key, conditions, carried, budget);
  const present: ContextValue[] = isMultivalued(key) ? sets(texts, conditions) : [...texts];
  const values = isAlwaysPresent(key) || key === TOKEN_ISSUE_TIME ? present : [undefined, ...present];
  return { values, exhaustive };
}

function presentTexts(
  key: string,
  conditions: readonly Condition[],
  carried: Carried,
  budget: Budget,
): { texts: readonly string[]; exhaustive: boolean } {
  if (BOOLEAN_KEYS.has(key)) {
    const texts =
      key === 'aws:principalisawsservice'
        ? ['false']
        : key === 'aws:viaawsservice'
          ? ['false', 'true']
          : ['true', 'false'];
    return { texts, exhaustive: true };
  }
  const texts = new Set<string>();
  const matchers: Matcher[] = [];
  const numbers: number[] = [];
  const dates: number[] = [];
  const bounds = new Map<32 | 128, bigint[]>();
  let boolean = false;
  for (const condition of conditions) {
    if (condition.kind !== 'compare') continue;
    const { comparison } = condition;
    const patterns: (readonly GlobToken[])[] = [];
    for (const value of condition.values) {
      switch (comparison.family) {
        case 'string':
        case 'arn':
          if (!value.hasVariable) patterns.push(value.pattern as readonly GlobToken[]);
          break;
        case 'number':
          if (value.number !== null) numbers.push(value.number);
          break;
        case 'date':
          if (value.number !== null) dates.push(value.number);
          break;
        case 'address':
          if (value.range !== null) {
            const list = bounds.get(value.range.bits) ?? [];
            list.push(value.range.first, value.range.last + 1n);
            bounds.set(value.range.bits, list);
          }
          break;
        case 'boolean':
          boolean = true;
          break;
        case 'binary':
          texts.add(value.text);
          break;
      }
    }
    const ignoreCase = comparison.family === 'string' && comparison.ignoreCase;
    const arn = comparison.family === 'arn';
    if (patterns.length > 0) matchers.push({ patterns, scope: 'whole', ignoreCase, arn });
  }
  matchers.push(...carried.matchers);
  const isTime = key === CURRENT_TIME || key === EPOCH_TIME || key === TOKEN_ISSUE_TIME;
  if (!isTime) for (const number of between(numbers)) texts.add(String(number));
  const moments = isTime ? [...latestFirst([...dates, ...numbers])] : between(dates);
  for (const moment of moments) texts.add(key === EPOCH_TIME ? String(moment) : printDate(moment));
  if (bounds.size > 0 || ADDRESS_KEYS.has(key))
    for (const address of addresses(key, bounds)) texts.add(address);
  if (boolean) texts.add('true').add('false');
  let exhaustive = true;
  if (isTime) {
    for (const text of [...plainTexts(matchers), ...carried.texts]) texts.add(text);
  } else {
    const found = textClasses(grammarOf(key), matchers, budget);
    exhaustive = found.exhaustive;
    const limit =
      key === EXTERNAL_ID
        ? MAX_EXTERNAL_ID
        : key === ROLE_SESSION_NAME || key === SOURCE_IDENTITY
          ? MAX_SESSION_NAME
          : Number.POSITIVE_INFINITY;
    const more = carried.texts.filter((text) => grammarAccepts(grammarOf(key), text));
    for (const text of [...found.values, ...more]) if (text.length <= limit) texts.add(text);
  }
  return { texts: [...texts], exhaustive };
}

function grammarOf(key: string): Grammar {
  if (key === EXTERNAL_ID) return EXTERNAL_ID_TEXT;
  if (key === ROLE_SESSION_NAME || key === SOURCE_IDENTITY) return SESSION_NAME_TEXT;
  return key.includes('tag/') ? ANY_TEXT : NON_EMPTY_TEXT;
}

function textClasses(grammar: Grammar, matchers: readonly Matcher[], budget: Budget) {
  if (!matchers.every(isSimple)) {
    const found = valueClasses(grammar, matchers, budget);
    // The stranger reads better than the shortest text that matches nothing, and is never wrong to try.
    return { values: [...strangers(grammar, found.values), ...found.values], exhaustive: found.exhaustive };
  }
  const literals = [...new Set(plainTexts(matchers))].filter((text) => grammarAccepts(grammar, text));
  return { values: [...strangers(grammar, literals), ...literals], exhaustive: true };
}

function strangers(grammar: Grammar, taken: readonly string[]): readonly string[] {
  const stranger = STRANGERS.find((text) => !taken.includes(text) && grammarAccepts(grammar, text));
  return stranger === undefined ? [] : [stranger];
}

/** The patterns' texts without their wildcards. */
function plainTexts(matchers: readonly Matcher[]): readonly string[] {
  return matchers.flatMap(({ patterns }) =>
    patterns.map((pattern) => pattern.filter((token) => typeof token === 'string').join('')),
  );
}

/** Every threshold, a point between neighbours, and one beyond each end: all that ordered comparisons can tell. */
function between(thresholds: readonly number[]): readonly number[] {
  const sorted = [...new Set(thresholds)].sort((a, b) => a - b);
  const points: number[] = [];
  sorted.forEach((value, index) => {
    if (index === 0) points.push(value - 1);
    points.push(value);
    const next = sorted[index + 1];
    points.push(next === undefined || next - value > 2 ? value + 1 : (value + next) / 2);
  });
  return points;
}

/** Far enough to be later than every moment a policy names on purpose. */
const FAR_FUTURE = Date.UTC(2099, 11, 31) / 1000;

/** The latest moment comes first, so that a request shows when its way in closes. */
function latestFirst(thresholds: readonly number[]): readonly number[] {
  return [...new Set([...between(thresholds), FAR_FUTURE])].sort((a, b) => b - a);
}

export function printDate(epochSeconds: number): string {
  const date = new Date(epochSeconds * 1000);
  return Number.isNaN(date.getTime()) ? String(epochSeconds) : date.toISOString().replace('.000Z', 'Z');
}

/**
 * One address of every stretch that the ranges cut the address space into, one that a caller can have where there is
 * one; addresses of the kind that callers have most come first.
 */
function addresses(key: string, bounds: ReadonlyMap<32 | 128, readonly bigint[]>): readonly string[] {
  const prefer = key === 'aws:vpcsourceip' ? 'private' : 'public';
  const ranges = bounds.get(32) ?? [];
  // Half of all addresses, or all of them, are no network that somebody could be said to come from.
  const isNamed = (text: string): boolean => {
    const { first } = parseAddressRange(text) as AddressRange;
    return ranges.some((start, index) => {
      const end = ranges[index + 1] ?? start;
      return index % 2 === 0 && start <= first && first < end && end - start < HALF_OF_ALL;
    });
  };
  const found = [32, 128].flatMap((bits) => {
    const width = bits === 32 ? 32 : 128;
    const end = 1n << BigInt(width);
    const starts = [...new Set([0n, ...(bounds.get(width) ?? [])])].filter((start) => start < end);
    starts.sort((a, b) => (a < b ? -1 : 1));
    return starts.map((start, index) =>
      usableAddress({ bits: width, first: start, last: (starts[index + 1] ?? end) - 1n }, prefer),
    );
  });
  found.sort((a, b) => a.rank - b.rank);
  return [
    ...new Set([...STRANGER_ADDRESSES.filter((text) => !isNamed(text)), ...found.map(({ text }) => text)]),
  ];
}

/** Sets of up to three values; more are needed only when more ForAnyValue conditions must hold at once. */
function sets(texts: readonly string[], conditions: readonly Condition[]): ContextValue[] {
  const result: (readonly string[])[] = texts.map((text) => [text]);
  const demands = conditions.filter(
    (condition) => condition.kind === 'compare' && condition.quantifier === 'for-any',
  );
  const size = Math.min(3, demands.length, texts.length);
  let from = 0;
  for (let length = 2; length <= size; length++) {
    const until = result.length;
    for (let i = from; i < until && result.length < SET_LIMIT; i++) {
      const base = result[i] as readonly string[];
      const last = texts.indexOf(base[base.length - 1] as string);
      for (const text of texts.slice(last + 1)) result.push([...base, text]);
    }
    from = until;
  }
  return result;
}

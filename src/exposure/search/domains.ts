import {
  ADDRESS_KEYS,
  BOOLEAN_KEYS,
  CURRENT_TIME,
  EPOCH_TIME,
  EXTERNAL_ID,
  isAlwaysPresent,
  isMultivalued,
  isNeverPresent,
  ROLE_SESSION_NAME,
  SOURCE_IDENTITY,
  TOKEN_ISSUE_TIME,
} from '../../iam/conditions/keys.ts';
import { ignoresCase } from '../../iam/conditions/operators.ts';
import type { Condition } from '../../iam/conditions/parse.ts';
import type { ContextValue } from '../../iam/conditions/truth.ts';
import type { GlobToken } from '../../iam/glob.ts';
import {
  ANY_TEXT,
  EXTERNAL_ID_TEXT,
  grammarAccepts,
  MAX_EXTERNAL_ID,
  MAX_SESSION_NAME,
  NON_EMPTY_TEXT,
  SESSION_NAME_TEXT,
} from '../../iam/grammars.ts';
import { type Grammar, valueClasses } from '../../iam/language.ts';
import { type Budget, isSimple, type Matcher } from '../../iam/matcher.ts';
import { addresses } from './addresses.ts';

/** The values worth trying for one key: together they show everything the policy's conditions can tell apart. */
export interface Domain {
  readonly values: readonly ContextValue[];
  readonly exhaustive: boolean;
}

/** Values that no policy means. */
export const STRANGER_TEXTS: readonly string[] = ['example', 'elsewhere', 'someone-else'];
const SET_LIMIT = 400;

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
  if (BOOLEAN_KEYS.has(key)) return { texts: booleans(key), exhaustive: true };
  const asked = askedOf(conditions);
  const matchers = [...asked.matchers, ...carried.matchers];
  const { numbers, dates, bounds } = asked;
  const texts = new Set(asked.binaries);
  const isTime = key === CURRENT_TIME || key === EPOCH_TIME || key === TOKEN_ISSUE_TIME;
  if (!isTime) for (const number of between(numbers)) texts.add(String(number));
  const moments = isTime ? [...latestFirst([...dates, ...numbers])] : between(dates);
  for (const moment of moments) texts.add(key === EPOCH_TIME ? String(moment) : printDate(moment));
  if (bounds.size > 0 || ADDRESS_KEYS.has(key))
    for (const address of addresses(key, bounds)) texts.add(address);
  if (asked.boolean) texts.add('true').add('false');
  if (isTime) {
    for (const text of [...plainTexts(matchers), ...carried.texts]) texts.add(text);
    return { texts: [...texts], exhaustive: true };
  }
  const grammar = grammarOf(key);
  const { values, exhaustive } = textClasses(grammar, matchers, budget);
  const more = carried.texts.filter((text) => grammarAccepts(grammar, text));
  for (const text of [...values, ...more]) if (text.length <= longestOf(key)) texts.add(text);
  return { texts: [...texts], exhaustive };
}

/** The likelier value first. */
function booleans(key: string): readonly string[] {
  if (key === 'aws:principalisawsservice') return ['false'];
  return key === 'aws:viaawsservice' ? ['false', 'true'] : ['true', 'false'];
}

/** What conditions compare the values of a key with, by the families of their operators. */
interface Asked {
  readonly matchers: readonly Matcher[];
  readonly numbers: readonly number[];
  readonly dates: readonly number[];
  /** The first addresses of ranges and those after their last, by the bits of an address. */
  readonly bounds: ReadonlyMap<32 | 128, readonly bigint[]>;
  readonly boolean: boolean;
  readonly binaries: readonly string[];
}

function askedOf(conditions: readonly Condition[]): Asked {
  const matchers: Matcher[] = [];
  const numbers: number[] = [];
  const dates: number[] = [];
  const bounds = new Map<32 | 128, bigint[]>();
  const binaries: string[] = [];
  let boolean = false;
  for (const condition of conditions) {
    if (condition.kind !== 'compare') continue;
    const { comparison, values } = condition;
    switch (comparison.family) {
      case 'string':
      case 'arn': {
        const plain = values.filter(({ hasVariable }) => !hasVariable);
        const patterns = plain.map(({ pattern }) => pattern as readonly GlobToken[]);
        const ignoreCase = ignoresCase(comparison);
        const arn = comparison.family === 'arn';
        if (patterns.length > 0) matchers.push({ patterns, scope: 'whole', ignoreCase, arn });
        break;
      }
      case 'number':
        for (const { number } of values) if (number !== null) numbers.push(number);
        break;
      case 'date':
        for (const { number } of values) if (number !== null) dates.push(number);
        break;
      case 'address':
        for (const { range } of values) {
          if (range === null) continue;
          const list = bounds.get(range.bits) ?? [];
          list.push(range.first, range.last + 1n);
          bounds.set(range.bits, list);
        }
        break;
      case 'boolean':
        boolean ||= values.length > 0;
        break;
      case 'binary':
        for (const { text } of values) binaries.push(text);
        break;
      default:
        comparison satisfies never;
    }
  }
  return { matchers, numbers, dates, bounds, boolean, binaries };
}

function longestOf(key: string): number {
  if (key === EXTERNAL_ID) return MAX_EXTERNAL_ID;
  return key === ROLE_SESSION_NAME || key === SOURCE_IDENTITY ? MAX_SESSION_NAME : Number.POSITIVE_INFINITY;
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
  const stranger = STRANGER_TEXTS.find((text) => !taken.includes(text) && grammarAccepts(grammar, text));
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

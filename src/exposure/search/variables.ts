import { ignoresCase } from '../../iam/conditions/operators.ts';
import type { Condition, ConditionValue } from '../../iam/conditions/parse.ts';
import type { ContextValue } from '../../iam/conditions/truth.ts';
import { ANY_ONE, ANY_RUN, type GlobToken } from '../../iam/glob.ts';
import type { Budget, Matcher } from '../../iam/matcher.ts';
import type { PatternToken, Variable } from '../../iam/pattern.ts';
import { type Carried, domainOf, NOTHING_CARRIED } from './domains.ts';

const NO_KEYS: readonly string[] = [];

/** Values that are looked through each time: to remember what so few hold costs more. */
const FEW_VALUES = 8;

/** The keys that fill the policy variables of a condition, lower case. */
export function variableKeys(condition: Condition): readonly string[] {
  if (condition.kind !== 'compare') return NO_KEYS;
  if (condition.values.length <= FEW_VALUES && !condition.values.some(hasVariable)) return NO_KEYS;
  let keys = keysOfConditions.get(condition);
  if (keys === undefined) {
    keys = readKeys(condition);
    keysOfConditions.set(condition, keys);
  }
  return keys;
}

const keysOfConditions = new WeakMap<Condition, readonly string[]>();

function hasVariable(value: ConditionValue): boolean {
  return value.hasVariable;
}

function readKeys(condition: Extract<Condition, { kind: 'compare' }>): readonly string[] {
  if (!condition.values.some(hasVariable)) return NO_KEYS;
  return condition.values.flatMap((value) =>
    value.pattern.flatMap((token) => (typeof token === 'object' ? [token.key] : [])),
  );
}

/** The values that keys outside the search take, by key; found when they are asked for, because few policies do. */
export type DeterminedTexts = ReadonlyMap<string, () => readonly string[]>;

export interface LinkedDomains {
  readonly byKey: ReadonlyMap<string, readonly ContextValue[]>;
  readonly exhaustive: boolean;
}

/** Bounds on what is tried for one key; beyond them the policy is called too complex, never clean. */
const MATCHER_LIMIT = 64;
const TEXT_LIMIT = 256;
const SPLIT_LIMIT = 256;
const FILL_LIMIT = 20_000;
const VARIABLE_LIMIT = 32;
/** Trust policies are shorter as a whole. */
const TOKEN_LIMIT = 4_096;

/** What is found so far, and whether a limit cut it short. */
interface Found {
  exhaustive: boolean;
  /** How many more fillings may be tried. */
  fillings: number;
}

function mayFill(found: Found): boolean {
  if (--found.fillings < 0) found.exhaustive = false;
  return found.fillings >= 0;
}

/**
 * The domains of keys that belong together. Where policy variables tie one key to another, their patterns and values
 * are carried over both ways: for `a-${other}` on a key, what `other` can be is put in for it, and what the key can be
 * is taken apart for `other`.
 */
export function linkedDomains(
  keys: readonly string[],
  conditions: readonly Condition[],
  determined: DeterminedTexts,
  told: ReadonlyMap<string, Carried>,
  budget: Budget,
): LinkedDomains {
  const all = templatesOf(conditions).filter(
    ({ key, variables }) => keys.includes(key) || variables.some((variable) => keys.includes(variable.key)),
  );
  const templates = all.filter(
    ({ pattern, variables }) => pattern.length <= TOKEN_LIMIT && variables.length <= VARIABLE_LIMIT,
  );
  const found: Found = { exhaustive: templates.length === all.length, fillings: FILL_LIMIT };
  const matchers = carriedMatchers(keys, conditions, templates, found);
  const domain = (key: string, texts: ReadonlySet<string>): readonly ContextValue[] => {
    const on = conditions.filter((condition) => condition.key === key);
    const before = told.get(key) ?? NOTHING_CARRIED;
    const carried = {
      matchers: [...before.matchers, ...(matchers.get(key) ?? [])],
      texts: [...before.texts, ...texts],
    };
    const { values, exhaustive } = domainOf(key, on, carried, budget);
    if (!exhaustive) found.exhaustive = false;
    return values;
  };
  const byKey = new Map(keys.map((key) => [key, domain(key, new Set())]));
  if (templates.length > 0) {
    const texts = carriedTexts(byKey, templates, determined, found);
    for (const [key, more] of texts) byKey.set(key, domain(key, more));
  }
  return { byKey, exhaustive: found.exhaustive };
}

/** The texts that the templates make of one key's values for another, both ways. */
function carriedTexts(
  domains: ReadonlyMap<string, readonly ContextValue[]>,
  templates: readonly Template[],
  determined: DeterminedTexts,
  found: Found,
): ReadonlyMap<string, ReadonlySet<string>> {
  const texts = new Map(
    [...domains].map(([key, values]) => [key, new Set(values.flatMap((one) => one ?? []))]),
  );
  const textsOf = (key: string): readonly string[] => determined.get(key)?.() ?? [...(texts.get(key) ?? [])];
  const add = (key: string, text: string): void => {
    const known = texts.get(key);
    if (known === undefined || known.has(text)) return;
    if (known.size < TEXT_LIMIT) known.add(text);
    else found.exhaustive = false;
  };
  // A chain of variables is at most as long as there are keys.
  for (let round = 0; round < domains.size; round++) {
    for (const template of templates) {
      for (const filled of fill(template, textsOf)) {
        if (!mayFill(found)) break;
        add(template.key, filled);
      }
      for (const text of textsOf(template.key)) {
        if (!mayFill(found)) break;
        for (const [key, part] of takeApart(template, text, found)) add(key, part);
      }
    }
  }
  return texts;
}

/** A condition value with variables. */
interface Template {
  readonly key: string;
  readonly pattern: readonly PatternToken[];
  readonly variables: readonly Variable[];
  readonly ignoreCase: boolean;
  readonly arn: boolean;
}

function templatesOf(conditions: readonly Condition[]): readonly Template[] {
  return conditions.flatMap((condition) => {
    if (condition.kind !== 'compare') return [];
    const { key, comparison } = condition;
    const ignoreCase = ignoresCase(comparison);
    return condition.values
      .filter(({ hasVariable }) => hasVariable)
      .map(({ pattern }) => {
        const variables = pattern.filter((token) => typeof token === 'object');
        return { key, pattern, variables, ignoreCase, arn: comparison.family === 'arn' };
      });
  });
}

/**
 * The patterns that variables carry from key to key, so that the values of each key show every combination of all of
 * them. A key without patterns, or outside the search, can be anything.
 */
function carriedMatchers(
  keys: readonly string[],
  conditions: readonly Condition[],
  templates: readonly Template[],
  found: Found,
): ReadonlyMap<string, readonly Matcher[]> {
  const carried = new Map<string, Map<string, Matcher>>();
  if (templates.length === 0) return new Map();
  const patternsOf = (key: string): readonly (readonly GlobToken[])[] => {
    if (!keys.includes(key)) return [[ANY_RUN]];
    const own = conditions.flatMap((condition) =>
      condition.kind === 'compare' && condition.key === key ? condition.values.filter(isPlain) : [],
    );
    const ownPatterns = own.map(({ pattern }) => pattern as readonly GlobToken[]);
    return [
      ...ownPatterns,
      ...[...(carried.get(key)?.values() ?? [])].flatMap(({ patterns }) => patterns),
      [ANY_RUN],
    ];
  };
  // A chain of variables is at most as long as there are keys.
  for (let round = 0; round < keys.length; round++) {
    for (const { key, pattern, ignoreCase, arn } of templates) {
      if (!keys.includes(key)) continue;
      const known = carried.get(key) ?? new Map<string, Matcher>();
      for (const tokens of substitutions(pattern, patternsOf)) {
        if (!mayFill(found)) break;
        const id = `${ignoreCase} ${arn} ${tokens.map(String).join('\u0000')}`;
        if (known.has(id)) continue;
        if (known.size >= MATCHER_LIMIT) {
          found.exhaustive = false;
          break;
        }
        known.set(id, { patterns: [tokens], scope: 'whole', ignoreCase, arn });
      }
      carried.set(key, known);
    }
  }
  return new Map([...carried].map(([key, known]) => [key, [...known.values()]]));
}

function isPlain({ hasVariable, pattern }: ConditionValue): boolean {
  return !hasVariable && pattern.length > 0;
}

/** The pattern with each alternative put in for each variable. */
function* substitutions(
  pattern: readonly PatternToken[],
  alternatives: (key: string) => readonly (readonly GlobToken[])[],
): Generator<readonly GlobToken[]> {
  const at = pattern.findIndex((token) => typeof token === 'object');
  const variable = pattern[at];
  if (typeof variable !== 'object') {
    yield pattern as readonly GlobToken[];
    return;
  }
  const fallback = variable.fallback === null ? [] : [[...variable.fallback]];
  for (const tokens of [...alternatives(variable.key), ...fallback]) {
    yield* substitutions([...pattern.slice(0, at), ...tokens, ...pattern.slice(at + 1)], alternatives);
  }
}

/** Texts that match the template when its variables have these values; wildcards stand for nothing. */
function* fill({ pattern }: Template, textsOf: (key: string) => readonly string[]): Generator<string> {
  const alternatives = (key: string): readonly (readonly GlobToken[])[] =>
    textsOf(key).map((text) => [...text]);
  for (const tokens of substitutions(pattern, alternatives)) {
    yield tokens.filter((token) => typeof token === 'string').join('');
  }
}

/** The values of the template's variables in every way in which the text matches it. */
function takeApart(
  { pattern, ignoreCase }: Template,
  text: string,
  found: Found,
): readonly (readonly [string, string])[] {
  const parts: (readonly [string, string])[] = [];
  const fold = (part: string): string => (ignoreCase ? part.toLowerCase() : part);
  let steps = 0;
  const walk = (token: number, at: number, taken: readonly (readonly [string, string])[]): void => {
    if (++steps > SPLIT_LIMIT) {
      found.exhaustive = false;
      return;
    }
    const wanted = pattern[token];
    if (wanted === undefined) {
      if (at === text.length) parts.push(...taken);
      return;
    }
    if (typeof wanted === 'string') {
      const matches = at < text.length && fold(text[at] as string) === fold(wanted);
      if (matches) walk(token + 1, at + 1, taken);
      return;
    }
    const least = wanted === ANY_ONE ? 1 : 0;
    const isLast = token === pattern.length - 1;
    const most = wanted === ANY_ONE ? 1 : text.length - at;
    for (let length = isLast ? most : least; length <= most; length++) {
      const part = text.slice(at, at + length);
      if (part.length < length) return;
      walk(token + 1, at + length, typeof wanted === 'object' ? [...taken, [wanted.key, part]] : taken);
    }
  };
  walk(0, 0, []);
  return parts;
}

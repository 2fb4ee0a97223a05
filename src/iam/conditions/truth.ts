import { splitInSix } from '../../model/arn.ts';
import { type GlobToken, globMatches } from '../glob.ts';
import { arnMatches, resolvePattern, splitArnPattern } from '../pattern.ts';
import { parseAddressRange, parseBoolean, parseDate, parseNumber } from '../values.ts';
import { isMultivalued } from './keys.ts';
import type { Relation } from './operators.ts';
import type { Condition, ConditionValue } from './parse.ts';

/** `unknown`: AWS does not define the answer, or contradicts itself. */
export type Truth = 'yes' | 'no' | 'unknown';

/** A key's value in a request; undefined: the key is absent. */
export type ContextValue = string | readonly string[] | undefined;

/** Looks a lower-case key up in a request. */
export type Context = (key: string) => ContextValue;

/**
 * Does a condition hold for a request? Rules and their sources:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html and
 * .../reference_policies_condition-single-vs-multi-valued-context-keys.html.
 *
 * `effect` matters for policy variables without a value: AWS warns that they might make the whole statement
 * invalid, so a Deny that needs one is not relied on.
 */
export function conditionTruth(condition: Condition, context: Context, effect: 'Allow' | 'Deny'): Truth {
  switch (condition.kind) {
    case 'undefined':
      return 'unknown';
    case 'null':
      return nullTruth(condition, context(condition.key));
    case 'compare': {
      const truth = compareTruth(condition, context);
      if (truth === 'yes' && effect === 'Deny' && lacksVariable(condition.values, context)) return 'unknown';
      return truth;
    }
  }
}

type NullCondition = Extract<Condition, { kind: 'null' }>;
type CompareCondition = Extract<Condition, { kind: 'compare' }>;

function nullTruth(condition: NullCondition, value: ContextValue): Truth {
  if (condition.quantifier === 'for-all') return 'yes';
  if (condition.quantifier === 'for-any') return 'no';
  if (condition.values.length === 0) return 'unknown';
  const absent = isAbsent(value);
  if (condition.values.includes(absent)) return 'yes';
  return condition.values.includes(null) ? 'unknown' : 'no';
}

/** An empty set of values counts as a missing key. */
function isAbsent(value: ContextValue): boolean {
  return value === undefined || (typeof value !== 'string' && value.length === 0);
}

function compareTruth(condition: CompareCondition, context: Context): Truth {
  const { quantifier, ifExists, negated, values } = condition;
  const value = context(condition.key);
  if (value === undefined || isAbsent(value)) {
    if (quantifier === 'for-all') return 'yes';
    // AWS says both that IfExists makes it true and that ForAnyValue makes it false.
    if (quantifier === 'for-any') return ifExists ? 'unknown' : 'no';
    if (ifExists) return 'yes';
    if (values.length === 0) return 'unknown';
    return negated ? 'yes' : 'no';
  }
  if (values.length === 0) {
    return quantifier === 'none' && !ifExists ? 'unknown' : 'no';
  }
  if (quantifier === 'none') {
    // AWS asks for a set operator and does not say what happens without (Access Analyzer: "Missing qualifier").
    if (isMultivalued(condition.key)) return 'unknown';
    if (typeof value !== 'string') return 'no';
    return elementTruth(condition, value, context);
  }
  const elements = typeof value === 'string' ? [value] : value;
  const truths = elements.map((element) => elementTruth(condition, element, context));
  const decisive: Truth = quantifier === 'for-all' ? 'no' : 'yes';
  if (truths.includes(decisive)) return decisive;
  if (truths.includes('unknown')) return 'unknown';
  return quantifier === 'for-all' ? 'yes' : 'no';
}

/** One value of the request against the condition's list: some value for a positive operator, none for a negated. */
function elementTruth(condition: CompareCondition, element: string, context: Context): Truth {
  const truthOf = comparing(condition, element, context);
  let unknown = false;
  for (const value of condition.values) {
    const truth = truthOf(value);
    if (truth === 'yes') return condition.negated ? 'no' : 'yes';
    if (truth === 'unknown') unknown = true;
  }
  if (unknown) return 'unknown';
  return condition.negated ? 'yes' : 'no';
}

/** Compares one value of the request, which is read once, with those of the condition. */
function comparing(
  { comparison }: CompareCondition,
  element: string,
  context: Context,
): (value: ConditionValue) => Truth {
  switch (comparison.family) {
    case 'string': {
      const fold = (text: string): string => (comparison.ignoreCase ? text.toLowerCase() : text);
      const folded = fold(element);
      return (value) => {
        if (!value.hasVariable && !comparison.wildcards && value.pattern.length === value.text.length) {
          return answer(fold(value.text) === folded);
        }
        const tokens = tokensOf(value, context);
        if (tokens === null) return 'no';
        if (!comparison.wildcards)
          return answer(fold(tokens.filter((token) => typeof token === 'string').join('')) === folded);
        if (!comparison.ignoreCase) return answer(globMatches(tokens, element));
        const pattern = tokens.map((token) => (typeof token === 'string' ? fold(token) : token));
        return answer(globMatches(pattern, folded));
      };
    }
    case 'arn': {
      const parts = splitInSix(element);
      return (value) => {
        const tokens = tokensOf(value, context);
        if (tokens === null) return 'no';
        const pattern = splitArnPattern(tokens);
        if (pattern === null) return 'unknown';
        return answer(parts !== null && arnMatches(pattern, parts));
      };
    }
    case 'binary':
      return (value) => answer(value.text === element);
    case 'boolean': {
      const actual = parseBoolean(element);
      return (value) => (value.boolean === null ? 'unknown' : answer(actual === value.boolean));
    }
    case 'address': {
      const actual = parseAddressRange(element);
      return ({ range }) => {
        if (range === null) return 'unknown';
        return answer(
          actual !== null &&
            actual.bits === range.bits &&
            actual.first >= range.first &&
            actual.last <= range.last,
        );
      };
    }
    case 'number':
    case 'date': {
      const { relation } = comparison;
      const actual = comparison.family === 'number' ? parseNumber(element) : parseDate(element);
      return (value) => {
        if (value.number === null || actual === null) return 'unknown';
        return answer(inOrder(relation, actual, value.number));
      };
    }
  }
}

function inOrder(relation: Relation, actual: number, bound: number): boolean {
  switch (relation) {
    case 'eq':
      return actual === bound;
    case 'lt':
      return actual < bound;
    case 'le':
      return actual <= bound;
    case 'gt':
      return actual > bound;
    case 'ge':
      return actual >= bound;
  }
}

function answer(holds: boolean): Truth {
  return holds ? 'yes' : 'no';
}

/** The value's pattern with its variables filled in; null when one has neither a value nor a default. */
function tokensOf({ pattern, hasVariable }: ConditionValue, context: Context): readonly GlobToken[] | null {
  if (!hasVariable) return pattern as readonly GlobToken[];
  return resolvePattern(pattern, (key) => variableValue(key, context));
}

/** Only single-valued keys can fill a policy variable. */
function variableValue(key: string, context: Context): string | null {
  const value = context(key);
  return typeof value === 'string' ? value : null;
}

function lacksVariable(values: readonly ConditionValue[], context: Context): boolean {
  return values.some((value) => tokensOf(value, context) === null);
}

import { type Json, JsonNumber, JsonObject } from '../json.ts';
import { hasVariable, type PatternToken, parsePattern } from '../pattern.ts';
import { type AddressRange, parseAddressRange, parseBoolean, parseDate, parseNumber } from '../values.ts';
import {
  type Comparison,
  OPERATORS,
  type Quantifier,
  splitOperator,
  takesVariables,
  takesWildcards,
} from './operators.ts';

/** One value of a condition; the field that its operator's family needs is set, null where the text is no such value. */
export interface ConditionValue {
  readonly text: string;
  /** For string and ARN comparisons. */
  readonly pattern: readonly PatternToken[];
  readonly hasVariable: boolean;
  readonly number: number | null;
  readonly boolean: boolean | null;
  readonly range: AddressRange | null;
}

/** One operator on one key: the unit that is ANDed with its neighbours. */
export type Condition = {
  /** As written, for messages. */
  readonly operator: string;
  /** Lower case: key names ignore case. */
  readonly key: string;
  readonly writtenKey: string;
} & (
  | { readonly kind: 'undefined' }
  | {
      readonly kind: 'null';
      readonly quantifier: Quantifier;
      readonly values: readonly (boolean | null)[];
    }
  | {
      readonly kind: 'compare';
      readonly quantifier: Quantifier;
      readonly ifExists: boolean;
      readonly negated: boolean;
      readonly comparison: Comparison;
      readonly values: readonly ConditionValue[];
    }
);

/**
 * How a policy's Version treats `${...}`: only 2012-10-17 knows policy variables
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).
 */
export type VariableMode = 'variables' | 'literal' | 'undefined';

/**
 * Reads a Condition element. All its members are ANDed; an empty object restricts nothing. Whatever AWS does not
 * define (an unknown operator, the same key twice in one block, a value that is no scalar) becomes a condition of
 * kind `undefined`.
 */
export function parseConditions(element: Json, variables: VariableMode): readonly Condition[] {
  if (!(element instanceof JsonObject)) return [undefinedCondition('Condition', '')];
  const conditions: Condition[] = [];
  for (const [operator, block] of element.members) {
    if (!(block instanceof JsonObject)) {
      conditions.push(undefinedCondition(operator, ''));
      continue;
    }
    const seen = new Map<string, number>();
    for (const [key] of block.members) {
      const lower = key.toLowerCase();
      seen.set(lower, (seen.get(lower) ?? 0) + 1);
    }
    for (const [key, value] of block.members) {
      const ambiguous = element.repeated.has(operator) || seen.get(key.toLowerCase()) !== 1;
      conditions.push(
        ambiguous ? undefinedCondition(operator, key) : parseCondition(operator, key, value, variables),
      );
    }
  }
  return conditions;
}

function undefinedCondition(operator: string, writtenKey: string): Condition {
  return { kind: 'undefined', operator, writtenKey, key: writtenKey.toLowerCase() };
}

function parseCondition(
  operator: string,
  writtenKey: string,
  value: Json,
  variables: VariableMode,
): Condition {
  const key = writtenKey.toLowerCase();
  const texts = scalarTexts(value);
  if (texts === null) return undefinedCondition(operator, writtenKey);
  const { quantifier, name, ifExists } = splitOperator(operator);
  const known = OPERATORS.get(name);
  if (known === undefined || (ifExists && !known.takesIfExists))
    return undefinedCondition(operator, writtenKey);
  const { comparison } = known;
  if (comparison === null)
    return { kind: 'null', operator, key, writtenKey, quantifier, values: texts.map(parseBoolean) };
  const filled = takesVariables(comparison);
  if (filled && variables === 'undefined' && texts.some((text) => text.includes('${')))
    return undefinedCondition(operator, writtenKey);
  const values = texts.map((text) => parseValue(text, comparison, filled && variables === 'variables'));
  const negated = known.negates !== null;
  return { kind: 'compare', operator, key, writtenKey, quantifier, ifExists, negated, comparison, values };
}

/** Numbers and booleans may be written without quotation marks. Null when some value is no scalar. */
function scalarTexts(value: Json): readonly string[] | null {
  const items = Array.isArray(value) ? (value as readonly Json[]) : [value as Json];
  const texts: string[] = [];
  for (const item of items) {
    if (typeof item === 'string') texts.push(item);
    else if (typeof item === 'boolean') texts.push(String(item));
    else if (item instanceof JsonNumber) texts.push(item.text);
    else return null;
  }
  return texts;
}

function parseValue(text: string, comparison: Comparison, variables: boolean): ConditionValue {
  const { family } = comparison;
  const pattern =
    family === 'string' || family === 'arn'
      ? parsePattern(text, { wildcards: takesWildcards(comparison), variables })
      : [];
  return {
    text,
    pattern,
    hasVariable: hasVariable(pattern),
    number: family === 'number' ? parseNumber(text) : family === 'date' ? parseDate(text) : null,
    boolean: family === 'boolean' ? parseBoolean(text) : null,
    range: family === 'address' ? parseAddressRange(text) : null,
  };
}

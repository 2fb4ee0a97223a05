import { type Json, JsonNumber, JsonObject, repeatedKeys } from '../json.ts';
import { parseBoolean } from '../values.ts';
import { listOf } from './elements.ts';
import { type Answer, any, OPERATORS, substitute } from './operators.ts';
import type { Context } from './request.ts';

/** Keys that hold a set of values; what they do without ForAllValues or ForAnyValue is not defined. */
const SETS =
  /^(?:aws:(?:calledvia|principalorgpaths|principalservicenameslist|resourceorgpaths|sourceorgpaths|vpceorgpaths|tagkeys)|sts:(?:requestcontextproviders|transitivetagkeys)|.*:amr)$/;

/** The operator of a condition, without what it compares. */
interface Form {
  readonly set: string | undefined;
  readonly ifExists: boolean;
  readonly negated: boolean;
}

/**
 * Whether the conditions of a statement hold.
 *
 * @param variables whether policy variables stand for values; null: AWS does not say
 */
export function conditionsHold(
  element: Json,
  context: Context,
  variables: boolean | null,
  effect: 'Allow' | 'Deny',
): Answer {
  if (!(element instanceof JsonObject)) return null;
  let result: Answer = true;
  for (const [operator, block] of element.members) {
    if (!(block instanceof JsonObject)) {
      result = null;
      continue;
    }
    const repeated = repeatedKeys(block.members, (key) => key.toLowerCase());
    for (const [key, value] of block.members) {
      const lower = key.toLowerCase();
      const ambiguous = element.repeated.has(operator) || repeated.has(lower);
      const answer = ambiguous ? null : conditionHolds(operator, lower, value, context, variables, effect);
      if (answer === false) return false;
      if (answer === null) result = null;
    }
  }
  return result;
}

function conditionHolds(
  operator: string,
  key: string,
  element: Json,
  context: Context,
  variables: boolean | null,
  effect: 'Allow' | 'Deny',
): Answer {
  const parsed = /^(ForAllValues:|ForAnyValue:)?(.+?)(IfExists)?$/.exec(operator);
  const [, set, name = '', ifExists] = (parsed ?? []) as (string | undefined)[];
  const form: Form = { set, ifExists: ifExists !== undefined, negated: name.includes('Not') };
  const wanted = textsOf(element);
  if (wanted === null) return null;
  const given = context.get(key);
  const values = given === undefined ? [] : typeof given === 'string' ? [given] : given;
  if (name === 'Null') return nullHolds(wanted, form, values.length === 0);
  const compare = OPERATORS.get(name);
  if (compare === undefined) return null;
  const textual = /^(?:String|Arn)/.test(name);
  if (textual && variables === null && wanted.some((text) => text.includes('${'))) return null;
  const patterns = wanted.map((text) =>
    textual && variables === true ? substitute(text, context) : [{ text, literal: false }],
  );
  const matches = (value: string): Answer => {
    const found = any(patterns.map((pattern) => (pattern === null ? false : compare(pattern, value))));
    return found === null ? null : found !== form.negated;
  };
  let answer: Answer;
  if (values.length === 0) answer = absentHolds(wanted.length, form);
  else if (wanted.length === 0) answer = set === undefined && !form.ifExists ? null : false;
  else if (set === undefined) answer = SETS.test(key) ? null : typeof given === 'string' && matches(given);
  else if (set === 'ForAnyValue:') answer = any(values.map(matches));
  else answer = all(values.map(matches));
  return answer === true && effect === 'Deny' && patterns.includes(null) ? null : answer;
}

/** The values of a condition as texts; null where one is neither text nor number nor truth. */
function textsOf(element: Json): readonly string[] | null {
  const texts: string[] = [];
  for (const item of listOf(element)) {
    if (typeof item === 'string') texts.push(item);
    else if (typeof item === 'boolean') texts.push(String(item));
    else if (item instanceof JsonNumber) texts.push(item.text);
    else return null;
  }
  return texts;
}

function nullHolds(wanted: readonly string[], { set, ifExists }: Form, isAbsent: boolean): Answer {
  if (ifExists) return null;
  if (set === 'ForAllValues:') return true;
  if (set === 'ForAnyValue:') return false;
  if (wanted.length === 0) return null;
  const asked = wanted.map(parseBoolean);
  if (asked.includes(isAbsent)) return true;
  return asked.includes(null) ? null : false;
}

function absentHolds(wanted: number, { set, ifExists, negated }: Form): Answer {
  if (set === 'ForAllValues:') return true;
  if (set === 'ForAnyValue:') return ifExists ? null : false;
  if (ifExists) return true;
  return wanted === 0 ? null : negated;
}

function all(answers: readonly Answer[]): Answer {
  if (answers.includes(false)) return false;
  return answers.includes(null) ? null : true;
}

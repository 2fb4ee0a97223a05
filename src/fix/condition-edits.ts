import { OPERATORS, splitOperator } from '../iam/conditions/operators.ts';
import { type Json, JsonObject } from '../iam/json.ts';
import { memberOf, withMember, withoutMember } from './policy-json.ts';

/**
 * Edits of a statement's Condition element, whose members are all ANDed. They only ever add to what a request must
 * meet: a key that an operator already tests is not written over.
 */

/** Adds the condition under the first of the operators that does not test the key yet; null when all do. */
export function addCondition(
  statement: JsonObject,
  operators: readonly string[],
  key: string,
  value: Json,
): JsonObject | null {
  const condition = conditionOf(statement);
  for (const operator of operators) {
    const block = memberOf(condition, operator) ?? new JsonObject([]);
    if (!(block instanceof JsonObject) || tests(block, key)) continue;
    const filled = new JsonObject([...block.members, [key, value]]);
    return withMember(statement, 'Condition', withMember(condition, operator, filled));
  }
  return null;
}

/** Puts a condition in the place of another on the same key; null when the new operator already tests the key. */
export function replaceCondition(
  statement: JsonObject,
  old: { readonly operator: string; readonly writtenKey: string },
  operator: string,
  value: Json | null,
): JsonObject | null {
  const condition = conditionOf(statement);
  const block = memberOf(condition, old.operator);
  if (!(block instanceof JsonObject)) return null;
  const kept = value ?? memberOf(block, old.writtenKey);
  if (kept === undefined) return null;
  if (operator === old.operator) {
    const changed = withMember(condition, operator, withMember(block, old.writtenKey, kept));
    return withMember(statement, 'Condition', changed);
  }
  const rest = withoutMember(block, old.writtenKey);
  // An operator that is left without keys gives its place to the new one.
  if (rest.members.length === 0 && memberOf(condition, operator) === undefined) {
    const members = condition.members.map((member): readonly [string, Json] =>
      member[0] === old.operator ? [operator, new JsonObject([[old.writtenKey, kept]])] : member,
    );
    return withMember(statement, 'Condition', new JsonObject(members));
  }
  const without =
    rest.members.length === 0
      ? withoutMember(condition, old.operator)
      : withMember(condition, old.operator, rest);
  return addCondition(withMember(statement, 'Condition', without), [operator], old.writtenKey, kept);
}

export function conditionOf(statement: JsonObject): JsonObject {
  const condition = memberOf(statement, 'Condition');
  return condition instanceof JsonObject ? condition : new JsonObject([]);
}

/** Names of condition keys ignore case. */
function tests(block: JsonObject, key: string): boolean {
  return block.members.some(([name]) => name.toLowerCase() === key.toLowerCase());
}

/** The operator without what lets requests pass that lack the key. */
export function plainOperator(operator: string): string {
  return splitOperator(operator).name;
}

/** The same, and of a negation what it negates. */
export function positiveOperator(operator: string): string {
  const name = plainOperator(operator);
  return OPERATORS.get(name)?.negates ?? name;
}

import { ignoresCase } from '../../iam/conditions/operators.ts';
import type { Condition, ConditionValue } from '../../iam/conditions/parse.ts';
import { literalText } from '../../iam/pattern.ts';

interface ValueIndex {
  readonly fold: (text: string) => string;
  readonly literals: ReadonlyMap<string, ConditionValue>;
  readonly first: ConditionValue;
  /** With wildcards or variables, or of a form that AWS does not define. */
  readonly others: readonly ConditionValue[];
}

/** Shorter lists are sooner looked through. */
const SHORT = 8;
const indexes = new WeakMap<Condition, ValueIndex | null>();

/**
 * The same condition with those of its values that can match `text`, and one that cannot: what it says of a request
 * whose key is `text` does not change, and long lists of plain values need not be looked through for every caller.
 */
export function conditionFor(condition: Condition, text: string): Condition {
  const index = knownIndex(condition);
  if (index === null || condition.kind !== 'compare') return condition;
  const { literals, fold, first, others } = index;
  return { ...condition, values: [literals.get(fold(text)) ?? first, ...others] };
}

/** How many of a condition's values each value of a request is compared with. */
export function comparedValues(condition: Condition): number {
  const index = knownIndex(condition);
  if (index !== null) return 1 + index.others.length;
  return condition.kind === 'compare' ? condition.values.length : 1;
}

function knownIndex(condition: Condition): ValueIndex | null {
  if (condition.kind !== 'compare' || condition.values.length <= SHORT) return null;
  let index = indexes.get(condition);
  if (index === undefined) {
    index = indexOf(condition);
    indexes.set(condition, index);
  }
  return index;
}

function indexOf(condition: Extract<Condition, { kind: 'compare' }>): ValueIndex | null {
  const { comparison, values } = condition;
  if (comparison.family !== 'string' && comparison.family !== 'arn') return null;
  const ignoreCase = ignoresCase(comparison);
  const fold = (text: string): string => (ignoreCase ? text.toLowerCase() : text);
  const literals = new Map<string, ConditionValue>();
  const others: ConditionValue[] = [];
  for (const value of values) {
    const text = value.hasVariable ? null : literalText(value.pattern);
    const whole = text !== null && (comparison.family === 'string' || text.split(':', 6).length === 6);
    if (whole) literals.set(fold(text), value);
    else others.push(value);
  }
  const [first] = literals.values();
  return first === undefined ? null : { fold, literals, first, others };
}

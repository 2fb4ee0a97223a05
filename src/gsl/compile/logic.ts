import type { PlainObject } from '../values.ts';
import { type Code, code, constant, formOf, type Run } from './code.ts';

/** `and` of any number of conditions; one that is known decides now. Conditions have no effects to preserve. */
export function compileAnd(items: readonly Code<boolean>[]): Code<boolean> {
  if (items.some((item) => item.constant && !item.value)) return constant(false);
  const open = items.filter((item) => !item.constant);
  const runs = openOnes(items);
  const [first, second, ...others] = open;
  const [a, b, c] = runs;
  if (a === undefined) return constant(true);
  if (b === undefined) return code(a);
  const special = first === undefined || second === undefined ? null : twoProperties(first, second, others);
  if (special !== null) return special;
  if (c === undefined) return code((self, root, env) => a(self, root, env) && b(self, root, env));
  if (runs.length === 3) {
    return code((self, root, env) => a(self, root, env) && b(self, root, env) && c(self, root, env));
  }
  return code(every(runs));
}

function every(runs: readonly Run<boolean>[]): Run<boolean> {
  return (self, root, env) => {
    for (let i = 0; i < runs.length; i++) if (!runs[i]!(self, root, env)) return false;
    return true;
  };
}

/** `Effect = 'x' and Action = 'y' and ...`: how nearly every condition on statements begins. */
function twoProperties(
  first: Code<boolean>,
  second: Code<boolean>,
  others: readonly Code<boolean>[],
): Code<boolean> | null {
  const a = formOf(first, 'property-is');
  const b = formOf(second, 'property-is');
  if (a === null || b === null) return null;
  const { key: keyA, text: textA } = a;
  const { key: keyB, text: textB } = b;
  const runs = openOnes(others);
  const [c, d] = runs;
  if (c !== undefined && runs.length <= 2) {
    const last = d ?? ALWAYS;
    return code((self, root, env) => {
      if (typeof self !== 'object' || self === null) return false;
      const value = self as PlainObject;
      return value[keyA] === textA && value[keyB] === textB && c(self, root, env) && last(self, root, env);
    });
  }
  const rest = every(runs);
  return code((self, root, env) => {
    if (typeof self !== 'object' || self === null) return false;
    const value = self as PlainObject;
    return value[keyA] === textA && value[keyB] === textB && rest(self, root, env);
  });
}

const ALWAYS: Run<boolean> = () => true;

/** `or` of any number of conditions. */
export function compileOr(items: readonly Code<boolean>[]): Code<boolean> {
  if (items.some((item) => item.constant && item.value)) return constant(true);
  const runs = openOnes(items);
  const [a, b, c] = runs;
  if (a === undefined) return constant(false);
  if (b === undefined) return code(a);
  const shared = samePrefix(items.filter((item) => !item.constant));
  if (shared !== null) return shared;
  if (c === undefined) return code((self, root, env) => a(self, root, env) || b(self, root, env));
  return code((self, root, env) => {
    for (let i = 0; i < runs.length; i++) if (runs[i]!(self, root, env)) return true;
    return false;
  });
}

/** `Condition.Bool.x = true or Condition.StringEquals.y`: what both paths begin with is read once. */
function samePrefix(items: readonly Code<boolean>[]): Code<boolean> | null {
  const [first, second, ...others] = items.map((item) => formOf(item, 'path-test'));
  if (first == null || second == null || others.length > 0) return null;
  const [key, a, b] = first.segments;
  const [otherKey, c, d] = second.segments;
  if (key === undefined || key !== otherKey || first.segments.length !== 3 || second.segments.length !== 3)
    return null;
  if (a === undefined || b === undefined || c === undefined || d === undefined) return null;
  const { test: test1 } = first;
  const { test: test2 } = second;
  const ofNothing1 = test1(undefined);
  const ofNothing2 = test2(undefined);
  return code((self) => {
    const value = typeof self === 'object' && self !== null ? (self as PlainObject)[key] : null;
    if (typeof value !== 'object' || value === null) return ofNothing1 || ofNothing2;
    const left = (value as PlainObject)[a];
    if (typeof left === 'object' && left !== null ? test1((left as PlainObject)[b]) : ofNothing1) return true;
    const right = (value as PlainObject)[c];
    return typeof right === 'object' && right !== null ? test2((right as PlainObject)[d]) : ofNothing2;
  });
}

export function negate(item: Code<boolean>): Code<boolean> {
  if (item.constant) return constant(!item.value);
  const { run } = item;
  return code((self, root, env) => !run(self, root, env));
}

function openOnes(items: readonly Code<boolean>[]): readonly Run<boolean>[] {
  return items.flatMap((item) => (item.constant ? [] : [item.run]));
}

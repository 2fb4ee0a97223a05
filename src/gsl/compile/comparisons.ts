import type { CompareOp } from '../ast.ts';
import { equalsOnlyItself } from '../values.ts';
import { type Code, type Context, code, constant, mapTest, runOf } from './code.ts';
import { get, propertyKey } from './paths.ts';

export function compileComparison(
  op: CompareOp,
  left: Code<unknown>,
  right: Code<unknown>,
  context: Context,
): Code<boolean> {
  const test = comparer(op, context);
  if (left.constant && right.constant) return constant(test(left.value, right.value));
  if (right.constant && !left.constant) {
    const special = op === '=' ? equalsConstant(left, right.value, context) : null;
    if (special !== null) return special;
    return mapTest(left, against(test, right.value));
  }
  const readLeft = runOf(left);
  const readRight = runOf(right);
  return code((self, root, env) => test(readLeft(self, root, env), readRight(self, root, env)));
}

function against(
  test: (left: unknown, right: unknown) => boolean,
  right: unknown,
): (left: unknown) => boolean {
  return (left) => test(left, right);
}

function comparer(
  op: CompareOp,
  { equal, order, switches }: Context,
): (left: unknown, right: unknown) => boolean {
  switch (op) {
    case '=':
      return equal;
    case '!=': {
      const { nullIsUnequal } = switches;
      return (left, right) => {
        const nulls =
          Number(left === null || left === undefined) + Number(right === null || right === undefined);
        return nulls === 0 ? !equal(left, right) : nulls === 1 && nullIsUnequal;
      };
    }
    case '<':
      return (left, right) => (order(left, right) ?? 0) < 0;
    case '>':
      return (left, right) => (order(left, right) ?? 0) > 0;
    case '<=':
      return (left, right) => (order(left, right) ?? 1) <= 0;
    case '>=':
      return (left, right) => (order(left, right) ?? -1) >= 0;
  }
}

/** `x = constant` without the general test of both sides' types; null when the general one is needed. */
function equalsConstant(left: Code<unknown>, right: unknown, { switches }: Context): Code<boolean> | null {
  if (typeof right === 'string' && equalsOnlyItself(right, switches)) {
    const key = propertyKey(left);
    if (key === null) return mapTest(left, (value) => value === right);
    return code((self) => get(self, key) === right, { kind: 'property-is', key, text: right });
  }
  if (right === null) return mapTest(left, (value) => value === null || value === undefined);
  if (typeof right !== 'boolean') return null;
  const word = String(right);
  const { booleanTextAnyCase } = switches;
  return mapTest(left, (value) => {
    if (value === right || value === word) return true;
    if (!booleanTextAnyCase || typeof value !== 'string') return false;
    return value.length === word.length && value.toLowerCase() === word;
  });
}

/** `x in (a, b, c)` */
export function compileInValues(
  left: Code<unknown>,
  values: readonly unknown[],
  context: Context,
): Code<boolean> {
  const { equal, switches } = context;
  const texts = values.filter((value) => typeof value === 'string' && equalsOnlyItself(value, switches));
  if (texts.length === values.length) {
    const set = new Set(values);
    return mapTest(left, (value) => set.has(value));
  }
  return mapTest(left, (value) => {
    for (let i = 0; i < values.length; i++) if (equal(value, values[i])) return true;
    return false;
  });
}

/** `x in (list)`: what is no list has no elements. */
export function compileInList(left: Code<unknown>, list: Code<unknown>, { equal }: Context): Code<boolean> {
  const test = (value: unknown, elements: unknown): boolean => {
    if (!Array.isArray(elements)) return false;
    for (let i = 0; i < elements.length; i++) if (equal(value, elements[i])) return true;
    return false;
  };
  if (left.constant && list.constant) return constant(test(left.value, list.value));
  const readLeft = runOf(left);
  const readList = runOf(list);
  return code((self, root, env) => test(readLeft(self, root, env), readList(self, root, env)));
}

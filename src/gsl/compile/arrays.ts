import { deepJson } from '../../text/json-text.ts';
import type { ArrayOp } from '../ast.ts';
import { isObject, type PlainObject } from '../values.ts';
import { type Code, type Context, code, type Env, formOf, type Run, runOf } from './code.ts';

/** An array operator as a condition; `with` is true when it keeps something. */
export function compileArrayTest(
  op: ArrayOp,
  target: Code<unknown>,
  test: Code<boolean>,
  context: Context,
): Code<boolean> {
  const read = runOf(target);
  const holds = bracket(test, context);
  const { objectAsList, emptyContainAll } = context.switches;
  switch (op) {
    case 'with':
    case 'contain':
    case 'contain-any':
      return code(someOf(target, holds, objectAsList));
    case 'contain-none': {
      const some = someOf(target, holds, objectAsList);
      return code((self, root, env) => !some(self, root, env));
    }
    case 'contain-all':
      return code((self, root, env) => {
        const list = read(self, root, env);
        if (!Array.isArray(list)) return objectAsList && isObject(list) && holds(list, root, env);
        for (let i = 0; i < list.length; i++) if (!holds(list[i], root, env)) return false;
        return list.length > 0 || emptyContainAll;
      });
  }
}

function someOf(target: Code<unknown>, holds: Run<boolean>, objectAsList: boolean): Run<boolean> {
  const some = (list: unknown, root: unknown, env: Env): boolean => {
    if (!Array.isArray(list)) return objectAsList && isObject(list) && holds(list, root, env);
    for (let i = 0; i < list.length; i++) if (holds(list[i], root, env)) return true;
    return false;
  };
  const [a, b, c] = formOf(target, 'path')?.segments ?? [];
  if (a !== undefined && b !== undefined && c === undefined) {
    // Written out, as in the other closures for common forms: property reads that see few keys stay fast.
    return (self, root, env) => {
      if (typeof self !== 'object' || self === null) return false;
      const value = (self as PlainObject)[a];
      return typeof value === 'object' && value !== null && some((value as PlainObject)[b], root, env);
    };
  }
  const read = runOf(target);
  return (self, root, env) => some(read(self, root, env), root, env);
}

/** `with` as a value: the elements that are kept, or the object itself, or null. */
export function compileWith(target: Code<unknown>, test: Code<boolean>, context: Context): Code<unknown> {
  const read = runOf(target);
  const holds = bracket(test, context);
  const { objectAsList } = context.switches;
  return code((self, root, env) => {
    const list = read(self, root, env);
    if (Array.isArray(list)) return list.filter((element: unknown) => holds(element, root, env));
    return objectAsList && isObject(list) && holds(list, root, env) ? list : null;
  });
}

/** Where `~` may mean the parent, each bracket notes the element it looks at. */
function bracket(test: Code<boolean>, { frames, depth }: Context): Run<boolean> {
  const holds = runOf(test);
  if (frames === null) return holds;
  const own = depth + 1;
  return (self, root, env) => {
    frames[own] = self;
    return holds(self, root, env);
  };
}

/** `groupBy`: one object per different value of the path, with the elements that have it in `values`. */
export function compileGroupBy(target: Code<unknown>, key: Run<unknown>): Code<unknown> {
  const read = runOf(target);
  return code((self, root, env) => {
    const list = read(self, root, env);
    if (!Array.isArray(list)) return null;
    const groups = new Map<unknown, { readonly values: unknown[] }>();
    for (const element of list) {
      const value = key(element, root, env) ?? null;
      // Lists and objects are equal for grouping when they are written the same; the prefix keeps them off texts.
      const id = typeof value === 'object' && value !== null ? `json:${deepJson(value)}` : textKey(value);
      const group = groups.get(id);
      if (group === undefined) groups.set(id, { values: [element] });
      else group.values.push(element);
    }
    return [...groups.values()];
  });
}

function textKey(value: unknown): unknown {
  return typeof value === 'string' ? `text:${value}` : value;
}

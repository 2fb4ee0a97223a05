import type { PlainObject } from '../values.ts';
import { type Code, type Context, code, formOf, map, runOf } from './code.ts';

/** `x split(separator)` */
export function compileSplit(target: Code<unknown>, separator: string, context: Context): Code<unknown> {
  return map(target, splitter(separator, context));
}

function splitter(separator: string, { switches }: Context): (value: unknown) => readonly unknown[] | null {
  const flatten = switches.splitList === 'flatten';
  return (value) => {
    if (typeof value === 'string') return value.split(separator);
    if (!flatten || !Array.isArray(value)) return null;
    return value.flatMap((element: unknown) =>
      typeof element === 'string' ? element.split(separator) : [element],
    );
  };
}

/** `x in (y split(separator))` without making the list, for separators of one character. */
export function compileInSplit(
  left: Code<unknown>,
  target: Code<unknown>,
  separator: string,
  context: Context,
): Code<boolean> {
  const { equal, switches } = context;
  const split = splitter(separator, context);
  const flatten = switches.splitList === 'flatten';
  const readLeft = runOf(left);
  const readTarget = runOf(target);
  const exact = !switches.textEqualityAnyCase;
  const holds = (wanted: unknown, value: unknown): boolean => {
    if (exact && typeof wanted === 'string' && wanted !== '') {
      if (typeof value === 'string') return hasPart(value, separator, wanted);
      if (!flatten || !Array.isArray(value)) return false;
      for (let i = 0; i < value.length; i++) {
        const element: unknown = value[i];
        if (typeof element === 'string' ? hasPart(element, separator, wanted) : equal(wanted, element))
          return true;
      }
      return false;
    }
    return split(value)?.some((part) => equal(wanted, part)) ?? false;
  };
  const [a, b, c] = formOf(target, 'path')?.segments ?? [];
  if (a !== undefined && b !== undefined && c === undefined) {
    return code((self, root, env) => {
      if (typeof self !== 'object' || self === null) return false;
      const value = (self as PlainObject)[a];
      if (typeof value !== 'object' || value === null) return false;
      return holds(readLeft(self, root, env), (value as PlainObject)[b]);
    });
  }
  return code((self, root, env) => holds(readLeft(self, root, env), readTarget(self, root, env)));
}

/** Is `wanted` (not empty) one of the parts between the one-character separators? */
function hasPart(text: string, separator: string, wanted: string): boolean {
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    const end = at + wanted.length;
    if ((at === 0 || text[at - 1] === separator) && (end === text.length || text[end] === separator)) {
      return !wanted.includes(separator);
    }
  }
  return false;
}

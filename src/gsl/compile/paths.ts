import { isObject, type PlainObject } from '../values.ts';
import { type Code, code, formOf, type Run } from './code.ts';

export function compilePath(segments: readonly string[]): Code<unknown> {
  const run = readPath(segments);
  return code(run, segments.every(isPlain) ? { kind: 'path', segments } : undefined);
}

/** The key when the code is just one plain property of the element at hand. */
export function propertyKey(compiled: Code<unknown>): string | null {
  const segments = formOf(compiled, 'path')?.segments ?? [];
  return segments.length === 1 ? (segments[0] ?? null) : null;
}

/**
 * Reading a path: a missing key, null, a scalar or a list on the way gives null (here undefined, which is the
 * same to every operator). Only an object's own properties count, so that `constructor` is nothing special.
 */
export function readPath(segments: readonly string[]): Run<unknown> {
  if (!segments.every(isPlain)) return (self) => segments.reduce<unknown>(own, self);
  const [a, b, c, d] = segments;
  if (a === undefined) return (self) => self;
  if (b === undefined) return (self) => get(self, a);
  if (c === undefined) return (self) => get(get(self, a), b);
  if (d === undefined) return (self) => get(get(get(self, a), b), c);
  const rest = segments.slice(3);
  return (self) => {
    let value = get(get(get(self, a), b), c);
    for (let i = 0; i < rest.length; i++) value = get(value, rest[i]!);
    return value;
  };
}

const INHERITED = [Object.prototype, Array.prototype];

/** True when no list or object has such a property without being given it. */
export function isPlain(key: string): boolean {
  return !INHERITED.some((prototype) => key in prototype);
}

/** For plain keys: a list has none of them, so it needs no test of its own. */
export function get(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as PlainObject)[key] : undefined;
}

export function own(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

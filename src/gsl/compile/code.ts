import type { Switches } from '../switches.ts';
import type { Equality } from '../values.ts';

/** What an evaluation may know besides the entity. */
export interface Env {
  /** The moment that date functions call now, in seconds since 1970. */
  readonly asOf: number;
}

/** `self`: the element at hand, or the entity outside brackets. `root`: the entity. */
export type Run<T> = (self: unknown, root: unknown, env: Env) => T;

/** Compiled code: a value known already, or a closure. */
export type Code<T> =
  | { readonly constant: true; readonly value: T }
  | { readonly constant: false; readonly run: Run<T>; readonly form?: Form };

/** Forms so common that what is built upon them has a closure of its own; each saves a call per evaluation. */
export type Form =
  /** A path of the element at hand whose keys are all plain (see paths.ts). */
  | { readonly kind: 'path'; readonly segments: readonly string[] }
  /** The property `key` of the element at hand is exactly `text`. */
  | { readonly kind: 'property-is'; readonly key: string; readonly text: string }
  /** A test of nothing but the value at such a path. */
  | {
      readonly kind: 'path-test';
      readonly segments: readonly string[];
      readonly test: (value: unknown) => boolean;
    };

export function constant<T>(value: T): Code<T> {
  return { constant: true, value };
}

export function code<T>(run: Run<T>, form?: Form): Code<T> {
  return form === undefined ? { constant: false, run } : { constant: false, run, form };
}

export function formOf<K extends Form['kind']>(
  compiled: Code<unknown>,
  kind: K,
): Extract<Form, { kind: K }> | null {
  const form = compiled.constant ? undefined : compiled.form;
  return form?.kind === kind ? (form as Extract<Form, { kind: K }>) : null;
}

export function runOf<T>(compiled: Code<T>): Run<T> {
  if (!compiled.constant) return compiled.run;
  const { value } = compiled;
  return () => value;
}

/** `f` of a compiled value, computed now when the value is known now. */
export function map<A, B>(input: Code<A>, f: (value: A) => B): Code<B> {
  if (input.constant) return constant(f(input.value));
  const { run } = input;
  return code((self, root, env) => f(run(self, root, env)));
}

/** A test of a compiled value. */
export function mapTest(input: Code<unknown>, test: (value: unknown) => boolean): Code<boolean> {
  const path = formOf(input, 'path');
  if (input.constant || path === null) return map(input, test);
  const { run } = input;
  return code((self, root, env) => test(run(self, root, env)), {
    kind: 'path-test',
    segments: path.segments,
    test,
  });
}

/** What compiling an expression depends on. */
export interface Context {
  readonly switches: Switches;
  readonly truth: (value: unknown) => boolean;
  readonly equal: Equality;
  readonly order: (left: unknown, right: unknown) => number | null;
  /** Number of array brackets around. */
  readonly depth: number;
  /** The element at hand of every open bracket, written at evaluation time; null when no `~` needs it. */
  readonly frames: unknown[] | null;
}

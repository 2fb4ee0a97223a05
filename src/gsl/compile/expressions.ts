import { deepJson } from '../../text/json-text.ts';
import type { Call, Expr } from '../ast.ts';
import { isTimeUnit, shiftBy } from '../dates.ts';
import { compileLike, compilePattern, type Pattern, type PatternResult } from '../regex/pattern.ts';
import { containsWithoutText, searchText } from '../search-text.ts';
import { isBarePattern } from '../switches.ts';
import { isEmpty, lengthOf, type PlainObject } from '../values.ts';
import { compileArrayTest, compileGroupBy, compileWith } from './arrays.ts';
import { type Code, type Context, code, constant, map, mapTest, runOf } from './code.ts';
import { compileComparison, compileInList, compileInValues } from './comparisons.ts';
import { compileAnd, compileOr, negate } from './logic.ts';
import { compilePath, get, isPlain, own, propertyKey, readPath } from './paths.ts';
import { compileInSplit, compileSplit } from './split.ts';

/** Compiles an expression that is used as a condition. The tree must have passed the checker. */
export function compileTest(expr: Expr, context: Context): Code<boolean> {
  switch (expr.kind) {
    case 'or':
      return compileOr(expr.items.map((item) => compileTest(item, context)));
    case 'and':
      return compileAnd(expr.items.map((item) => compileTest(item, context)));
    case 'not':
      return negate(compileTest(expr.operand, context));
    case 'compare': {
      const { op, left, right } = expr;
      return compileComparison(op, compileValue(left, context), compileValue(right, context), context);
    }
    case 'like': {
      const like = likeTest(patternIn(compileLike(expr.pattern)));
      const { negated } = expr;
      const ofNull = negated && context.switches.nullIsUnequal;
      return mapTest(compileValue(expr.left, context), (value) => {
        if (value === null || value === undefined) return ofNull;
        return like(value) !== negated;
      });
    }
    case 'regex':
      return compileRegex(
        compileValue(expr.left, context),
        patternIn(compilePattern(expr.source, expr.flags)),
        context,
      );
    case 'in-values': {
      const values = expr.list.map(({ value }) => value);
      return compileInValues(compileValue(expr.left, context), values, context);
    }
    case 'in-list':
      return compileIn(expr.left, expr.list, context);
    case 'array': {
      const target = compileValue(expr.target, context);
      return compileArrayTest(expr.op, target, compileBracket(expr.test, context), context);
    }
    case 'call':
      if (expr.name === 'isEmpty') return mapTest(targetOf(expr, context), isEmpty);
      if (expr.name === 'before' || expr.name === 'after') return compileDate(expr, context);
      return mapTest(compileValue(expr, context), context.truth);
    case 'group-by':
    case 'outward':
    case 'literal':
    case 'path':
    case 'self':
      return mapTest(compileValue(expr, context), context.truth);
  }
}

/** Compiles an expression that is used for its value. */
function compileValue(expr: Expr, context: Context): Code<unknown> {
  switch (expr.kind) {
    case 'literal':
      return constant(expr.value);
    case 'path':
      return compilePath(expr.segments);
    case 'self':
      return code((self) => self);
    case 'outward':
      return compileOutward(expr, context);
    case 'group-by':
      return compileGroupBy(compileValue(expr.target, context), readPath(expr.path.segments));
    case 'array':
      if (expr.op !== 'with') return compileTest(expr, context);
      return compileWith(compileValue(expr.target, context), compileBracket(expr.test, context), context);
    case 'call':
      return compileCall(expr, context);
    default:
      return compileTest(expr, context);
  }
}

function compileCall(call: Call, context: Context): Code<unknown> {
  const [arg] = call.args;
  const text = arg?.kind === 'literal' && typeof arg.value === 'string' ? arg.value : '';
  switch (call.name) {
    case 'length': {
      const ofNull = context.switches.nullLength === 'zero' ? 0 : null;
      return map(targetOf(call, context), (value) => lengthOf(value, ofNull));
    }
    case 'split':
      return compileSplit(targetOf(call, context), text, context);
    case 'getValue':
      if (call.target === null) return isPlain(text) ? compilePath([text]) : code((self) => own(self, text));
      return map(
        targetOf(call, context),
        isPlain(text) ? (value) => get(value, text) : (value) => own(value, text),
      );
    case 'isEmpty':
    case 'before':
    case 'after':
      return compileTest(call, context);
    default:
      throw new Error('the rule was not checked before it was compiled');
  }
}

/** What a function is applied to: the value before it, or the element at hand. */
function targetOf(call: Call, context: Context): Code<unknown> {
  return call.target === null ? code((self) => self) : compileValue(call.target, context);
}

function compileIn(left: Expr, list: Expr, context: Context): Code<boolean> {
  const [separator] = list.kind === 'call' && list.name === 'split' ? list.args : [];
  if (list.kind === 'call' && separator?.kind === 'literal' && typeof separator.value === 'string') {
    const target = targetOf(list, context);
    if (separator.value.length === 1 && !target.constant) {
      return compileInSplit(compileValue(left, context), target, separator.value, context);
    }
  }
  return compileInList(compileValue(left, context), compileValue(list, context), context);
}

/** The inside of an array bracket. A bare text stands for equality, or for `like` when it holds a `%`. */
function compileBracket(test: Expr, context: Context): Code<boolean> {
  if (test.kind !== 'literal' || (typeof test.value !== 'string' && typeof test.value !== 'number')) {
    return compileTest(test, { ...context, depth: context.depth + 1 });
  }
  const self: Code<unknown> = code((element) => element);
  if (isBarePattern(test, context.switches))
    return mapTest(self, likeTest(patternIn(compileLike(test.value))));
  return compileComparison('=', self, constant(test.value), context);
}

function compileOutward(expr: Extract<Expr, { kind: 'outward' }>, context: Context): Code<unknown> {
  const operand = compileValue(expr.operand, context);
  const run = runOf(operand);
  const { frames, depth } = context;
  const level = depth - expr.levels;
  if (frames === null || level === 0) {
    const key = propertyKey(operand);
    if (key !== null) return code((_, root) => get(root, key));
    return code((_, root, env) => run(root, root, env));
  }
  return code((_, root, env) => run(frames[level], root, env));
}

function compileDate(call: Call, context: Context): Code<boolean> {
  const [count, unit] = call.args.map((arg) => (arg.kind === 'literal' ? arg.value : null));
  const shift =
    typeof count === 'number' && isTimeUnit(unit)
      ? shiftBy(count, unit, context.switches.month)
      : (now: number): number => now;
  const read = runOf(targetOf(call, context));
  const isBefore = call.name === 'before';
  return code((self, root, env) => {
    const date = read(self, root, env);
    if (typeof date === 'number') return isBefore ? date < shift(env.asOf) : date > shift(env.asOf);
    // No date at all is as long ago as can be.
    return isBefore && (date === null || date === undefined);
  });
}

function patternIn(result: PatternResult): Pattern {
  if (!result.ok) throw new Error('the rule was not checked before it was compiled');
  return result.pattern;
}

/** `like` is about scalars: it never looks into lists and objects. */
function likeTest({ test }: Pattern): (value: unknown) => boolean {
  return (value) => {
    if (typeof value === 'string') return test(value);
    return (typeof value === 'number' || typeof value === 'boolean') && test(String(value));
  };
}

function compileRegex(left: Code<unknown>, pattern: Pattern, context: Context): Code<boolean> {
  const test = regexTest(pattern, context);
  const key = propertyKey(left);
  if (key === null) return mapTest(left, test);
  const ofNothing = test(undefined);
  return code((self) => {
    if (typeof self !== 'object' || self === null) return ofNothing;
    return test((self as PlainObject)[key]);
  });
}

function regexTest(pattern: Pattern, { switches }: Context): (value: unknown) => boolean {
  const { test, needle } = pattern;
  const inStructure =
    switches.regexOnStructure === 'false'
      ? () => false
      : ((needle === null ? null : containsWithoutText(needle)) ??
        ((value: object) => test(deepJson(value))));
  return (value) => {
    if (typeof value === 'string') return test(value);
    if (typeof value === 'object' && value !== null) return inStructure(value);
    const text = searchText(value);
    return text !== null && test(text);
  };
}

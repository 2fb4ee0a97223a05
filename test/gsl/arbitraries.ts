import fc from 'fast-check';
import {
  ARRAY_OPS,
  type Call,
  COMPARE_OPS,
  type Expr,
  isConstantWord,
  KEYWORDS,
  type Literal,
  type Path,
  type Rule,
} from '../../src/gsl/ast.ts';

/** Random syntax trees that a text can express. */
const word = fc
  .stringMatching(/^[A-Za-z_][A-Za-z0-9_:-]{0,8}$/)
  .filter((text) => !KEYWORDS.has(text) && !isConstantWord(text));
const text = fc.string({ unit: 'binary', maxLength: 8 }).filter((s) => !(s.includes("'") && s.includes('"')));
const number = fc
  .oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))
  .map((value) => value + 0);

export const literal: fc.Arbitrary<Literal> = fc
  .oneof(text, number, fc.boolean(), fc.constant(null))
  .map((value) => ({ kind: 'literal', value }));

const path: fc.Arbitrary<Path> = fc
  .tuple(word, fc.array(fc.oneof(word, fc.constantFrom('with', 'true', 'in')), { maxLength: 3 }))
  .map(([first, rest]) => ({ kind: 'path', segments: [first, ...rest] }));

const regexBody = fc
  .array(fc.constantFrom('a', '[b-d]', '\\/', '\\w', '.', '(x|y)', '^', '$', ' ', "'", ']'), { maxLength: 5 })
  .map((parts) => parts.join(''));

const several = <T>(items: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.array(items, { minLength: 2, maxLength: 3 });

const { expr } = fc.letrec<{ expr: Expr; call: Call }>((tie) => {
  const inner = tie('expr');
  return {
    call: fc.record({
      kind: fc.constant('call' as const),
      name: word,
      target: fc.constant(null),
      args: fc.array(inner, { maxLength: 2 }),
    }),
    expr: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      path,
      literal,
      fc.constant<Expr>({ kind: 'self' }),
      tie('call'),
      several(inner).map((items): Expr => ({ kind: 'or', items })),
      several(inner).map((items): Expr => ({ kind: 'and', items })),
      inner.map((operand): Expr => ({ kind: 'not', operand })),
      fc
        .tuple(fc.constantFrom(...COMPARE_OPS), inner, inner)
        .map(([op, left, right]): Expr => ({ kind: 'compare', op, left, right })),
      fc
        .tuple(inner, fc.boolean(), text)
        .map(([left, negated, pattern]): Expr => ({ kind: 'like', negated, left, pattern })),
      fc
        .tuple(inner, regexBody, fc.constantFrom('', 'i'))
        .map(([left, source, flags]): Expr => ({ kind: 'regex', left, source, flags })),
      fc
        .tuple(inner, fc.array(literal, { minLength: 1, maxLength: 3 }))
        .map(([left, list]): Expr => ({ kind: 'in-values', left, list })),
      fc
        .tuple(
          inner,
          inner.filter(({ kind }) => kind !== 'literal'),
        )
        .map(([left, list]): Expr => ({ kind: 'in-list', left, list })),
      fc
        .tuple(fc.constantFrom(...ARRAY_OPS), inner, inner)
        .map(([op, target, test]): Expr => ({ kind: 'array', op, target, test })),
      fc.tuple(inner, path).map(([target, by]): Expr => ({ kind: 'group-by', target, path: by })),
      fc
        .tuple(word, inner, fc.array(inner, { maxLength: 2 }))
        .map(([name, target, args]): Expr => ({ kind: 'call', name, target, args })),
      fc
        .tuple(fc.integer({ min: 1, max: 3 }), fc.oneof(path, tie('call')))
        .map(([levels, operand]): Expr => ({ kind: 'outward', levels, operand })),
    ),
  };
});

const target = fc.record({ entity: word, list: fc.boolean(), where: fc.option(expr) });

export const rule: fc.Arbitrary<Rule> = fc.oneof(
  fc.record({ kind: fc.constant('constant' as const), value: fc.boolean() }),
  fc.record({
    kind: fc.constant('query' as const),
    target: fc.record({ entity: word, list: fc.boolean(), where: expr }),
  }),
  fc.record({
    kind: fc.constant('assertion' as const),
    target,
    negated: fc.boolean(),
    verb: fc.constantFrom('have' as const, 'be' as const, null),
    expected: expr,
    exclude: fc.option(expr),
  }),
);

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interpreter } from '../../bench/rivals/gsl-interpreter.ts';
import { judge, judgeTuned } from '../../bench/rivals/gsl-predicate.ts';
import { compileRule } from '../../src/gsl/compile-rule.ts';
import { parseRule } from '../../src/gsl/parser.ts';
import { containsWithoutText } from '../../src/gsl/search-text.ts';
import { D9_AWS_IAM_99 } from '../../src/rules/d9-aws-iam-99/rule.ts';
import { deepJson } from '../../src/text/json-text.ts';
import { rule } from './arbitraries.ts';
import { printRule } from './printer.ts';

const ENV = { asOf: 1_700_000_000 };

function compiled(text: string) {
  const result = compileRule(text);
  if (!result.ok) throw new Error(result.errors[0]?.message);
  return result.compiled;
}

/** Conditions that between them use every operator and function, on properties a to d. */
const CONDITIONS: readonly string[] = [
  'a',
  'a.b.c.d.a = b',
  "a = 'x' and b = 'y' and c = 'z'",
  'a != 1 or b < 2 or c <= d or a > b or a >= 3',
  "a = true or b = false or c = null or d = '5' or a = 'True' or b = 7",
  "a like '%x%' or b unlike 'x'",
  'a regexMatch /x/ or b regexMatch /^(x|y)+z?$/i or c regexMatch /[0-9]{2,}/',
  "a in ('x', 'y') or b in (1, true) or c in (d) or a in (b split(':')) or c in (d split('::'))",
  'a contain [$ = 1] or b contain-any [c] or c contain-all [d] or d contain-none [a]',
  "a contain ['x%'] or b contain ['x'] or c contain [1]",
  'a with [b] length() > 0 or b with [c]',
  'a groupBy [b] contain [values length() > 1]',
  "a contain [~b = c and not ~getValue('d') in (a split(':'))]",
  "a before(-90, 'days') or b after(3, 'months') or c before(1, 'years')",
  'a isEmpty() or b length() = 2 or isEmpty() or length() > 1',
  "a getValue('toString') or constructor or a.__proto__ or a.length or b.hasOwnProperty.call",
  'Condition.Bool.a = true or Condition.StringEquals.b',
];
const RULES = CONDITIONS.flatMap((condition) => [
  compiled(`Thing should have ${condition}`),
  compiled(`Thing where ${condition} should not have ${condition} exclude not (${condition})`),
  compiled(`List<Thing> should have items contain [${condition.replace(/~/g, '')}]`),
]);

const value = fc.oneof(
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withNullPrototype: true }),
  fc.constantFrom('x', 'x:y', 'X', 'true', '5', 'xyz', '12'),
);
const thing = fc.oneof(
  value,
  fc.record(
    {
      a: value,
      b: value,
      c: fc.array(value),
      d: fc.dictionary(fc.constantFrom('a', 'b', 'c'), value),
      items: fc.array(value),
    },
    { requiredKeys: [] },
  ),
);

describe('the language as a whole', () => {
  it('prints every tree so that it parses back to the same tree', () => {
    fc.assert(
      fc.property(rule, (tree) => {
        const text = printRule(tree);
        expect(parseRule(text)).toMatchObject({ ok: true, warnings: [] });
        const again = parseRule(text);
        expect(again.ok ? again.rule : null).toEqual(tree);
      }),
      { numRuns: 1000 },
    );
  });

  it('never throws on a text, and says where it fails', () => {
    const token = fc.constantFrom(
      ...[
        'R',
        'should',
        'where',
        'have',
        'not',
        'a',
        '=',
        '(',
        ')',
        '[',
        ']',
        'contain',
        "'x'",
        '/x/',
        'regexMatch',
        '~',
        '$',
        '.',
        ',',
        '1',
        'in',
        'length',
        '\n',
        "'",
        '\u0000',
      ],
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(token, { maxLength: 20 }).map((t) => t.join(' ')),
    );
    fc.assert(
      fc.property(text, (source) => {
        const result = compileRule(source);
        if (result.ok) return;
        for (const { offset, line, column, caret, message } of result.errors) {
          expect(offset).toBeLessThanOrEqual(source.length);
          const lines = source.split('\n');
          expect(lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0) + column - 1).toBe(offset);
          expect(caret.split('\n')).toHaveLength(2);
          expect([...message].every((char) => char >= ' ')).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('never throws on an entity, whatever it is', () => {
    fc.assert(
      fc.property(thing, (entity) => {
        for (const { evaluate } of RULES) {
          expect(['not-relevant', 'compliant', 'non-compliant']).toContain(evaluate(entity, ENV));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('compiles whatever the checker accepts, and that never throws either', () => {
    fc.assert(
      fc.property(rule, thing, (tree, entity) => {
        const result = compileRule(printRule(tree));
        if (result.ok) expect(() => result.compiled.evaluate(entity, ENV)).not.toThrow();
      }),
      { numRuns: 1000 },
    );
  });

  it('does not run out of stack on entities nested beyond all measure', { timeout: 60_000 }, () => {
    const deep = (open: string, close: string): unknown =>
      JSON.parse(`${open.repeat(100_000)}"x:arn:aws:iam"${close.repeat(100_000)}`);
    for (const nested of [deep('[', ']'), deep('{"a":', '}'), deep('[{"b":', '}]')]) {
      for (const { evaluate } of RULES) evaluate({ a: nested, b: nested, c: [nested], items: [nested] }, ENV);
    }
    const found = compiled('Thing should have a regexMatch /arn:aws:iam/ and a regexMatch /arn.aws/');
    expect(found.evaluate({ a: deep('[{"b":', '}]') }, ENV)).toBe('compliant');
  });

  it('treats an entity that refers to itself as ending there', () => {
    const entity: Record<string, unknown> = { a: 'arn:aws:iam' };
    entity.b = entity;
    expect(compiled('Thing should have b regexMatch /a.n:aws/').evaluate(entity, ENV)).toBe('compliant');
    expect(compiled('Thing should have b regexMatch /zz/').evaluate(entity, ENV)).toBe('non-compliant');
  });

  it('finds a plain text in a structure exactly when its JSON text has it', () => {
    const part = fc.constantFrom(
      '\n',
      '\u001f',
      '"',
      '\\',
      'ame',
      'n',
      'arn:aws',
      'a',
      ':',
      '1',
      'tru',
      'e',
      '\ud800',
      '-',
      '{',
    );
    const string = fc.array(part, { maxLength: 5 }).map((parts) => parts.join(''));
    const json = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 3 },
        string,
        fc.constantFrom(true, false, null, 1, -0.5, 1e21, 12),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(string, tie('any'), { maxKeys: 3 }),
      ),
    })).any;
    const needle = fc.constantFrom(
      'name',
      'ame',
      'n',
      'arn:aws',
      '1',
      'true',
      'e',
      'a:1',
      'nul',
      '1f',
      '001fa',
      '1e+21',
      '-0.5',
      'u001farn',
      '\\n',
      ':',
      ',',
      '"',
      '1,2',
    );
    fc.assert(
      fc.property(fc.array(json as fc.Arbitrary<unknown>, { maxLength: 3 }), needle, (list, wanted) => {
        const test = containsWithoutText(wanted);
        if (test === null) expect(wanted).toMatch(/["\\,]|^:/);
        else expect(test(list)).toBe(deepJson(list).includes(wanted));
      }),
      { numRuns: 3000 },
    );
  });

  it('gives the answers of a tree-walking interpreter and of hand-written predicates', () => {
    const own = '111122223333';
    const arn = fc.constantFrom(
      `arn:aws:iam::${own}:root`,
      'arn:aws:iam::444455556666:root',
      `arn:aws:iam::444455556666:role/${own}`,
      'arn:aws-cn:iam::444455556666:root',
      '*',
      own,
    );
    const principal = fc.oneof(
      fc.constant('*'),
      fc.record(
        { AWS: fc.oneof(arn, fc.array(arn, { maxLength: 3 })), Service: fc.constant('ec2.amazonaws.com') },
        { requiredKeys: [] },
      ),
      fc.record({ Federated: fc.constant(`arn:aws:iam::${own}:saml-provider/P`) }),
    );
    const mfa = fc.constantFrom('true', 'True', 'false', true, false, ['true']);
    const condition = fc.record(
      {
        Bool: fc.record({ 'aws:MultiFactorAuthPresent': mfa }, { requiredKeys: [] }),
        StringEquals: fc.record(
          { 'sts:ExternalId': fc.constantFrom('', 'x', ['x'], []) },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: [] },
    );
    const statement = fc.record(
      {
        Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
        Principal: principal,
        Action: fc.constantFrom<string | string[]>('sts:AssumeRole', 'sts:AssumeRole', 'sts:*', [
          'sts:AssumeRole',
        ]),
        Condition: condition,
      },
      { requiredKeys: [] },
    );
    const policy = fc.record({ Statement: fc.oneof(statement, fc.array(statement, { maxLength: 4 })) });
    const { evaluate } = compiled(D9_AWS_IAM_99.logic);
    const interpret = interpreter(D9_AWS_IAM_99.logic);
    fc.assert(
      fc.property(policy, (assumeRolePolicy) => {
        const role = { accountNumber: own, assumeRolePolicy };
        const answer = evaluate(role, ENV);
        expect(interpret(role)).toBe(answer);
        expect(judge(role)).toBe(answer);
        expect(judgeTuned(role)).toBe(answer);
      }),
      { numRuns: 2000 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import { parseRule } from '../../src/gsl/parser.ts';
import { printRule } from './printer.ts';

/** Text, and how it is written back. */
const VALID: readonly (readonly [text: string, printed: string])[] = [
  ['true', 'true'],
  ['FALSE', 'false'],
  ['IamRole should have tags', 'IamRole should have tags'],
  ['IamRole should tags', 'IamRole should tags'],
  ['IamRole should not be tags', 'IamRole should not be tags'],
  ['  IamRole\n\twhere name="x"should have tags ', "IamRole where name = 'x' should have tags"],
  ["trail where event.name='A'", "trail where event.name = 'A'"],
  ['List<Key> should not have items', 'List<Key> should not have items'],
  ['List should have items', 'List should have items'],
  ['R should have a or b and not c', 'R should have a or b and not c'],
  ['R should have (a or b) and (c and d)', 'R should have (a or b) and (c and d)'],
  ['R should have ((a)) = ((b))', 'R should have a = b'],
  ['R should (not a and b)', 'R should (not a and b)'],
  ['R should not not a', 'R should not not a'],
  ['R should have not (a = b)', 'R should have not a = b'],
  [
    'R should have a!=1 and b<=-2.5 and c>=0 and d<1 and e>2',
    'R should have a != 1 and b <= -2.5 and c >= 0 and d < 1 and e > 2',
  ],
  ['R should have a=true and b=False and c=NULL', 'R should have a = true and b = false and c = null'],
  ['R should have a.b:c-d.with=1', 'R should have a.b:c-d.with = 1'],
  ["R should have a like '%x%' and b unlike 'y'", "R should have a like '%x%' and b unlike 'y'"],
  ['R should have a regexMatch /^x\\/y[a-z]$/i', 'R should have a regexMatch /^x\\/y[a-z]$/i'],
  ["R should have a in('x',2,true, null)", "R should have a in ('x', 2, true, null)"],
  ["R should have a in (b split(':'))", "R should have a in (b split(':'))"],
  ["R should have 'x' in ('x')", "R should have 'x' in ('x')"],
  ['R should have a contain[$=1]', 'R should have a contain [$ = 1]'],
  ["R should have a contain-any ['%x%']", "R should have a contain-any ['%x%']"],
  ['R should have a with [b] length() > 0', 'R should have a with [b] length() > 0'],
  [
    'R should have a groupBy [b.c] contain-all [values length () > 1]',
    'R should have a groupBy [b.c] contain-all [values length() > 1]',
  ],
  [
    "R should have a contain-none [~b = ~getValue('c') and ~~d length() = 1]",
    "R should have a contain-none [~b = ~getValue('c') and ~~d length() = 1]",
  ],
  ["R should have a after (-1, 'days')", "R should have a after(-1, 'days')"],
  ['R should have a exclude b and c', 'R should have a exclude b and c'],
  ['R should have isEmpty()', 'R should have isEmpty()'],
  [`R should have a = "it's" or a = 'say "so"'`, `R should have a = "it's" or a = 'say "so"'`],
  [
    'R should have a = 0.0000005 or b = 1000000000000000000000000',
    'R should have a = 0.0000005 or b = 1000000000000000000000000',
  ],
];

/** Text, code, line:column, and a part of the message. */
const INVALID: readonly (readonly [text: string, code: string, at: string, message: string])[] = [
  ['', 'syntax', '1:1', 'expected an entity type, `true` or `false`, found the end of the rule'],
  ['null', 'syntax', '1:1', 'expected an entity type'],
  ['IamRole', 'syntax', '1:8', 'expected `where` or `should`, found the end of the rule'],
  ['IamRole have x', 'syntax', '1:9', 'expected `where` or `should`, found `have`'],
  ['R should have', 'syntax', '1:14', 'expected a value, found the end of the rule'],
  ['R should have and', 'syntax', '1:15', 'expected a value, found `and`'],
  ['R should have a\nand\n  b = )', 'syntax', '3:7', 'expected a value, found `)`'],
  ['R should have a contain [b', 'syntax', '1:27', 'expected `]` to close the bracket, found the end'],
  ['R should have a contain (b)', 'syntax', '1:25', 'expected `[` after `contain`, found `(`'],
  ['R should have (a', 'syntax', '1:17', 'expected `)` to close the parenthesis'],
  ['R should have a in b', 'syntax', '1:20', 'expected `(` after `in`'],
  ["R should have a in ('x' 'y')", 'syntax', '1:25', 'expected `)` to close the list'],
  [
    "R should have a in ('x', b)",
    'syntax',
    '1:26',
    'expected a text in quotes, a number, `true`, `false` or `null`',
  ],
  ['R should have a like b', 'syntax', '1:22', 'expected a text in quotes, found `b`'],
  ['R should have a regexMatch b', 'syntax', '1:28', 'expected a regular expression between slashes'],
  ['R should have a regexMatch /b', 'syntax', '1:28', 'expected a regular expression'],
  ["R should have a = 'x", 'syntax', '1:19', 'text is not closed'],
  ['R should have a. = 1', 'syntax', '1:18', 'expected a property name after the dot'],
  [
    'R should have a.length()',
    'syntax',
    '1:23',
    'a function follows its value after a blank: `value length()`',
  ],
  ['R should have a equals 1', 'unknown-operator', '1:17', 'unknown operator `equals`'],
  ['R should have a == 1', 'unknown-operator', '1:17', 'unknown operator `==`'],
  ['R should have a = b \u0007\u001b[2J', 'unknown-operator', '1:21', 'unknown operator `\ufffd\ufffd`'],
  ['R should have a && b', 'unknown-operator', '1:17', 'unknown operator `&&`'],
  ['R should have a = b c', 'unknown-operator', '1:21', 'unknown operator `c`'],
  [
    'R should have a = b = c',
    'syntax',
    '1:21',
    'expected an operator, `and`, `or` or the end of the rule, found `=`',
  ],
  ["R should have a 'x'", 'syntax', '1:17', 'expected an operator'],
  ['R should have a [b]', 'syntax', '1:17', 'expected an operator'],
  ['R should have a should have b', 'syntax', '1:17', 'found `should`'],
  ['List<R should have a', 'syntax', '1:8', 'expected `>` to close `List<`'],
  [`R should have a = ${'9'.repeat(400)}`, 'syntax', '1:19', 'number is too large'],
  ['R should have a = \u0007', 'syntax', '1:19', 'expected a value, found `\ufffd`'],
  ['R should have a contain [b == c]', 'unknown-operator', '1:28', 'unknown operator `==`'],
  ['R should have a = == c', 'syntax', '1:19', 'expected a value, found `==`'],
];

describe('parsing', () => {
  it.each(VALID)('%j', (text, printed) => {
    const result = parseRule(text);
    expect(result).toMatchObject({ ok: true, warnings: [] });
    if (result.ok) expect(printRule(result.rule)).toBe(printed);
    expect(parseRule(printed)).toMatchObject({ ok: true, rule: result.ok ? result.rule : null });
  });

  it.each(INVALID)('%j is refused', (text, code, at, message) => {
    const result = parseRule(text);
    if (result.ok) throw new Error('was accepted');
    const [error] = result.errors;
    expect(error?.message).toContain(message);
    expect(error?.code).toBe(code);
    expect(`${error?.line}:${error?.column}`).toBe(at);
  });

  it.each([
    ['R should have a contain [b = 1]]', ']'],
    ['R should have (a))', ')'],
    ['R should have a = 1.', '.'],
    ['true;', ';'],
    ['R should have a ) and b = 2', ') and b = 2'],
  ])('%j is accepted with a warning', (text, ignored) => {
    const result = parseRule(text);
    if (!result.ok) throw new Error(result.errors[0]?.message);
    expect(result.warnings).toMatchObject([
      {
        severity: 'warning',
        code: 'ignored-after-end',
        message: `ignored after end of rule: \`${ignored}\``,
      },
    ]);
  });

  it('points at the place, whatever stands around it', () => {
    const result = parseRule(`\u001b[2JR where x = 1\nand\ty = = 2 ${'and a = 1 '.repeat(20)}`);
    const plain = parseRule(`R where x = 1\nand\ty = = 2 ${'and a = 1 '.repeat(20)}`);
    if (result.ok || plain.ok) throw new Error('was accepted');
    expect(result.errors[0]).toMatchObject({ offset: 0, line: 1, column: 1 });
    expect(result.errors[0]?.caret.split('\n')[0]).toBe('\ufffd[2JR where x = 1');
    const [source, caret] = plain.errors[0]?.caret.split('\n') ?? [];
    expect(plain.errors[0]).toMatchObject({ line: 2, column: 9 });
    expect(source).toMatch(/^and y = = 2 and.*\.\.\.$/);
    expect(caret).toBe('        ^');
    expect(source?.length).toBeLessThan(130);
  });

  it.each([
    ['parentheses', `R should have ${'('.repeat(50_000)}a`],
    ['negations', `R should have ${'not '.repeat(15_000)}a`],
    ['brackets', `R should have ${'a contain ['.repeat(5_000)}a`],
    ['a chain of functions', `R should have a ${'x() '.repeat(15_000)}`],
    [
      'chains in parentheses',
      `R should have ${'('.repeat(90)}a${` x()`.repeat(150)}${`)${' x()'.repeat(150)}`.repeat(90)}`,
    ],
    ['arguments', `R should have ${'x('.repeat(30_000)}`],
    ['a long text', `R should have ${'a or '.repeat(20_000)}a`],
  ])('refuses %s without end', (_, text) => {
    const result = parseRule(text);
    if (result.ok) throw new Error('was accepted');
    expect(result.errors[0]?.code).toBe('too-complex');
  });
});

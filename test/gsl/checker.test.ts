import { describe, expect, it } from 'vitest';
import { compileRule } from '../../src/gsl/compile-rule.ts';
import type { Switches } from '../../src/gsl/switches.ts';

function warningsOf(text: string, switches: Partial<Switches> = {}): readonly string[] {
  const result = compileRule(text, { switches });
  if (!result.ok) throw new Error(result.errors[0]?.message);
  return result.compiled.warnings.map(({ code, column }) => `${code}@${column}`);
}

describe('errors that are not of grammar', () => {
  it.each([
    [
      'R should have a contains()',
      'unknown-function',
      17,
      'unknown function `contains` (known: length, isEmpty,',
    ],
    ['R should have isPublic() = true', 'unsupported-function', 15, 'function `isPublic` is not supported'],
    ['R should have a length(1)', 'bad-argument', 17, '`length` takes 0 arguments, found 1'],
    [
      "R should have a before('x', 'days')",
      'bad-argument',
      17,
      'argument 1 of `before` must be a whole number',
    ],
    ["R should have a before(1.5, 'days')", 'bad-argument', 17, 'must be a whole number'],
    [
      "R should have a after(1, 'fortnights')",
      'bad-argument',
      17,
      "must be one of 'minutes', 'hours', 'days'",
    ],
    ['R should have a after(1, b)', 'bad-argument', 17, 'argument 2 of `after`'],
    ["R should have a split('') contain [$]", 'bad-argument', 17, 'text in quotes that is not empty'],
    ['R should have getValue(a)', 'bad-argument', 15, 'argument 1 of `getValue` must be a text in quotes'],
    [
      'R should have a regexMatch /(/',
      'bad-regex',
      28,
      'the group is not closed (character 1 of the pattern)',
    ],
    ['R should have a regexMatch /x/g', 'bad-regex', 28, 'unknown flag in `g`'],
    ['R should have ~a', 'outward', 15, 'there is none here'],
    ['R should have a contain [~~b]', 'outward', 26, 'only understood one bracket deep'],
    ['R should have a contain [b with [~c]]', 'outward', 34, 'only understood one bracket deep'],
  ])('%s', (text, code, column, message) => {
    const result = compileRule(text);
    if (result.ok) throw new Error('was accepted');
    expect(result.errors).toMatchObject([{ code, column, message: expect.stringContaining(message) }]);
  });

  it('refuses more ~ than brackets even where deep ones are understood', () => {
    const result = compileRule('R should have a contain [~~b]', { switches: { deepOutward: 'parent' } });
    expect(result).toMatchObject({ ok: false, errors: [{ code: 'outward' }] });
  });

  it('reports every error, in the order of the text, and the warnings, too', () => {
    const result = compileRule('IamRole where nme foo() should have bar() and a regexMatch /[/');
    if (result.ok) throw new Error('was accepted');
    expect(result.errors.map(({ line, column, message }) => `${line}:${column}: ${message}`)).toEqual([
      expect.stringMatching(/^1:19: unknown function `foo`/),
      expect.stringMatching(/^1:37: unknown function `bar`/),
      expect.stringMatching(/^1:60: the character class is not closed/),
    ]);
    expect(result.warnings.map(({ code }) => code)).toEqual(['unknown-path', 'unknown-path']);
  });
});

describe('warnings', () => {
  it.each([
    [
      'IamRole should have assumeRolePolicy.Statement contain [Effect and Condition.Bool.x and Principal.AWS]',
      [],
    ],
    ['IamRole should have asumeRolePolicy', ['unknown-path@21']],
    ['IamRole should have assumeRolePolicy.Statement contain [effect]', ['unknown-path@57']],
    ['IamRole should have assumeRolePolicy.Statement.Effect', ['unknown-path@21']],
    ['IamRole should have name.x', ['unknown-path@21']],
    ["IamRole should have assumeRolePolicy.Statement contain [~getValue('nme')]", ['unknown-path@58']],
    ["IamRole should have assumeRolePolicy.Statement contain [~getValue('accountNumber') = ~arn]", []],
    ['IamRole should have tags with [key] contain [valu]', ['unknown-path@46']],
    [
      'IamRole should have tags groupBy [kye] contain [values contain [key] or value]',
      ['unknown-path@35', 'unknown-path@73'],
    ],
    [
      'IamRole should have inlinePolicies contain [document.Statement contain-none [Actions]]',
      ['unknown-path@78'],
    ],
    ['IamUser should have mfaActive=true', ['path-not-in-export@21']],
    ['IamUser should have firstAccessKey.isActive=true', ['path-not-in-export@21']],
    ['IamUser should have attachedGroups contain [$ = 1]', []],
    ['IamPolicy should have document.Statement contain [NotAction]', []],
    ['IamGroup should have managedPolicies contain [arn]', []],
    ['Iam should have passwordPolicy.maxPasswordAge > 0', ['path-not-in-export@17']],
    ['Iam should have passwordPolice', ['unknown-path@17']],
    ['List<IamRole> should have items contain [nam]', ['unknown-path@42']],
    ['List<IamRole> should have name', ['unknown-path@27']],
    ['Bucket should have anything.at.all', ['unknown-entity@1']],
    ["IamRole should have name = 'x' or true", ['constant-condition@21']],
    ['IamRole where 1 > 2 should have name', ['constant-condition@17']],
    ['IamRole should have name]', ['ignored-after-end@25']],
  ])('%s', (text, expected) => {
    expect(warningsOf(text)).toEqual(expected);
  });

  it('lint what ~ reaches only where that is certain', () => {
    const text = 'IamRole should have inlinePolicies contain [document.Statement contain [~nme and ~~nme]]';
    expect(warningsOf(text, { deepOutward: 'parent' })).toEqual(['unknown-path@84']);
    expect(warningsOf(text, { deepOutward: 'root' })).toEqual(['unknown-path@74', 'unknown-path@84']);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileLike, compilePattern, type PatternResult } from '../../../src/gsl/regex/pattern.ts';

function search(source: string, flags: string, text: string): boolean {
  const result = compilePattern(source, flags);
  if (!result.ok) throw new Error(result.message);
  return result.pattern.test(text);
}

/** What is found in a long text of which the first characters decide. Expects that hardly more than these are read. */
function endsEarly(result: PatternResult): boolean {
  const readsAll = compilePattern('[bc][de]', '');
  if (!result.ok || !readsAll.ok) throw new Error('refused');
  const text = `/${'x'.repeat(100_000)}`;
  expect(charactersRead(readsAll.pattern, text)).toBe(text.length);
  expect(charactersRead(result.pattern, text)).toBeLessThan(10);
  return result.pattern.test(text);
}

function charactersRead(pattern: { test(text: string): boolean }, text: string): number {
  let read = 0;
  const watched = Object.assign(new String(text), {
    charCodeAt(at: number): number {
      read = Math.max(read, at + 1);
      return text.charCodeAt(at);
    },
  });
  pattern.test(watched as unknown as string);
  return read;
}

describe('regular expressions', () => {
  it.each([
    ['(root)|(user)', '', 'arn:aws:iam::1:user/x', true],
    ['^(pro|dev)-\\w*-\\w*-', '', 'dev-a-b-c', true],
    ['^a$', '', 'a\n', false],
    ['^<root>$', 'i', '<ROOT>', true],
    ['^x', '', 'ax', false],
    ['x$', '', 'ax', true],
    ['', '', '', true],
    ['(?<name>a)b', '', 'ab', true],
    ['a.*b.*c', '', 'cba abc', true],
    ['a.*b.*c', '', 'cab', false],
    ['(?:^|/)role/.+', '', 'x/role/y', true],
    ['(?:^|/)role/.+', '', 'x-role/y', false],
    ['^a|^b', '', 'ba', true],
    ['a^b', '', 'ab', false],
    ['[^\\s\\S]', '', 'ab', false],
    ['^.$', '', '\u{1f600}', false],
    ['^..$', '', '\u{1f600}', true],
    ['\\ud83d', '', '\u{1f600}', true],
  ])('/%s/%s on %j: %j', (source, flags, text, found) => {
    expect(search(source, flags, text)).toBe(found);
  });

  it.each([
    ['(?=a)b', 'look-around and inline options are not supported'],
    ['(?i)a', 'look-around and inline options are not supported'],
    ['(?<!a)b', 'look-around'],
    ['(a)\\1', 'back-references are not supported'],
    ['\\k<a>', 'back-references are not supported'],
    ['\\p{L}', 'unsupported escape `\\p`'],
    ['\\', 'unsupported escape'],
    ['\\u12', 'incomplete escape'],
    ['(a', 'the group is not closed'],
    ['a)', '`)` closes nothing'],
    ['[a', 'the character class is not closed'],
    ['[]', 'empty character class'],
    ['[b-a]', 'invalid range'],
    ['[\\d-z]', 'invalid range'],
    ['[a-z-[aeiou]]', 'class subtraction is not supported'],
    ['*', 'nothing to repeat before `*`'],
    ['{2}', 'nothing to repeat before `{`'],
    ['a**', 'a quantifier cannot follow a quantifier'],
    ['a++', 'a quantifier cannot follow a quantifier'],
    ['^*', 'an anchor cannot be repeated'],
    ['a{3,2}', 'the counts are in the wrong order'],
    ['a{1001}', 'a count is over 1000'],
    ['(a{100}){100}', 'the pattern is too large'],
    ['((((){1000}){1000}){1000}){1000}', 'the pattern is too large'],
    [`${'('.repeat(60)}a${')'.repeat(60)}`, 'groups nest too deeply'],
    ['a'.repeat(1001), 'the pattern is longer than 1000 characters'],
  ])('/%s/ is refused', (source, message) => {
    expect(compilePattern(source, '')).toMatchObject({
      ok: false,
      message: expect.stringContaining(message),
    });
  });

  it('refuses flags other than i', () => {
    expect(compilePattern('a', 'gi')).toMatchObject({
      ok: false,
      message: expect.stringContaining('unknown flag'),
    });
  });

  it.each([
    ['^(pro|dev)-\\w*-'],
    ['^a|^b'],
    ['(?:^a)+[bc]'],
    ['(?:^|^x)a\\b'],
    ['^[^/]*:'],
    ['^arn:aws:iam::\\d{12}:.*root'],
    ['\\B^-'],
    ['a^.'],
  ])('/%s/ ends where nothing can be found any more', (source) => {
    expect(endsEarly(compilePattern(source, ''))).toBe(false);
  });

  it.each([['^/x*'], ['(/|y)x'], ['^.{3}'], ['^/[\\s\\S]*x[\\s\\S]*x']])(
    '/%s/ ends with the first match',
    (source) => {
      expect(endsEarly(compilePattern(source, ''))).toBe(true);
    },
  );

  // Each of these takes a backtracking engine years on its text.
  const evil: readonly (readonly [source: string, text: string])[] = [
    ['(a+)+$', `${'a'.repeat(50_000)}!`],
    ['^(a|a)*$', `${'a'.repeat(50_000)}!`],
    ['(.*a){20}$', `${'a'.repeat(50_000)}!`],
    ['^(\\w+\\s?)*$', `${'word '.repeat(10_000)}!`],
    ['(x+x+)+y', `y${'x'.repeat(50_000)}`],
    ['(a?){150}a{150}$', `${'a'.repeat(5_000)}!`],
    ['a*a*a*a*a*a*[bc]', 'a'.repeat(50_000)],
    // More states than are remembered: the search goes on without remembering.
    ['[ab]*a[ab]{14}c', `ac${'abbaababbbabaaab'.repeat(3_000)}`],
  ];
  it.each(evil)('/%s/ takes time linear in the text', (source, text) => {
    expect(search(source, '', text)).toBe(false);
  });

  it('finds the same when it no longer remembers states', () => {
    // A de Bruijn-like pseudo-random text meets more than a thousand sets of states.
    let state = 1;
    const text = Array.from({ length: 40_000 }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return (state >>> 16) & 1 ? 'a' : 'b';
    }).join('');
    expect(search('a[ab]{13}c', '', `ac${text}`)).toBe(false);
    expect(search('a[ab]{13}c', '', `ac${text}a${'b'.repeat(13)}c`)).toBe(true);
    expect(search('\\ba[ab]{13}\\b$', '', `${text} a${'b'.repeat(13)}`)).toBe(true);
  });
});

describe('like', () => {
  it('takes patterns of 1000 characters, and time linear in the text', () => {
    const result = compileLike('a%'.repeat(500));
    if (!result.ok) throw new Error(result.message);
    expect(result.pattern.test(`${'ab'.repeat(20_000)}`)).toBe(true);
    expect(result.pattern.test(`b${'ab'.repeat(20_000)}`)).toBe(false);
    const long = compileLike(`${'%a'.repeat(499)}%c`);
    if (!long.ok) throw new Error(long.message);
    expect(long.pattern.test('ab'.repeat(20_000))).toBe(false);
    expect(compileLike('x'.repeat(1001)).ok).toBe(false);
  });

  it('ends with the answer', () => {
    expect(endsEarly(compileLike('role/%'))).toBe(false);
    expect(endsEarly(compileLike('/x%'))).toBe(true);
    expect(endsEarly(compileLike('%/X%xx%'))).toBe(true);
    expect(endsEarly(compileLike('%'))).toBe(true);
  });

  it('matches as a slow and obvious matcher does', () => {
    const slow = (like: string, text: string): boolean => {
      if (like === '') return text === '';
      if (like[0] === '%') return slow(like.slice(1), text) || (text !== '' && slow(like, text.slice(1)));
      return text !== '' && text[0] === like[0] && slow(like.slice(1), text.slice(1));
    };
    const letters = fc.array(fc.constantFrom('a', 'b', '%', '.', '*', '\\', '[', '\n', '/'), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(letters, letters, (like, text) => {
        const result = compileLike(like.join(''));
        if (!result.ok) throw new Error(result.message);
        expect(result.pattern.test(text.join('').toUpperCase())).toBe(slow(like.join(''), text.join('')));
      }),
      { numRuns: 2000 },
    );
  });
});

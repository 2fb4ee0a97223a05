import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globMatches, parseGlob } from '../../src/iam/glob.ts';
import { ANY_TEXT, grammarAccepts, principalArnGrammar } from '../../src/iam/grammars.ts';
import { valueClasses } from '../../src/iam/language.ts';
import type { Matcher } from '../../src/iam/matcher.ts';

const whole = (text: string): Matcher => ({
  patterns: [parseGlob(text)],
  scope: 'whole',
  ignoreCase: false,
  arn: false,
});
const outcome = (patterns: readonly string[], text: string): string =>
  patterns.map((pattern) => Number(globMatches(parseGlob(pattern), text))).join('');

describe('valueClasses', () => {
  it('shows every combination of patterns that some text shows', () => {
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 5 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 7 });
    fc.assert(
      fc.property(
        fc.array(pattern, { maxLength: 4 }),
        fc.array(text, { minLength: 30, maxLength: 30 }),
        (patterns, texts) => {
          const found = valueClasses(ANY_TEXT, patterns.map(whole));
          expect(found.exhaustive).toBe(true);
          const shown = new Set(found.values.map((value) => outcome(patterns, value)));
          for (const candidate of texts) expect(shown).toContain(outcome(patterns, candidate));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('finds foreign ARNs that look like the own account', () => {
    const own = '111122223333';
    const grammar = principalArnGrammar({
      partitions: ['aws'],
      account: null,
      own,
      freshAccount: '444455556666',
      roleName: null,
      tellsPaths: false,
    });
    const { values } = valueClasses(grammar, [whole(`arn:*:iam::${own}:*`)]);
    const crafted = values.filter((value) => outcome([`arn:*:iam::${own}:*`], value) === '1');
    expect(crafted.length).toBeGreaterThan(0);
    for (const value of values) {
      expect(grammarAccepts(grammar, value)).toBe(true);
      expect(value.split(':')[4]).not.toBe(own);
    }
  });

  it('gives up openly on hostile sets of patterns', () => {
    const patterns = Array.from({ length: 24 }, (_, i) => `*${'abcdefghijklmnopqrstuvwxyz'[i]}*${i}*`);
    expect(valueClasses(ANY_TEXT, patterns.map(whole)).exhaustive).toBe(false);
  });
});

import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { compilePattern, type Pattern } from '../../../src/gsl/regex/pattern.ts';
import { buildProgram } from '../../../src/gsl/regex/program.ts';
import { LinearSearch } from '../../../src/gsl/regex/search.ts';
import { parsePattern } from '../../../src/gsl/regex/syntax.ts';
import { longText, oddlyFolded, shortText, twin, withoutSurrogates } from './arbitraries.ts';

const flags = fc.constantFrom('', 'i');

/** Null when the pattern is too large, the only reason why one of these may be refused. */
function compiled(source: string, flag: string): Pattern | null {
  const result = compilePattern(source, flag);
  if (result.ok) return result.pattern;
  expect(result.message).toMatch(/too large/);
  return null;
}

describe('a regular expression finds what', () => {
  it("JavaScript's own finds in short texts", () => {
    fc.assert(
      fc.property(
        oddlyFolded,
        flags,
        fc.array(shortText, { minLength: 5, maxLength: 5 }),
        (source, flag, texts) => {
          const pattern = compiled(source, flag);
          if (pattern === null) return;
          const native = new RegExp(source, flag);
          for (const text of texts) expect([text, pattern.test(text)]).toEqual([text, native.test(text)]);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('RE2 finds in long ones', () => {
    fc.assert(
      fc.property(
        twin,
        flags,
        fc.array(longText, { minLength: 5, maxLength: 5 }),
        ({ source, re2 }, flag, texts) => {
          const pattern = compiled(source, flag);
          if (pattern === null) return;
          const oracle = RE2JS.compile(re2, flag === 'i' ? RE2JS.CASE_INSENSITIVE : 0);
          for (const text of texts) {
            expect([text, pattern.test(text)]).toEqual([text, oracle.test(withoutSurrogates(text))]);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('it finds when it remembers hardly any states', () => {
    fc.assert(
      fc.property(
        twin,
        flags,
        fc.array(longText, { minLength: 3, maxLength: 3 }),
        ({ source }, flag, texts) => {
          const pattern = compiled(source, flag);
          if (pattern === null) return;
          const forgetful = new LinearSearch(buildProgram(parsePattern(source, flag === 'i'), 500), 2);
          for (const text of texts) expect([text, forgetful.finds(text)]).toEqual([text, pattern.test(text)]);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

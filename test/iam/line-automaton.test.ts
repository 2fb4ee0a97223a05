import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseGlob } from '../../src/iam/glob.ts';
import { type Automaton, Characters, GlobAutomaton } from '../../src/iam/glob-automaton.ts';
import { LineAutomaton } from '../../src/iam/line-automaton.ts';
import { fullBudget, type Matcher } from '../../src/iam/matcher.ts';

const matcher = (pattern: string, ignoreCase = false, arn = false): Matcher => ({
  patterns: [parseGlob(pattern)],
  scope: 'whole',
  ignoreCase,
  arn,
});

function accepts(automaton: Automaton, characters: Characters, text: string): boolean {
  let state = 0;
  for (const char of text) state = automaton.step(state, characters.numberOf(char));
  return automaton.accepts(state);
}

it('says the same as the automaton of any patterns', () => {
  const texts = fc.string({ unit: fc.constantFrom('a', 'A', 'b', ':'), maxLength: 9 });
  const patterns = fc
    .tuple(
      fc.string({ unit: fc.constantFrom('a', 'A', 'b', ':', '?'), maxLength: 8 }),
      fc.constantFrom('', '*'),
    )
    .map((parts) => parts.join(''));
  let accepted = 0;
  fc.assert(
    fc.property(patterns, texts, fc.boolean(), fc.boolean(), (pattern, text, ignoreCase, arn) => {
      const characters = new Characters();
      const one = matcher(pattern, ignoreCase, arn);
      const line = LineAutomaton.of(one, characters);
      const any = new GlobAutomaton(one, characters, fullBudget());
      expect(line).not.toBeNull();
      const same = accepts(any, characters, text);
      expect(accepts(line as LineAutomaton, characters, text)).toBe(same);
      if (same) accepted++;
    }),
    { numRuns: 5_000 },
  );
  expect(accepted).toBeGreaterThan(50);
});

it.each(['a*b', '*a', '**'])('is none for %s, in which something follows a run', (pattern) => {
  expect(LineAutomaton.of(matcher(pattern), new Characters())).toBeNull();
});

it('is none for several patterns', () => {
  const several = { ...matcher('a'), patterns: [parseGlob('a'), parseGlob('b')] };
  expect(LineAutomaton.of(several, new Characters())).toBeNull();
});

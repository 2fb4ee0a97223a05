import fc from 'fast-check';

/** A pattern as this program reads it, and the one that means the same to RE2, which knows code points only. */
export interface Twin {
  readonly source: string;
  readonly re2: string;
}

/**
 * RE2 reads surrogates in pairs. With these code points of private use in their place it reads UTF-16 code units one
 * by one, as this program does.
 */
export function withoutSurrogates(text: string): string {
  return text.replace(/[\ud800-\udfff]/g, (unit) => String.fromCharCode(unit.charCodeAt(0) + 0x800));
}

const SPACE =
  '\\t\\n\\v\\f\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}';

/**
 * What stands for itself in both; of the letters, both know the same cases. No digits: behind a brace they would be
 * counts.
 */
const PLAIN = [...'abBéÉσςяÿ-{},:/"_ ]'];
const ESCAPED = String.raw`\. \\ \- \/ \* \[ \t \n \v \x41 \d \D \w`.split(' ');
const SURROGATES = ['\u{1f600}', '\ud83d', '\ude00'];
const same = (source: string): Twin => ({ source, re2: withoutSurrogates(source) });

/** Members of a class, with or without brackets around them. */
const MEMBERS: readonly Twin[] = [
  ...String.raw`a-c 0-9 à-ý B-Z \d \w \W \n \. \- \] ^a | $ ( *`.split(' ').map(same),
  ...SURROGATES.map(same),
  { source: '\\s', re2: SPACE },
  { source: '\\u00e9', re2: '\\x{e9}' },
  { source: '\\ud800-\\udbff', re2: '\\x{e000}-\\x{e3ff}' },
  { source: '\\b', re2: '\\x08' },
];

const members = fc
  .array(fc.constantFrom(...MEMBERS), { minLength: 1, maxLength: 3 })
  .filter(([first]) => first?.source.startsWith('^') !== true)
  .map(joined);

const characterClass = fc
  .tuple(fc.constantFrom('[', '[^'), members, fc.constantFrom('', '-'))
  .map(([open, inside, last]) => joined([same(open), inside, same(`${last}]`)]));

const atom: fc.Arbitrary<Twin> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...[...PLAIN, ...ESCAPED, ...SURROGATES].map(same)) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Twin>(
      { source: '.', re2: '[^\\n\\r\\x{2028}\\x{2029}]' },
      { source: '\\s', re2: `[${SPACE}]` },
      { source: '\\S', re2: `[^${SPACE}]` },
      { source: '\\W', re2: '\\W' },
      { source: '\\u00e9', re2: '\\x{e9}' },
      { source: '[\\s\\S]', re2: '[\\x00-\\x{10ffff}]' },
    ),
  },
  { weight: 2, arbitrary: characterClass },
);

/** Letters that JavaScript and RE2 fold in different ways, and what holds some. */
const ODDLY_FOLDED = [...'kK\u212asSſßẞİı'];
const ODD_SETS = ['[^k]', '[s-ž]', '\\W', '\\w', '[^\\u212a]'];

/** A search forgets what stands before it once it has got there. */
const ANY_RUN: Twin = { source: '[\\s\\S]*', re2: '[\\x00-\\x{10ffff}]*' };

const QUANTIFIERS = ['*', '+', '?', '{0}', '{2}', '{1,2}', '{0,3}', '{2,}', '*?', '+?', '??', '{1,3}?'];

function joined(parts: readonly Twin[]): Twin {
  return { source: parts.map(({ source }) => source).join(''), re2: parts.map(({ re2 }) => re2).join('') };
}

/** Patterns by grammar, so that nearly all are valid. */
function patterns(atoms: fc.Arbitrary<Twin>): fc.Arbitrary<Twin> {
  return fc.letrec<{ pattern: Twin; item: Twin }>((tie) => ({
    item: fc.oneof(
      { maxDepth: 3 },
      { weight: 3, arbitrary: atoms },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.constantFrom('(', '(?:'), tie('pattern'))
          .map(([open, inner]) => joined([same(open), inner, same(')')])),
      },
    ),
    pattern: fc
      .array(
        fc.oneof(
          { weight: 4, arbitrary: tie('item') },
          {
            weight: 3,
            arbitrary: fc.tuple(tie('item'), fc.constantFrom(...QUANTIFIERS.map(same))).map(joined),
          },
          {
            weight: 1,
            arbitrary: fc.constantFrom(...['^', '$', '\\b', '\\B', '|', '|', '||'].map(same), ANY_RUN),
          },
        ),
        { maxLength: 5 },
      )
      .map(joined),
  })).pattern;
}

/** Patterns that mean the same in JavaScript and RE2, with the flag `i` too. */
export const twin: fc.Arbitrary<Twin> = patterns(atom);

export const oddlyFolded: fc.Arbitrary<string> = patterns(
  fc.oneof(fc.constantFrom(...[...ODDLY_FOLDED, ...ODD_SETS].map(same)), atom),
).map(({ source }) => source);

const UNITS = [
  ...'abcABCéÉσςΣяЯÿŸ1_-.,:/"{}[]\\*^|$( \t\n\r\b\0\u00a0\u2028\ufeff\uffff',
  ...['\u{1f600}', '\ud83d', '\ude00', '\udbff'],
];

/** Short texts, for engines that may take long. */
export const shortText: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...UNITS, ...ODDLY_FOLDED), { maxLength: 8 })
  .map((parts) => parts.join(''));

/** Longer ones, of few different characters, so that much of a pattern matches; none is oddly folded. */
export const longText: fc.Arbitrary<string> = fc
  .uniqueArray(fc.constantFrom(...UNITS), { minLength: 1, maxLength: 4 })
  .chain((few) => fc.array(fc.constantFrom(...few), { maxLength: 200, size: 'max' }))
  .map((parts) => parts.join(''));

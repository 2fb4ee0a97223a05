import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { YamlAliases } from '../../../src/reading/yaml/aliases.ts';
import { readPlainYaml } from '../../../src/reading/yaml/plain/plain-yaml.ts';
import { libraryToJson } from '../../../src/reading/yaml/yaml-to-json.ts';

/** What the library says, when it says that nothing is wrong. */
function byLibrary(text: string): unknown {
  const result = libraryToJson(text, new YamlAliases());
  return result.ok && result.faults.length === 0 ? { json: result.json, lastKey: result.lastKey } : result;
}

const SCALARS = [
  ...['x', 'a b c', '', ' lead', 'trail ', 'x: y', '#c', '- z', '"q"', "it's", 'tab\there', '*', '@a', '-'],
  ...['multi\nline', 'multi\nline\n', '\n\nlead', 'a\n\nb\n\n', '  ind\n text\n', 'é\u0001', '😀', '\u2028'],
  ...['long words '.repeat(12).trim(), '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow"}]}'],
  ...['012345678901', 'arn:aws:iam::111122223333:root', 'https://a.b/c?d=e#f', 'true', 'null', '1e3'],
  ...[true, null, 12, 1.5],
];
const KEYS = ['Path', 'aws:SourceArn', 'a b', '', '12', 'true', '~', '#k', '- k', 'k:', 'long '.repeat(20)];
const MARKS = [
  ...['a', 'b: ', '- ', ' ', '  ', '\n', '\n  ', '\n    ', '\n- ', '\n\n', '"', "'", '"x"', ':', ': ', '#'],
  ...[
    ' # c',
    '{',
    '}',
    '[',
    ']',
    ',',
    '|',
    '>',
    '|-\n',
    '>-\n',
    '|+\n',
    '\\',
    '\\\n',
    '&a ',
    '*a',
    '!t ',
    '? ',
  ],
  ...['---', '...', '~', 'null', '012', 'é', '😀', '%', '@', '`', '-', '<<: ', '\t', '\r\n', '\0', '\ufeff'],
  ...['{"a": 1}', '{a: b, c: [d]}', '[a, "b"]', '"a": ', "'a': ", '- - ', 'a:b', '--- '],
];
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(...SCALARS),
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .array(fc.tuple(fc.constantFrom(...KEYS), tie('value')), { maxLength: 3 })
      .map((members) => Object.fromEntries(members) as unknown),
  ),
}));
const style = fc.record({
  indentSeq: fc.boolean(),
  indent: fc.constantFrom(1, 2, 4),
  lineWidth: fc.constantFrom(0, 20, 80),
  collectionStyle: fc.constantFrom('any', 'block', 'flow'),
  defaultStringType: fc.constantFrom(
    'PLAIN',
    'QUOTE_SINGLE',
    'QUOTE_DOUBLE',
    'BLOCK_LITERAL',
    'BLOCK_FOLDED',
  ),
  blockQuote: fc.constantFrom(true, false, 'folded', 'literal'),
});
const dump = fc
  .tuple(fc.oneof(value, fc.dictionary(fc.constantFrom(...KEYS), value)), style)
  .map(([content, options]) => stringify(content, { aliasDuplicateObjects: false, ...(options as object) }));
/** A dump in which something was left out or put in. */
const damaged = fc
  .tuple(dump, fc.array(fc.tuple(fc.nat(), fc.nat(2), fc.constantFrom('', ...MARKS)), { maxLength: 2 }))
  .map(([text, changes]) =>
    changes.reduce((changed, [place, length, mark]) => {
      const at = place % (changed.length + 1);
      return changed.slice(0, at) + mark + changed.slice(at + length);
    }, text),
  );
const soup = fc.array(fc.constantFrom(...MARKS), { maxLength: 14 }).map((marks) => `${marks.join('')}\n`);

describe('plain YAML', () => {
  it('is read as the library reads it, or left to the library', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(fc.oneof(damaged, soup), (text) => {
        const plain = readPlainYaml(text);
        if (plain !== null) expect(plain).toEqual(byLibrary(text));
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['nothing at all', ''],
    ['no line end', 'a: b'],
    ['Windows line ends', 'a: b\r\n'],
    ['a tab', 'a:\tb\n'],
    ['an anchor', 'a: &x b\n'],
    ['an alias', 'a: *x\n'],
    ['a tag', 'a: !!str b\n'],
    ['a complex key', '? a\n: b\n'],
    ['a key in brackets', '{a: b}: c\n'],
    ['a colon too many', 'a: b: c\n'],
    ['a blank before the colon', 'a : b\n'],
    ['indentation that fits nothing', 'a:\n    b: 1\n  c: 2\n'],
    ['a list in a mapping', 'a: 1\n- b\n'],
    ['text behind quotes', 'a: "b" c\n'],
    ['an unknown escape', 'a: "\\q"\n'],
    ['quotes without an end', 'a: "b\n'],
    ['quotes that go on at the left', "a: 'b\n'\n"],
    ['an escape across lines', 'a: "\\x\\\n  01"\n'],
    ['a comment in brackets', 'a: [b, # c\n  d]\n'],
    ['an empty item in brackets', 'a: [b, , c]\n'],
    ['a dash in brackets', 'a: [-]\n'],
    ['a document marker', '--- a\n'],
    ['a key that is too long', `${'k'.repeat(1100)}: a\n`],
    ['great depth', `${'- '.repeat(80)}a\n`],
  ])('leaves to the library: %s', (_, text) => {
    expect(readPlainYaml(text)).toBeNull();
  });

  it.each([
    ['a: b # c\n\n# d\nb: {}\nc:\n- x\n- y: [1, "2"]\n', '{"a":"b","b":{},"c":["x",{"y":[1,"2"]}]}', 'c'],
    ['  a:\n    b\n    c\n  d: null\n', '{"a":"b c","d":null}', 'd'],
    ["a: 'it''s\n\n  so'\n", '{"a":"it\'s\\nso"}', 'a'],
    ['a: "x\\\n  \\ y\n  z\\u00e9"\n', '{"a":"x y zé"}', 'a'],
    [
      'a: |\n  {\n    "b": 1\n  }\nc: >-\n  d\n  e\n\n  f\n',
      '{"a":"{\\n  \\"b\\": 1\\n}\\n","c":"d e\\nf"}',
      'c',
    ],
    ['a: {"b": [{"c": "d"}],\n  e: 012}\n', '{"a":{"b":[{"c":"d"}],"e":"012"}}', 'a'],
    ['- - 1\n  -\n- a: ~\n  a: True\n', '[[1,null],{"a":null,"a":true}]', null],
  ])('reads %j', (text, json, lastKey) => {
    expect(readPlainYaml(text)).toEqual({ json, lastKey });
    expect(byLibrary(text)).toEqual({ json, lastKey });
  });

  it('reads what dumps are made of', () => {
    const role = {
      Path: '/',
      Arn: 'arn:aws:iam::111122223333:role/a',
      Description: 'words and words and words and words and words and words and words and words, and more',
      AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Condition: {} }] },
      Policy: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:*' }] }),
      Tags: [],
    };
    for (const options of [
      {},
      { indentSeq: false },
      { lineWidth: 0 },
      { defaultStringType: 'QUOTE_SINGLE' },
    ]) {
      const text = stringify(
        { Roles: [role, role] },
        { aliasDuplicateObjects: false, ...(options as object) },
      );
      expect(readPlainYaml(text)?.json).toBe(JSON.stringify({ Roles: [role, role] }));
    }
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseUnique } from '../../src/text/unique-json.ts';

it('gives the value of JSON in which every key is named once', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(3), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      expect(parseUnique(text)).toEqual(JSON.parse(text));
    }),
  );
});

it('gives nothing for a key that is named twice, however it is written, and for what is no JSON', () => {
  for (const text of [
    '{"a":1,"a":1}',
    String.raw`[{"b":{"a":":","\u0061":2}}]`,
    '{"__proto__":1,"__proto__":2}',
    '{"a":1',
    '',
    '"a',
  ])
    expect(parseUnique(text), text).toBeUndefined();
  expect(parseUnique(String.raw`{"a":"\\\":","b":[{"a":":"}]}`)).toEqual({ a: '\\":', b: [{ a: ':' }] });
});

it('gives nothing for what is nested too deeply', () => {
  const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  expect(parseUnique(nested(512))).toBeDefined();
  expect(parseUnique(nested(513))).toBeUndefined();
  expect(parseUnique(nested(1_000_000))).toBeUndefined();
});

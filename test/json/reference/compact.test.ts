import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compactJson, renameKeys } from '../../../src/json/compact.ts';

describe('compactJson', () => {
  it.each([
    ['{ "b" : 1,\n "a": [ ], "b": { } }', '{"b":1,"a":[],"b":{}}'],
    ['"a"', '"a"'],
    [' 12 ', '12'],
    ['true', 'true'],
  ])('%s', (text, expected) => {
    expect(compactJson(text, 10)).toEqual({ ok: true, text: expected });
  });

  it.each([
    ['{"a":1', 'the JSON ends too early'],
    ['{"a":1}}', 'unexpected characters'],
    ['{"a":1} {"b":2}', 'unexpected characters'],
    ["{'a':1}", 'expected an object key'],
    ['', 'the JSON ends too early'],
    ['[[[[1]]]]', 'nested deeper than 3 levels'],
    ['tru', 'expected a value'],
  ])('refuses %s', (text, reason) => {
    expect(compactJson(text, 3)).toEqual({ ok: false, reason });
  });

  it('agrees with JSON.parse', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const pretty = JSON.stringify(value, null, 3);
        expect(compactJson(pretty, 50)).toEqual({ ok: true, text: JSON.stringify(JSON.parse(pretty)) });
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]":,01.e-+ntrue\\ ') }), (text) => {
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        expect(compactJson(text, 50).ok).toBe(valid);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('renameKeys', () => {
  it('gives the keys around a key, arrays left out', () => {
    const seen: string[] = [];
    const text = renameKeys('{"a":[{"b":{"c":1,"c":2}},[{"d":3}]],"e":"a"}', (key, path) => {
      seen.push([...path, key].join('.'));
      return key.toUpperCase();
    });
    expect(seen).toEqual(['a', 'a.b', 'a.b.c', 'a.b.c', 'a.d', 'e']);
    expect(text).toBe('{"A":[{"B":{"C":1,"C":2}},[{"D":3}]],"E":"a"}');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deepJson, jsonText } from '../../src/text/json-text.ts';

describe('jsonText', () => {
  it('is the same value with nothing in it that a terminal or an editor would obey', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), fc.constantFrom(0, 2), (value, indent) => {
        const text = jsonText(value, indent);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        expect(text.split('\n')).toHaveLength(JSON.stringify(value, null, indent).split('\n').length);
      }),
      { examples: [['\u009b31m\u202e\u2028\ud800\u{E0041}', 0]] },
    );
  });
});

describe('deepJson', () => {
  it('says what JSON.stringify says, deeper than that can go', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        expect(deepJson(value)).toBe(JSON.stringify(value));
      }),
    );
    let value: unknown = [{ a: '\u2028' }, null];
    for (let level = 0; level < 50_000; level++) value = [value];
    expect(deepJson(value)).toBe(`${'['.repeat(50_000)}[{"a":"\u2028"},null]${']'.repeat(50_000)}`);
  });

  it('writes null for what JSON cannot say', () => {
    expect(deepJson(undefined)).toBe('null');
    expect(deepJson({ a: 1n })).toBe('{"a":null}');
    const ring: unknown[] = [];
    ring.push(ring);
    expect(deepJson(ring)).toBe('[null]');
  });
});

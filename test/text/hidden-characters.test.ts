import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  oneLine,
  visible,
  visibleLines,
  wellFormed,
  withoutByteOrderMark,
  withoutHidden,
} from '../../src/text/hidden-characters.ts';

/** One of each kind, among them those that only some lists of hidden characters used to know. */
const KINDS: readonly (readonly [string, string])[] = [
  ['null', '\u0000'],
  ['escape', '\u001b'],
  ['delete', '\u007f'],
  ['next line', '\u0085'],
  ['soft hyphen', '\u00ad'],
  ['Arabic letter mark', '\u061c'],
  ['Mongolian vowel separator', '\u180e'],
  ['zero-width space', '\u200b'],
  ['right-to-left override', '\u202e'],
  ['word joiner', '\u2060'],
  ['isolate', '\u2066'],
  ['digit shapes', '\u206e'],
  ['byte order mark', '\ufeff'],
  ['annotation', '\ufff9'],
  ['tag', '\u{e0041}'],
  ['half of a pair', '\ud800'],
  ['no character', '\ufffe'],
  ['another', '\uffff'],
  ['one of another plane', '\u{1ffff}'],
];
const WHITE: readonly (readonly [string, string])[] = [
  ['tab', '\t'],
  ['line feed', '\n'],
  ['carriage return', '\r'],
  ['line separator', '\u2028'],
  ['paragraph separator', '\u2029'],
];

describe('visible', () => {
  it.each([
    ['plain', 'plain'],
    ['a\u202Eb', 'a\\u202eb'],
    ['\u0000\u001B[31m', '\\u0000\\u001b[31m'],
    ['zero\u200Bwidth', 'zero\\u200bwidth'],
    ['\u{E0041}', '\\udb40\\udc41'],
    ['\uD800', '\\ud800'],
    ['grün 漢字 😀', 'grün 漢字 😀'],
  ])('%j becomes %j', (given, shown) => {
    expect(visible(given)).toBe(shown);
  });

  it('keeps the value of JSON text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(JSON.parse(visible(JSON.stringify(text)))).toBe(text);
      }),
    );
  });
});

describe('hidden characters', () => {
  it.each([...KINDS, ...WHITE])('are shown, replaced in names and in lines: %s', (_, hidden) => {
    expect(visible(`a${hidden}b`)).toMatch(/^a(?:\\u[0-9a-f]{4}){1,2}b$/);
    expect(withoutHidden(`a${hidden}b`)).toBe('a\ufffdb');
    expect(oneLine(`a${hidden}b`)).toMatch(/^a(?: |\ufffd{1,2})b$/);
  });

  it('leave everything else as it is', () => {
    const text = 'grün 漢字 😀 \u00a0 \ufffd';
    expect([visible(text), withoutHidden(text), oneLine(text)]).toEqual([text, text, text]);
  });
});

describe('visibleLines', () => {
  it('keeps line feeds and nothing else', () => {
    expect(visibleLines('a\r\n\u202eb')).toBe('a\\u000d\n\\u202eb');
  });
});

describe('oneLine', () => {
  it.each(WHITE)('writes a blank for white space: %s', (_, white) => {
    expect(oneLine(`a${white}b`)).toBe('a b');
  });

  it.each(KINDS)('shows that something was there: %s', (_, hidden) => {
    expect(oneLine(`a${hidden}b`)).toBe(`a${'\ufffd'.repeat(hidden.length)}b`);
  });

  it('keeps every place, so that a caret below it still points there', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(oneLine(text)).toHaveLength(text.length);
      }),
    );
  });
});

describe('wellFormed', () => {
  it('replaces halves of pairs only', () => {
    expect(wellFormed('\ud800a\udc00 😀\u202e')).toBe('\ufffda\ufffd 😀\u202e');
  });
});

describe('withoutByteOrderMark', () => {
  it('drops one byte order mark at the beginning, and nothing else', () => {
    expect(withoutByteOrderMark('\ufeff{}')).toBe('{}');
    expect(withoutByteOrderMark('\ufeff\ufeff{}')).toBe('\ufeff{}');
    expect(withoutByteOrderMark('{\ufeff}')).toBe('{\ufeff}');
    expect(withoutByteOrderMark('')).toBe('');
  });
});

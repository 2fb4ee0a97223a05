import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { yamlText } from '../../src/text/yaml-text.ts';
import { HOSTILE } from '../report/hostile-source.ts';

describe('a text in YAML', () => {
  it.each([
    '',
    'no',
    '012345678901',
    ' - a: b # c',
    '"\\\'',
    'tab\tline\r\nnext\u2028\u2029\u0085\u0000\u001b[31m',
    '\u202eabc\u2066\ufeff\u200b',
    '\u{e0001}\u{e0041}\u{1f600}',
    '---\n...\n%YAML',
    '*alias &anchor !tag {a: [b]} | >',
    ...HOSTILE.filter((text) => !text.includes('\ud800')),
  ])('is the same text when it is read: %j', (text) => {
    const written = yamlText(text);
    expect(parse(`a:\n  - ${written} # more\n`)).toEqual({ a: [text] });
    expect(written).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });
});

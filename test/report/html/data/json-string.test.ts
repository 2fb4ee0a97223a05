import { expect, it } from 'vitest';
import { jsonString } from '../../../../src/report/html/page/json-string.ts';

const PART = 64 * 1024;

it.each([
  ['short', 'a "quoted" line\n'],
  ['long', '"\\\n'.repeat(PART)],
  ['with a pair of surrogates where parts meet', `${'x'.repeat(PART - 1)}\u{1f600}${'y'.repeat(PART)}`],
  ['with a lone surrogate before a pair there', `${'x'.repeat(PART - 1)}\ud83d\u{1f600}${'y'.repeat(PART)}`],
  ['with a lone surrogate at its end', `${'x'.repeat(2 * PART - 1)}\ud83d`],
])('writes a text %s as JSON.stringify does', (_, text) => {
  const parts = [...jsonString(text)];
  expect(parts.join('')).toBe(JSON.stringify(text));
  expect(parts.length > 3).toBe(text.length > PART);
});

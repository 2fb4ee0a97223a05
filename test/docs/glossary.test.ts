import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { inCheckout } from '../checkout.ts';

const rows = [
  ...readFileSync(inCheckout('docs', 'glossary.md'), 'utf8').matchAll(/^\| (.+?) \| (.+?) \| (.+?) \|$/gm),
]
  .map(([, word = '', meaning = '', instead = '']) => ({ word, meaning, instead }))
  .filter(({ word }) => word !== 'word');

it('the glossary has at most 25 words, each once and with a meaning', () => {
  expect(rows.length).toBeGreaterThan(20);
  expect(rows.length).toBeLessThanOrEqual(25);
  expect(new Set(rows.map(({ word }) => word)).size).toBe(rows.length);
  expect(rows.filter(({ meaning }) => !meaning.endsWith('.'))).toEqual([]);
});

it('the glossary forbids none of its own words', () => {
  const words = rows.map(({ word }) => word);
  const forbidden = rows.flatMap(({ instead }) => instead.replaceAll(/\s*\([^)]*\)/g, '').split(', '));
  expect(forbidden.filter((word) => words.includes(word))).toEqual([]);
});

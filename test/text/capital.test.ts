import { expect, it } from 'vitest';
import { capital } from '../../src/text/capital.ts';

it.each([
  ['any account of it', 'Any account of it'],
  ['Anyone', 'Anyone'],
  ['', ''],
])('%j begins a sentence as %j', (clause, begun) => {
  expect(capital(clause)).toBe(begun);
});

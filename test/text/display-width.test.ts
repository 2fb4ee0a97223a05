import { describe, expect, it } from 'vitest';
import { displayWidth, fitted, padded, wrapped } from '../../src/text/display-width.ts';

describe('what a text takes of a terminal', () => {
  it.each([
    ['', 0],
    ['production', 10],
    ['Produktión', 10],
    ['本番環境', 8],
    ['ﾊﾝｶｸ', 4],
    ['ＡＢ', 4],
    ['한국', 4],
    ['e\u0301te\u0301', 3],
    ['🔒x', 3],
  ])('%s', (text, width) => expect(displayWidth(text)).toBe(width));
});

it('cuts by columns, never through a wide character', () => {
  expect(fitted('production', 10)).toBe('production');
  expect(fitted('production', 5)).toBe('prod…');
  expect(fitted('本番環境', 8)).toBe('本番環境');
  expect(fitted('本番環境', 7)).toBe('本番環…');
  expect(fitted('本番環境', 6)).toBe('本番…');
  expect(padded(fitted('本番環境', 6), 6, false)).toBe('本番… ');
  expect(padded('7', 3, true)).toBe('  7');
});

it('breaks lines at blanks, and never a word', () => {
  expect(wrapped('one two three four', 9)).toBe('one two\n  three\n  four');
  expect(wrapped('  a/very/long/path is whole', 8)).toBe('  a/very/long/path\n    is\n    whole');
  expect(wrapped('short', 9)).toBe('short');
  expect(wrapped('one two three', 9, 0)).toBe('one two\nthree');
});

it('keeps together what is to be copied, where it fits', () => {
  expect(wrapped('see `a b --help` for it', 14)).toBe('see\n  `a b --help`\n  for it');
  expect(wrapped('see `a b c d e f g`', 10)).toBe('see `a b c\n  d e f g`');
  expect(wrapped('an odd ` is a mark', 10)).toBe('an odd `\n  is a\n  mark');
});

it('does not leave the first word alone for one that is too long for any line', () => {
  expect(wrapped('note: a/very/long/path it is', 10)).toBe('note: a/very/long/path\n  it is');
});

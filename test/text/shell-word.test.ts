import { describe, expect, it } from 'vitest';
import { shellWord } from '../../src/text/shell-word.ts';

describe('shellWord', () => {
  it.each([
    ['plain-Name_1.x@y,z=', 'plain-Name_1.x@y,z='],
    ['', "''"],
    ['-rf', "'-rf'"],
    ['=cmd', "'=cmd'"],
    ["it's", `'it'\\''s'`],
    ['$(id) `id`', "'$(id) `id`'"],
    ['file://111122223333/a.json', 'file://111122223333/a.json'],
  ])('quotes %s for the shell', (text, quoted) => {
    expect(shellWord(text)).toBe(quoted);
  });
});

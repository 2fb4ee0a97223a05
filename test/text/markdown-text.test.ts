import { describe, expect, it } from 'vitest';
import { markdownBlock, markdownCode, markdownLink, markdownText } from '../../src/text/markdown-text.ts';

describe('text for Markdown', () => {
  it.each([
    ['a`b|c<d', '`a\\u0060b\\u007cc\\u003cd`'],
    ['a\u202Eb\n', '`a\\u202eb\\u000a`'],
    ['   ', '–'],
    ['', '–'],
  ])('writes %j as the code %s', (given, shown) => {
    expect(markdownCode(given)).toBe(shown);
  });

  it.each([
    [
      '*a* _b_ [c](d) <e> |f| #g & ~h~ \\i `j`',
      '\\*a\\* \\_b\\_ \\[c\\](d) \\<e\\> \\|f\\| \\#g \\& \\~h\\~ \\\\i \\`j\\`',
    ],
    ['- a list', '\\- a list'],
    ['1. a list', '1\\. a list'],
    ['cross-account', 'cross-account'],
  ])('writes %j as the text %s', (given, shown) => {
    expect(markdownText(given)).toBe(shown);
  });

  it('links https addresses only', () => {
    expect(markdownLink('https://docs.example.com/a_b#c')).toBe('<https://docs.example.com/a_b#c>');
    expect(markdownLink('javascript:alert(1)')).toBe('javascript:alert(1)');
    expect(markdownLink('https://a> <script>')).toBe('https://a\\> \\<script\\>');
  });

  it('fences a block with more backticks than it holds', () => {
    expect(markdownBlock('sh', 'a\n```\nb')).toBe('````sh\na\n```\nb\n````');
  });
});

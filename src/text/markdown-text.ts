import { escapeUnits, visible, visibleLines } from './hidden-characters.ts';

/** Own text for Markdown: whatever would format it is escaped, hidden characters are made visible. */
export function markdownText(text: string): string {
  return visible(text)
    .replace(/[\\`*_[\]<>|~&#]/g, '\\$&')
    .replace(/^[-+]/, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2');
}

/** An https address as a link, anything else as text. */
export function markdownLink(url: string): string {
  return /^https:\/\/[\w.~:/?#@!$&'()*+,;=%-]+$/.test(url) ? `<${url}>` : markdownText(url);
}

/**
 * Evidence text as inline code, where nothing is a link, a mention or markup. What could end the code or a
 * table cell, or be HTML to a careless renderer, is written as `\uXXXX`, like every character that hides.
 */
export function markdownCode(text: string): string {
  const shown = visible(text).replace(/[`|<]/g, escapeUnits);
  // Code that is empty or only blanks is no code to Markdown.
  return shown.trim() === '' ? '–' : `\`${shown}\``;
}

/** A block of code; its fence is longer than any run of backticks within. */
export function markdownBlock(language: string, text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return `${fence}${language}\n${visibleLines(text)}\n${fence}`;
}

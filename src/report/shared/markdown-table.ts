import { markdownCode } from '../../text/markdown-text.ts';

/** The day of an ISO 8601 time or date. */
export function day(time: string): string {
  return /^\d{4}-\d\d-\d\d(?:T|$)/.test(time) ? time.slice(0, 10) : markdownCode(time);
}

/** A table; a title that ends with a colon heads a column of numbers. */
export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  const rule = titles.map((title) => (title.endsWith(':') ? '---:' : '---'));
  return [line(titles.map((title) => title.replace(/:$/, ''))), line(rule), ...rows.map(line)].join('');
}

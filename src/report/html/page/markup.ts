import { visible } from '../../../text/hidden-characters.ts';
import type { Badge } from '../shared/badges.ts';

/** Text that is HTML already: only `html` makes it, so everything in it has been escaped. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Value = string | number | Markup | null | readonly Value[];

/**
 * HTML from a template. Strings and numbers put into it are escaped, also inside quoted attributes, with
 * characters that hide or reorder text made visible; markup and lists of it go in as they are; null is nothing.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  let text = parts[0] ?? '';
  for (const [index, value] of values.entries()) text += render(value) + (parts[index + 1] ?? '');
  return new Markup(text);
}

/**
 * A link that shows in the findings table what the query asks for.
 *
 * @param name what it is, where the label alone does not say; it begins with the label
 */
export function filterLink(query: string, label: Markup | string, name = ''): Markup {
  return html`<a href="#findings" data-filter="${query}"${name === '' ? null : html` aria-label="${name}"`}>${label}</a>`;
}

export function badge({ classes, text }: Badge): Markup {
  return html`<span class="${classes}">${text}</span>`;
}

/** The same behind what it speaks of; nothing where there is none. */
export function badgeBehind(what: Badge | null): Markup | null {
  return what === null ? null : html` ${badge(what)}`;
}

/** A sentence of our own in which backticks mark code. */
export function sentence(text: string): Markup {
  return html`${text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}

/** Own text of several lines; each line is escaped like any value. */
export function multiline(text: string): Markup {
  return new Markup(text.split('\n').map(escapeHtml).join('\n'));
}

function render(value: Value): string {
  if (value === null) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(render).join('');
  return escapeHtml(String(value));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"'`]/g, (character) => ENTITIES[character] ?? '');
}

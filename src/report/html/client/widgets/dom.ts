import { visible } from '../../../../text/hidden-characters.ts';
import type { Badge } from '../../shared/badges.ts';

export type Child = Node | string | null;

interface Attributes {
  readonly class?: string;
  readonly [name: string]: string | boolean | undefined;
}

/**
 * An element with attributes and children. Strings become text nodes with hidden characters made visible, in
 * attributes too, so evidence can never turn into markup or reorder what is shown.
 */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, '');
    else if (typeof value === 'string') element.setAttribute(name, visible(value));
  }
  for (const child of children) {
    if (child !== null) element.append(typeof child === 'string' ? visible(child) : child);
  }
  return element;
}

/** A piece of the evidence: shown apart and in its own direction. */
export function code(text: string): HTMLElement {
  return el('code', {}, text);
}

/** A sentence in which backticks mark code, or what belongs into a policy. */
export function withCode(text: string): readonly Child[] {
  return text.split('`').map((part, index) => (index % 2 === 1 ? code(part) : part));
}

export function badge({ classes, text, tip }: Badge): HTMLElement {
  return el('span', { class: classes, title: tip ?? undefined }, text);
}

export function byId<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no ${id}`);
  return found;
}

import { outsiderOf } from '../../../model/third-party.ts';
import type { GradedPath } from '../../../model/verdict.ts';
import { manyWords } from '../../shared/words/outsider-words.ts';
import { html, type Markup } from './markup.ts';

/** Who comes this way: an account with its name, or what many are called, with one of them as an example. */
export function outsider(path: GradedPath): Markup {
  const { account, accountName } = path;
  const many = manyWords(outsiderOf(path));
  if (account === '*') return html`<strong>${many}</strong>`;
  const one = html`<code>${account}</code>${accountName === null ? null : html` <bdi>${accountName}</bdi>`}`;
  return many === null ? one : html`<strong>${many}</strong>, for example ${one}`;
}

import { formatCount } from '../../../text/counted.ts';
import { STATIC_FINDINGS } from '../../shared/statistics.ts';
import { html, type Markup } from './markup.ts';

/** A listing is a place for the page's script to build its table, and a plain table until it does. */
export interface Listing {
  readonly id: string;
  readonly columns: readonly string[];
  readonly rows: readonly Markup[];
  /** How many rows there are in all. */
  readonly total: number;
  /** What is said when there are none. */
  readonly none?: string;
}

export function listing({ id, columns, rows, total, none = 'None.' }: Listing): Markup {
  return html`<div data-app="${id}" hidden></div>
<div data-static="${id}">${
    rows.length === 0
      ? html`<p class="muted empty">${none}</p>`
      : html`<div class="table-wrap"><table class="plain"><thead><tr>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>
<p class="muted">Showing ${formatCount(rows.length)} of ${formatCount(total)}.</p>`
  }</div>`;
}

/** Says how much of a list the page holds; nothing when it holds all. */
export function capNote(total: number, limit: number): Markup {
  return total <= limit
    ? html``
    : html`<p class="caps"><strong>Showing ${formatCount(limit)} of ${formatCount(total)}</strong>; the rest is in the database.</p>`;
}

/** As many items as a table shows without a script. */
export function firstRows<T>(items: Iterable<T>): readonly T[] {
  const taken: T[] = [];
  for (const item of items) {
    taken.push(item);
    if (taken.length === STATIC_FINDINGS) break;
  }
  return taken;
}

import { formatCount, formatCounted } from '../../../text/counted.ts';
import { SEVERITIES } from '../../shared/labels.ts';
import type { Statistics } from '../../shared/statistics.ts';
import { badge, badgeBehind, filterLink, html, type Markup } from '../page/markup.ts';
import { carriedBadge, severityBadge } from '../shared/badges.ts';

const SHOWN_ACCOUNTS = 15;
/** Shades beyond none; the style sheet has a class for each. */
const SHADES = 4;

export interface HeatRow {
  readonly account: string;
  /** In the order of SEVERITIES. */
  readonly counts: readonly number[];
}

/** The accounts with the worst findings: most critical ones first, then high, medium, low. */
export function heatRows({ byAccount }: Statistics): readonly HeatRow[] {
  const rows = [...byAccount].map(([account, counts]) => ({ account, counts }));
  return rows.sort(worseFirst).slice(0, SHOWN_ACCOUNTS);
}

function worseFirst(a: HeatRow, b: HeatRow): number {
  for (const [index, count] of a.counts.entries()) {
    const difference = (b.counts[index] ?? 0) - count;
    if (difference !== 0) return difference;
  }
  return a.account < b.account ? -1 : 1;
}

/** A table of counts, shaded; the numbers are the text alternative. */
export function heatMap(
  rows: readonly HeatRow[],
  { byAccount, carriedAccounts }: Statistics,
  names: ReadonlyMap<string, string>,
): Markup {
  const rest = byAccount.size - rows.length;
  const totals = SEVERITIES.map((_, index) =>
    sum([...byAccount.values()].map((counts) => counts[index] ?? 0)),
  );
  const others = totals.map((total, index) => total - sum(rows.map(({ counts }) => counts[index] ?? 0)));
  const most = SEVERITIES.map((_, index) => Math.max(1, ...rows.map(({ counts }) => counts[index] ?? 0)));
  return html`<div class="table-wrap" tabindex="0" role="region" aria-label="Failing verdicts by account and severity"><table class="plain heat"><thead><tr><th scope="col">Account</th>${SEVERITIES.map(
    (severity) => html`<th scope="col" class="number">${badge(severityBadge(severity))}</th>`,
  )}<th scope="col" class="number">All</th></tr></thead><tbody>${rows.map(
    ({ account, counts }) =>
      html`<tr><th scope="row">${accountLink(account, names)}${badgeBehind(carriedBadge(carriedAccounts.get(account) ?? null))}</th>${cells(counts, `acct:${account}`, most)}</tr>`,
  )}</tbody><tfoot>${
    rest === 0
      ? null
      : html`<tr><th scope="row">${formatCounted(rest, 'other account')}</th>${cells(others, `!acct:${rows.map(({ account }) => account).join(',')}`)}</tr>`
  }<tr><th scope="row">All ${formatCount(byAccount.size)}</th>${cells(totals, '')}</tr></tfoot></table></div>`;
}

function accountLink(account: string, names: ReadonlyMap<string, string>): Markup {
  const name = names.get(account);
  const label =
    name === undefined
      ? html`<code>${account}</code>`
      : html`<bdi>${name}</bdi> <code class="muted">${account}</code>`;
  return filterLink(`verdict:fail acct:${account}`, label);
}

/** Counts that show their findings: those of the accounts that `filter` asks for. Shaded where the most of each
 * severity are given. */
function cells(counts: readonly number[], filter: string, most?: readonly number[]): Markup {
  const query = ['verdict:fail', ...(filter === '' ? [] : [filter])].join(' ');
  return html`${counts.map((count, index) => {
    if (count === 0) return html`<td class="number muted">0</td>`;
    const severity = SEVERITIES[index] ?? 'low';
    const shaded = most === undefined ? '' : ` heat-${severity} shade-${shade(count, most[index] ?? 1)}`;
    return html`<td class="number${shaded}">${cellLink(`${query} severity:${severity}`, count, severity)}</td>`;
  })}<td class="number">${cellLink(query, sum(counts), 'all')}</td>`;
}

function cellLink(query: string, count: number, what: string): Markup {
  return filterLink(query, html`${formatCount(count)}<span class="visually-hidden"> ${what}</span>`);
}

/** From 1 to SHADES within a severity, by orders of magnitude: one huge account must not pale all others. */
function shade(count: number, most: number): number {
  return most === 1 ? 2 : 1 + Math.round(((SHADES - 1) * Math.log(count)) / Math.log(most));
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

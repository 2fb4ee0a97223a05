import type { TrendPoint } from '../../../model/trend.ts';
import { formatCount } from '../../../text/counted.ts';
import { SEVERITIES, SEVERITY_LABEL } from '../../shared/labels.ts';
import { html, type Markup } from '../page/markup.ts';

const HEADINGS = [
  'Accounts',
  'Carried forward',
  'Roles',
  'Failing',
  'Rate',
  ...SEVERITIES.map((severity) => SEVERITY_LABEL[severity]),
  'New',
  'Resolved',
  'Like for like',
];

/** The trend as text, the latest point first. */
export function trendTable(points: readonly TrendPoint[]): Markup {
  const rows = points
    .toReversed()
    .map(
      (point) =>
        html`<tr><th scope="row">${point.at}${point.toDate ? html`<span class="second">to date: ${point.captured}</span>` : null}</th>${cellsOf(point).map((cell, index) => html`<td class="number" data-label="${HEADINGS[index] ?? ''}">${cell}</td>`)}</tr>\n`,
    );
  return html`<div class="table-wrap" tabindex="0" role="region" aria-label="Trend as a table"><table class="plain stacking trend-table"><thead><tr><th scope="col">Until</th>${HEADINGS.map(
    (name) => html`<th scope="col" class="number">${name}</th>`,
  )}</tr></thead><tbody>
${rows}</tbody></table></div>`;
}

function cellsOf(point: TrendPoint): readonly (string | Markup)[] {
  const { accounts, carriedForward, roles, fail, failRate } = point;
  return [
    formatCount(accounts),
    carriedForward === 0
      ? '0'
      : html`<strong>${formatCount(carriedForward)}</strong> of ${formatCount(accounts)}`,
    formatCount(roles),
    formatCount(fail),
    `${(failRate * 100).toFixed(1)}%`,
    ...SEVERITIES.map((severity) => formatCount(point.severities[severity])),
    formatCount(point.new),
    formatCount(point.resolved),
    `${formatCount(point.comparableFail)} in ${formatCount(point.comparableAccounts)}`,
  ];
}

/** What the picture and its table mean, for those who read them for the first time. */
export const TREND_MEANING =
  'The bars are failing roles at the end of each period, by severity as accounts are known now; distances are those of time. “To date” is a period that was not over at the newest capture. A hollow point has accounts without a capture in the period, which stand as last captured (carried forward). New and resolved count findings since the point before, only in accounts that both points cover. Like for like counts failing roles of the accounts that the first point covers, so that accounts which came later do not look like a worsening. Lines break where a period has no evidence.';

import type { ReportSource } from '../../../model/report-source.ts';
import type { TrendPeriod, TrendPoint } from '../../../model/trend.ts';
import { formatCount } from '../../../text/counted.ts';
import { html, type Markup } from '../page/markup.ts';
import { trendChart } from '../pictures/trend-chart.ts';

/** The trend that the page shows. */
export interface ShownTrend {
  readonly by: TrendPeriod;
  readonly points: readonly TrendPoint[];
}

/** More points than this crowd the chart. */
const MOST_POINTS = 60;
/** With fewer months than this, days tell more. */
const FEW_MONTHS = 3;

/** The trend by the period that suits how long and how often was captured. */
export function chooseTrend(source: ReportSource): ShownTrend {
  const days = source.trend('day');
  const months = new Set(days.map(({ at }) => at.slice(0, 7))).size;
  if (months < FEW_MONTHS && days.length <= MOST_POINTS) return { by: 'day', points: days };
  const by = months > MOST_POINTS ? 'quarter' : 'month';
  return { by, points: source.trend(by) };
}

/** How the failing roles developed over the captures: a chart, and the same as a table. */
export function trendSection({ by, points }: ShownTrend): Markup {
  return html`
<section id="trend" aria-labelledby="trend-title">
<h2 id="trend-title">Trend <span class="count">by ${by}</span></h2>
${
  points.length < 2
    ? html`<p class="muted empty">There is one point in time so far. With the evidence of a second one the report shows what came and what went.</p>`
    : html`<div class="table-wrap trend" tabindex="0" role="region" aria-label="Chart of the trend">${trendChart(points)}</div>
<p class="muted small">The line is the share of failing roles. A hollow point has accounts without a capture in the period; they stand as last captured (carried forward). The bars are findings that came and went since the point before, counted only in accounts that both points cover; the summary compares each account with its own look before.</p>
${table(points)}`
}
</section>`;
}

function table(points: readonly TrendPoint[]): Markup {
  const rows = points.toReversed().map((point) => {
    const carried =
      point.carriedForward === 0
        ? '0'
        : html`<strong>${formatCount(point.carriedForward)}</strong> of ${formatCount(point.accounts)}`;
    return html`<tr><td class="short">${point.at}</td><td class="number">${formatCount(point.accounts)}</td><td class="number">${carried}</td>
<td class="number">${formatCount(point.roles)}</td><td class="number">${formatCount(point.fail)}</td><td class="number">${(point.failRate * 100).toFixed(1)} %</td><td class="number">${formatCount(point.new)}</td><td class="number">${formatCount(point.resolved)}</td></tr>`;
  });
  return html`<details><summary>The same as a table</summary><div class="table-wrap" tabindex="0" role="region" aria-label="Trend as a table"><table class="plain"><thead><tr><th scope="col">Until</th>${[
    'Accounts',
    'Carried forward',
    'Roles',
    'Failing',
    'Rate',
    'New',
    'Resolved',
  ].map(
    (name) => html`<th scope="col" class="number">${name}</th>`,
  )}</tr></thead><tbody>${rows}</tbody></table></div></details>`;
}

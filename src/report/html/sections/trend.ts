import type { ReportSource } from '../../../model/report-source.ts';
import type { TrendPeriod, TrendPoint } from '../../../model/trend.ts';
import { html, type Markup } from '../page/markup.ts';
import { trendChart } from '../pictures/trend-chart.ts';
import { TREND_MEANING, trendTable } from '../pictures/trend-table.ts';

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
  const by =
    (['month', 'quarter'] as const).find((each) => source.trend(each).length <= MOST_POINTS) ?? 'year';
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
    : html`${trendChart(points, by)}
<p class="muted small">${TREND_MEANING} The summary compares each account with its own look before.</p>
<details><summary>The same as a table</summary>${trendTable(points)}</details>`
}
</section>`;
}

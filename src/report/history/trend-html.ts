import type { Writable } from 'node:stream';
import type { Completeness } from '../../model/completeness.ts';
import type { EvidencePeriod } from '../../model/report-source.ts';
import type { TrendPeriod, TrendPoint } from '../../model/trend.ts';
import { formatCount, formatCounted } from '../../text/counted.ts';
import { writeAll } from '../files/stream.ts';
import type { HistoryOptions } from '../format.ts';
import { html, type Markup } from '../html/page/markup.ts';
import { trendChart } from '../html/pictures/trend-chart.ts';
import { TREND_MEANING, trendTable } from '../html/pictures/trend-table.ts';
import { shownTime } from '../shared/labels.ts';
import { PAGE_END, pageHead, standing } from './page.ts';

/** What `trend` found, and what was missing for it. */
export interface TrendReport {
  /** Rule id. */
  readonly rule: string;
  readonly by: TrendPeriod;
  readonly points: readonly TrendPoint[];
  /** From when to when the store has evidence; null without any. */
  readonly evidence: EvidencePeriod | null;
  /** What the store lacks. */
  readonly missing: Completeness;
  /** Of the program that last scanned into the store; '' in a store without any run. */
  readonly toolVersion: string;
}

/** A trend as one page without a script: the chart, and the same as a table. */
export async function renderTrendHtml(
  trend: TrendReport,
  out: Writable,
  options: HistoryOptions,
): Promise<void> {
  await writeAll(out, page(trend, options));
}

function* page(
  { rule, by, points, evidence, missing, toolVersion }: TrendReport,
  options: HistoryOptions,
): Generator<string> {
  const title = `Failing roles by ${by}`;
  yield pageHead(options, {
    moment: evidence === null ? 'Without evidence' : `Evidence up to ${shownTime(evidence.to)}`,
    title,
    subtitle: `${rule} · trustsieve ${toolVersion}`.trim(),
    toolVersion,
    navigation: [
      ['#summary', 'Summary'],
      ['#trend', 'Chart'],
      ['#table', 'Table'],
    ],
  });
  yield html`<section id="summary" aria-labelledby="summary-title">
${headline(points)}
${standing(missing)}
${evidence === null ? null : html`<p>Evidence from ${shownTime(evidence.from)} to ${shownTime(evidence.to)}.</p>`}
</section>
<section id="trend" aria-labelledby="trend-title">
<h2 id="trend-title">Trend <span class="count">by ${by}</span></h2>
${trendChart(points, by)}
<p class="muted small">${TREND_MEANING}</p>
</section>
<section id="table" aria-labelledby="table-title">
<h2 id="table-title">The same as a table</h2>
${points.length === 0 ? html`<p class="muted empty">No point.</p>` : trendTable(points)}
</section>
`.text;
  yield PAGE_END;
}

function headline(points: readonly TrendPoint[]): Markup {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) {
    return html`<h2 id="summary-title" class="headline"><strong>No capture</strong> of an account, so there is no trend.</h2>`;
  }
  const { fail, roles, at, captured, toDate } = last;
  return html`<h2 id="summary-title" class="headline"><strong>${formatCount(fail)}</strong> of ${formatCounted(roles, 'role')} ${fail === 1 ? 'fails' : 'fail'} at ${toDate ? captured : at}${first === last ? '' : `; ${formatCount(first.fail)} of ${formatCount(first.roles)} did at ${first.at}`}.</h2>
${first === last ? html`<p>There is one point in time so far.</p>` : html`<p>${likeForLike(first, last)}</p>`}`;
}

function likeForLike(first: TrendPoint, last: TrendPoint): string {
  const { comparableAccounts, comparableFail, accounts } = last;
  if (accounts === comparableAccounts) {
    return `Both points cover the same ${formatCounted(accounts, 'account')}.`;
  }
  return `Like for like, in the ${formatCounted(comparableAccounts, 'account')} that the first point covers, ${formatCount(first.fail)} failed then and ${formatCount(comparableFail)} at the last point; ${formatCounted(accounts - comparableAccounts, 'account')} came later.`;
}

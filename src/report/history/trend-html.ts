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
${standing(missing, ' at the last point')}
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
  const { fail, roles } = last;
  const before =
    first === last
      ? null
      : `; ${formatCount(first.fail)} of ${formatCount(first.roles)} did${undecided(first)} by captures up to ${first.captured}`;
  return html`<h2 id="summary-title" class="headline"><strong>${formatCount(fail)}</strong> of ${formatCounted(roles, 'role')} ${fail === 1 ? 'fails' : 'fail'}${undecided(last)} by captures up to ${last.captured}${before}.</h2>
<p>${first === last ? 'There is one point in time so far.' : likeForLike(first, last)}</p>${doubt(points)}`;
}

function undecided({ error }: TrendPoint): string {
  return error === 0 ? '' : ` and ${formatCount(error)} could not be decided`;
}

/** Points of which the numbers say less than they seem to. */
function doubt(points: readonly TrendPoint[]): Markup | null {
  const open = points.filter(({ error }) => error > 0).length;
  const cut = points.filter(({ incompleteAccounts }) => incompleteAccounts > 0).length;
  const of = ` of ${formatCounted(points.length, 'point')}`;
  const parts = [
    ...(open > 0 ? [`at ${formatCount(open)}${of} roles could not be decided, and may fail or not`] : []),
    ...(cut > 0 ? [`at ${formatCount(cut)}${of} the evidence may not show all roles`] : []),
  ];
  return parts.length === 0 ? null : html`<p><strong>Not all is known</strong>: ${parts.join('; ')}.</p>`;
}

function likeForLike(first: TrendPoint, last: TrendPoint): string {
  const { comparableAccounts, comparableFail, comparableError, accounts } = last;
  if (accounts === comparableAccounts) {
    return `Both points cover the same ${formatCounted(accounts, 'account')}.`;
  }
  const then = `${formatCount(first.fail)} failed${undecided(first)} then`;
  const now = `${formatCount(comparableFail)}${undecided({ ...last, error: comparableError })} at the last point`;
  return `Like for like, in the ${formatCounted(comparableAccounts, 'account')} that the first point covers, ${then} and ${now}; ${formatCounted(accounts - comparableAccounts, 'account')} came later.`;
}

import type { Writable } from 'node:stream';
import type { Completeness } from '../../model/completeness.ts';
import type { EvidencePeriod } from '../../model/report-source.ts';
import type { TrendPeriod, TrendPoint } from '../../model/trend.ts';
import { formatCount } from '../../text/counted.ts';
import { writeAll } from '../files/stream.ts';
import type { HistoryOptions } from '../format.ts';
import { html } from '../html/page/markup.ts';
import { trendChart } from '../html/pictures/trend-chart.ts';
import { shownTime } from '../shared/labels.ts';
import { type Heading, PAGE_END, pageHead, standing, TABLE_END, tableRow, tableStart } from './page.ts';

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
}

const HEADINGS: readonly Heading[] = [
  { title: 'At', kind: 'short' },
  { title: 'Accounts', kind: 'number' },
  { title: 'Carried forward', kind: 'number' },
  { title: 'Roles', kind: 'number' },
  { title: 'Failing', kind: 'number' },
  { title: 'Rate', kind: 'number' },
  { title: 'New', kind: 'number' },
  { title: 'Resolved', kind: 'number' },
];

/** A trend as one page without a script: the chart, and the same as a table. */
export async function renderTrendHtml(
  trend: TrendReport,
  out: Writable,
  options: HistoryOptions,
): Promise<void> {
  await writeAll(out, page(trend, options));
}

function* page(
  { rule, by, points, evidence, missing }: TrendReport,
  options: HistoryOptions,
): Generator<string> {
  const until = evidence === null ? 'Without evidence' : `Evidence up to ${shownTime(evidence.to)}`;
  yield pageHead(`Failing roles by ${by}, ${rule}`, until, options);
  yield standing(missing);
  if (evidence !== null) yield html`<p>Evidence from ${evidence.from} to ${evidence.to}.</p>\n`.text;
  yield trendChart(points).text;
  yield html`<p class="muted">Rate: failing roles of all roles. A hollow point has accounts without a capture in the period, which stand as last captured. New and resolved count findings of accounts that both ends of a period cover, so they tell nothing of accounts that came or went.</p>
`.text;
  yield tableStart('Trend', HEADINGS);
  for (const point of points) {
    yield tableRow(HEADINGS, [
      point.at,
      formatCount(point.accounts),
      formatCount(point.carriedForward),
      formatCount(point.roles),
      formatCount(point.fail),
      `${(point.failRate * 100).toFixed(1)}%`,
      formatCount(point.new),
      formatCount(point.resolved),
    ]);
  }
  yield TABLE_END;
  yield PAGE_END;
}

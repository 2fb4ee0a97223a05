import type { ReportSource } from '../../../model/report-source.ts';
import { formatCount, formatCounted } from '../../../text/counted.ts';
import { PRINTED_DETAILS, type ReportOptions } from '../../shared/options.ts';
import type { Statistics } from '../../shared/statistics.ts';
import { html } from '../page/markup.ts';
import { worstFindings } from '../page/worst-findings.ts';
import { detailArticle } from './detail-article.ts';
import { PrintedOnce } from './printed-once.ts';

/** Proof and fix of the worst findings, one after the other, for print; nothing where they were not asked for. */
export function* detailsSection(
  source: ReportSource,
  { carriedAccounts }: Statistics,
  { details, outcomes, noteSentences }: ReportOptions,
): Generator<string> {
  if (details === undefined) return;
  const { fixOf, limit = PRINTED_DETAILS } = details;
  const { total, listed, verdicts } = worstFindings(source, outcomes, limit);
  const names = new Map([...source.accounts()].map(({ account, name }) => [account, name]));
  yield html`
<section id="details" aria-labelledby="details-title">
<h2 id="details-title">Proof and fix <span class="count">${formatCount(listed)} of ${formatCounted(total, 'finding')}</span></h2>
<p class="caps">${
    listed === total
      ? 'Every finding of the report'
      : html`<strong>Showing ${formatCount(listed)} of ${formatCount(total)}</strong>: the worst findings; the rest is in the table above and in the other formats`
  }, in the order of severity and of what a way in leads to.</p>`.text;
  const printed = new PrintedOnce();
  for (const verdict of verdicts) {
    const { account } = verdict.object;
    yield detailArticle(verdict, {
      accountName: names.get(account) ?? null,
      carriedForward: carriedAccounts.get(account) ?? null,
      noteSentences,
      fix: fixOf(verdict),
      printed,
    }).text;
  }
  yield '\n</section>';
}

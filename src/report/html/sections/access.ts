import type { ReportSource } from '../../../model/report-source.ts';
import { formatCount, formatCounted } from '../../../text/counted.ts';
import type { ExternalAccount } from '../../shared/external-accounts.ts';
import { guardWords, RELATION_LABEL } from '../../shared/labels.ts';
import type { Statistics } from '../../shared/statistics.ts';
import type { PageLimits } from '../page/limits.ts';
import { capNote, firstRows, listing } from '../page/listing.ts';
import { html, type Markup } from '../page/markup.ts';
import { flowPicture } from '../pictures/flow-picture.ts';
import { flowStreams } from '../pictures/flow-streams.ts';
import { accountNames } from './accounts.ts';

/** Who gets in: a drawing of what stands open, and every outside account with the roles it can assume. */
export function accessSection(source: ReportSource, statistics: Statistics, limits: PageLimits): Markup {
  const { externals, externalsPartial } = statistics;
  const flow = flowStreams(statistics);
  const names = accountNames(source, new Set(flow.to.map(({ id }) => id)));
  const open = externals.filter((row) => row.open > 0).length;
  const outside = formatCounted(externals.length, 'outside account');
  return html`
<section id="access" aria-labelledby="access-title">
<h2 id="access-title">Who gets in <span class="count">${externalsPartial ? 'more than ' : ''}${outside}, ${formatCount(open)} unguarded</span></h2>
${flowPicture(flow, statistics, names)}
<h3>Every outside account</h3>
<p class="muted small">Unguarded: roles it can assume without MFA and without an external ID. Guarded: roles where each of its ways in demands one of them.</p>
${capNote(externals.length, limits.accounts)}
${listing({
  id: 'externals',
  columns: ['Account', 'Name', 'Relation', 'Unguarded roles', 'Guarded roles', 'Guards'],
  rows: firstRows(externals).map(externalRow),
  total: externals.length,
  none: 'No principal of another account gets into any role.',
})}
</section>`;
}

function externalRow(row: ExternalAccount): Markup {
  return html`<tr><td>${row.account === '*' ? html`<strong>anyone</strong>` : html`<code>${row.account}</code>`}</td><td><bdi>${row.name}</bdi></td>
<td>${RELATION_LABEL[row.relation]}</td><td class="number">${formatCount(row.open)}</td><td class="number">${formatCount(row.guarded)}</td><td>${guardWords(row)}</td></tr>`;
}

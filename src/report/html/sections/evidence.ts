import type { EvidenceRow, RejectRow } from '../../../model/evidence-row.ts';
import type { ReportSource } from '../../../model/report-source.ts';
import { formatCount, formatCounted } from '../../../text/counted.ts';
import { formatBytes, shownTime } from '../../shared/labels.ts';
import type { Statistics } from '../../shared/statistics.ts';
import type { PageLimits } from '../page/limits.ts';
import { capNote, firstRows, listing } from '../page/listing.ts';
import { html, type Markup, sentence } from '../page/markup.ts';

/** Every file as received, and every record that could not be used, with its place. */
export function evidenceSection(source: ReportSource, statistics: Statistics, limits: PageLimits): Markup {
  const total = source.totals().files;
  return html`
<section id="evidence" aria-labelledby="evidence-title">
<h2 id="evidence-title">Evidence <span class="count">${formatCounted(total, 'file')}</span></h2>
<p class="muted small">Every file as received, so that it can be hashed and counted again. Read = accepted + superseded + duplicate + rejected.</p>
${capNote(total, limits.evidence)}
${listing({
  id: 'evidence',
  columns: [
    'File',
    'SHA-256',
    'Size',
    'Format',
    'Captured',
    'Read',
    'Accepted',
    'Superseded',
    'Duplicate',
    'Rejected',
    'Status',
  ],
  rows: firstRows(source.evidence()).map(evidenceRow),
  total,
})}
<h3 id="rejects">Rejected records <span class="count">${formatCount(statistics.rejects)}</span></h3>
${capNote(statistics.rejects, limits.rejects)}
${listing({
  id: 'rejects',
  columns: ['File', 'Offset', 'Place', 'Code', 'Why'],
  rows: firstRows(source.rejects()).map(rejectRow),
  total: statistics.rejects,
  none: 'None: every record that was read could be used.',
})}
</section>`;
}

function evidenceRow(row: EvidenceRow): Markup {
  const captured = row.capturedAt === null ? 'several or none' : shownTime(row.capturedAt);
  return html`<tr><td><code>${row.path}</code></td><td><code class="hash">${row.sha256}</code></td><td>${formatBytes(row.bytes)}</td>
<td>${row.format ?? 'not recognised'}</td><td>${captured}${row.capturedFrom === null ? null : html` <span class="muted">(${row.capturedFrom})</span>`}</td>
<td class="number">${formatCount(row.recordsRead)}</td><td class="number">${formatCount(row.recordsAccepted)}</td>
<td class="number">${formatCount(row.recordsSuperseded)}</td><td class="number">${formatCount(row.recordsDuplicate)}</td><td class="number">${formatCount(row.recordsRejected)}</td>
<td>${row.status === 'complete' ? 'complete' : html`<strong>${row.status}</strong>`}${row.problems.map(({ message }) => html`<br>${sentence(message)}`)}</td></tr>`;
}

function rejectRow(row: RejectRow): Markup {
  return html`<tr><td><code>${row.path}</code></td><td class="number">${formatCount(row.offset)}</td><td><code>${row.pointer}</code></td><td><code>${row.code}</code></td><td>${sentence(row.message)}</td></tr>`;
}

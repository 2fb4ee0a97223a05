import type { VerdictObject } from '../../audit/verdict.ts';
import type { AccountRow, EvidenceRow, RejectRow, ReportSource } from '../../store/types.ts';
import { CLASSES, type PageLimits, type VerdictClass } from '../selection.ts';
import { formatBytes, formatCount, formatTime, OUTCOMES, RELATION_LABEL } from '../shared/labels.ts';
import { worstPath } from '../shared/paths.ts';
import { STATIC_FINDINGS, type Statistics } from '../statistics.ts';
import { outcomeBadge, severityBadge } from './badges.ts';
import { html, type Markup } from './markup.ts';

/** A listing is a place for the page's script to build its table, and a plain table until it does. */
interface Listing {
  readonly id: string;
  readonly title: string;
  readonly intro: Markup;
  readonly columns: readonly string[];
  readonly rows: readonly Markup[];
  /** How many rows there are in all. */
  readonly total: number;
}

function listing({ id, title, intro, columns, rows, total }: Listing): Markup {
  return html`
<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title} <span class="count">${formatCount(total)}</span></h2>
${intro}
<div data-app="${id}" hidden></div>
<div data-static="${id}">${
    rows.length === 0
      ? html`<p class="muted">None.</p>`
      : html`<div class="table-wrap"><table class="plain"><thead><tr>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>
<p class="muted">Showing ${formatCount(rows.length)} of ${formatCount(total)}.</p>`
  }</div>
</section>`;
}

export function findingsListing(
  statistics: Statistics,
  budgets: Readonly<Record<VerdictClass, number>>,
): Markup {
  return listing({
    id: 'findings',
    title: 'Findings',
    intro: caps(statistics, budgets),
    columns: ['Verdict', 'Severity', 'Role', 'Account', 'Who gets in', 'First seen', 'Why'],
    rows: statistics.worst.map(findingRow),
    total: statistics.outcomes.fail + statistics.outcomes.error,
  });
}

/** Says openly what the page lists and what it leaves to the other formats. */
function caps(statistics: Statistics, budgets: Readonly<Record<VerdictClass, number>>): Markup {
  const sum = (names: readonly VerdictClass[], counts: Readonly<Record<VerdictClass, number>>): number =>
    names.reduce((total, name) => total + counts[name], 0);
  const groups: readonly (readonly [string, readonly VerdictClass[]])[] = [
    ['findings (fail and error)', ['critical', 'high', 'error', 'medium', 'low']],
    ['passing', ['notable-pass', 'pass']],
    ['not applicable', ['notable-not-applicable', 'not-applicable']],
  ];
  const parts = groups.map(([name, classes]) => {
    const [shown, total] = [sum(classes, budgets), sum(classes, statistics.classes)];
    return shown === total
      ? html`<li>${name}: all ${formatCount(total)}</li>`
      : html`<li>${name}: <strong>showing ${formatCount(shown)} of ${formatCount(total)}</strong></li>`;
  });
  const complete = CLASSES.every((name) => budgets[name] === statistics.classes[name]);
  return html`<ul class="caps" aria-label="What this page lists">${parts}</ul>${
    complete
      ? null
      : html`<p class="muted">The worst come first, then verdicts with a weak guard or differing readings. The complete list is in the CSV and JSON reports.</p>`
  }`;
}

function findingRow(object: VerdictObject): Markup {
  const path = worstPath(object.paths);
  return html`<tr><td>${outcomeBadge(object.verdict)}</td><td>${severityBadge(object.severity)}</td>
<td><code>${object.roleName}</code></td><td><code>${object.account}</code></td>
<td>${path === null ? '–' : html`<code>${path.account === '*' ? 'anyone' : path.account}</code> ${path.accountName === null ? null : html`<bdi>${path.accountName}</bdi> `}<span class="muted">${RELATION_LABEL[path.relation]}</span>`}</td>
<td>${formatTime(object.firstSeen)}</td><td>${object.message}</td></tr>`;
}

export function accountsListing(source: ReportSource, limits: PageLimits): Markup {
  const total = source.totals().accounts;
  return listing({
    id: 'accounts',
    title: 'Accounts',
    intro: capNote(total, limits.accounts),
    columns: [
      'Account',
      'Name',
      'Latest capture',
      'Coverage',
      'Roles',
      'Fail',
      'Error',
      'Pass',
      'Not applicable',
    ],
    rows: take(source.accounts()).map(accountRow),
    total,
  });
}

function accountRow(row: AccountRow): Markup {
  return html`<tr><td><code>${row.account}</code></td><td><bdi>${row.name}</bdi></td><td>${formatTime(row.capturedAt)}</td>
<td>${row.complete ? 'complete' : html`<strong>incomplete</strong>`}</td><td class="number">${formatCount(row.roles)}</td>
${OUTCOMES.map((outcome) => html`<td class="number">${formatCount(row.verdicts[outcome])}</td>`)}</tr>`;
}

export function evidenceListing(source: ReportSource, limits: PageLimits): Markup {
  const total = source.totals().files;
  return listing({
    id: 'evidence',
    title: 'Evidence',
    intro: html`<p class="muted">Every file as received, so that it can be hashed and counted again. Read = accepted + duplicate + rejected.</p>${capNote(total, limits.evidence)}`,
    columns: [
      'File',
      'SHA-256',
      'Size',
      'Format',
      'Captured',
      'Read',
      'Accepted',
      'Duplicate',
      'Rejected',
      'Status',
    ],
    rows: take(source.evidence()).map(evidenceRow),
    total,
  });
}

function evidenceRow(row: EvidenceRow): Markup {
  const captured = row.capturedAt === null ? 'several or none' : formatTime(row.capturedAt);
  return html`<tr><td><code>${row.path}</code></td><td><code class="hash">${row.sha256}</code></td><td>${formatBytes(row.bytes)}</td>
<td>${row.format ?? 'not recognised'}</td><td>${captured}${row.capturedFrom === null ? null : html` <span class="muted">(${row.capturedFrom})</span>`}</td>
<td class="number">${formatCount(row.recordsRead)}</td><td class="number">${formatCount(row.recordsAccepted)}</td>
<td class="number">${formatCount(row.recordsDuplicate)}</td><td class="number">${formatCount(row.recordsRejected)}</td>
<td>${row.status === 'complete' ? 'complete' : html`<strong>${row.status}</strong>`}${row.problems.map((problem) => html`<br>${problem}`)}</td></tr>`;
}

export function rejectsListing(source: ReportSource, statistics: Statistics, limits: PageLimits): Markup {
  return listing({
    id: 'rejects',
    title: 'Rejected records',
    intro: capNote(statistics.rejects, limits.rejects),
    columns: ['File', 'Offset', 'Place', 'Code', 'Why'],
    rows: take(source.rejects()).map(rejectRow),
    total: statistics.rejects,
  });
}

function rejectRow(row: RejectRow): Markup {
  return html`<tr><td><code>${row.path}</code></td><td class="number">${formatCount(row.offset)}</td><td><code>${row.pointer}</code></td><td><code>${row.code}</code></td><td>${row.message}</td></tr>`;
}

function capNote(total: number, limit: number): Markup {
  return total <= limit
    ? html``
    : html`<p class="caps"><strong>Showing ${formatCount(limit)} of ${formatCount(total)}</strong>; the rest is in the database.</p>`;
}

function take<T>(items: Iterable<T>): readonly T[] {
  const taken: T[] = [];
  for (const item of items) {
    taken.push(item);
    if (taken.length === STATIC_FINDINGS) break;
  }
  return taken;
}

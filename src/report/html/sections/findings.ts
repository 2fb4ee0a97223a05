import { effectiveVerdict } from '../../../model/guardrail.ts';
import { CLASSES, type VerdictClass } from '../../../model/verdict-class.ts';
import { formatCount } from '../../../text/counted.ts';
import { RELATION_LABEL, shownTime } from '../../shared/labels.ts';
import type { Statistics } from '../../shared/statistics.ts';
import type { WorstFinding } from '../../shared/worst-findings.ts';
import type { WrittenPart } from '../page/findings-parts.ts';
import { listing } from '../page/listing.ts';
import { badge, badgeBehind, html, type Markup } from '../page/markup.ts';
import { outsider } from '../page/outsider.ts';
import {
  carriedBadge,
  disagreementBadge,
  guardrailBadge,
  outcomeBadge,
  severityBadge,
} from '../shared/badges.ts';

export function findingsSection(
  statistics: Statistics,
  budgets: Readonly<Record<VerdictClass, number>>,
  parts: readonly WrittenPart[],
): Markup {
  const total = statistics.outcomes.fail + statistics.outcomes.error;
  return html`
<section id="findings" aria-labelledby="findings-title">
<h2 id="findings-title">Findings <span class="count">${formatCount(total)}</span></h2>
${caps(statistics, budgets)}
${partList(parts)}
${listing({
  id: 'findings',
  columns: ['Verdict', 'Severity', 'Role', 'Account', 'Who gets in', 'First seen', 'Why'],
  rows: statistics.worst.map((object) =>
    findingRow(object, statistics.carriedAccounts.get(object.account) ?? null),
  ),
  total,
})}
</section>`;
}

/** Where every finding is when the page cannot hold them all. */
function partList(parts: readonly WrittenPart[]): Markup | null {
  if (parts.length === 0) return null;
  return html`<h3>All findings, in ${formatCount(parts.length)} parts</h3>
<p class="muted small">There are more findings than one page can hold: this page lists the worst, the files below list all. Keep their folder beside this file.</p>
<div class="table-wrap" tabindex="0" role="region" aria-label="Parts of the report"><table class="plain"><thead><tr><th scope="col">Part</th><th scope="col">From account</th><th scope="col">To account</th><th scope="col" class="number">Findings</th><th scope="col">SHA-256</th></tr></thead><tbody>${parts.map(
    ({ path, rows, firstAccount, lastAccount, sha256 }) =>
      html`<tr><td><a href="${path.split('/').map(encodeURIComponent).join('/')}">${path}</a></td><td><code>${firstAccount}</code></td><td><code>${lastAccount}</code></td><td class="number">${formatCount(rows)}</td><td><code class="hash">${sha256}</code></td></tr>`,
  )}</tbody></table></div>
<h3>The worst findings</h3>`;
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
      : html`<p class="muted small">The worst come first, then verdicts with a weak guard or differing readings. The complete list is in the CSV, JSON and XLSX reports.</p>`
  }`;
}

function findingRow(object: WorstFinding, age: number | null): Markup {
  const { way } = object;
  return html`<tr><td>${badge(outcomeBadge(effectiveVerdict(object)))}${badgeBehind(guardrailBadge(object))}</td><td>${badge(severityBadge(object.severity))}</td>
<td><code>${object.roleName}</code>${badgeBehind(disagreementBadge(object.notes))}</td><td><code>${object.account}</code>${badgeBehind(carriedBadge(age))}</td>
<td>${way === null ? '–' : html`${outsider(way)} <span class="muted">${RELATION_LABEL[way.relation]}</span>`}</td>
<td>${shownTime(object.firstSeen)}</td><td>${object.message}</td></tr>`;
}

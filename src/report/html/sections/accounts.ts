import type { AccountRow, ReportSource } from '../../../model/report-source.ts';
import { OUTCOMES } from '../../../model/verdict.ts';
import { formatCount, formatCounted } from '../../../text/counted.ts';
import { accountNames } from '../../shared/account-names.ts';
import { shownTime } from '../../shared/labels.ts';
import { STATIC_FINDINGS, type Statistics } from '../../shared/statistics.ts';
import type { PageLimits } from '../page/limits.ts';
import { capNote, listing } from '../page/listing.ts';
import { badgeBehind, html, type Markup } from '../page/markup.ts';
import { worstAccounts } from '../page/worst-accounts.ts';
import { heatMap, heatRows } from '../pictures/heat-map.ts';
import { carriedBadge } from '../shared/badges.ts';

/** How bad it is account by account, and what was covered of each. */
export function accountsSection(source: ReportSource, statistics: Statistics, limits: PageLimits): Markup {
  const total = source.totals().accounts;
  return html`
<section id="accounts" aria-labelledby="accounts-title">
<h2 id="accounts-title">Accounts <span class="count">${formatCount(total)}</span></h2>
<h3>Failing verdicts by account and severity</h3>
${heat(source, statistics)}
<h3>All accounts</h3>
${statistics.closed === 0 ? null : html`<p class="muted small">Closed: fails by the trust policy alone, and guardrails of the organisation close every unguarded way in.</p>`}
${capNote(total, limits.accounts)}
${listing({
  id: 'accounts',
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
  rows: worstAccounts(source, STATIC_FINDINGS).map(accountRow),
  total,
})}
</section>`;
}

function heat(source: ReportSource, statistics: Statistics): Markup {
  const rows = heatRows(statistics);
  if (rows.length === 0) return html`<p class="muted empty">No account has a failing verdict.</p>`;
  const shown = new Set(rows.map(({ account }) => account));
  return html`${heatMap(rows, statistics, accountNames(source, shown))}
<p class="muted small">${formatCounted(statistics.outcomes.fail, 'failing verdict')} in ${formatCounted(statistics.byAccount.size, 'account')}. A deeper colour means more of them.</p>`;
}

function closedNote(closed: number): Markup | null {
  return closed === 0
    ? null
    : html`<br><span class="muted">${formatCount(closed)} closed by guardrails</span>`;
}

function accountRow(row: AccountRow): Markup {
  return html`<tr><td><code>${row.account}</code></td><td><bdi>${row.name}</bdi></td><td>${shownTime(row.capturedAt)}</td>
<td>${row.complete ? 'complete' : html`<strong>incomplete</strong>`}${badgeBehind(carriedBadge(row.carriedForward))}</td><td class="number">${formatCount(row.roles)}</td>
${OUTCOMES.map((outcome) => html`<td class="number">${formatCount(row.verdicts[outcome])}${outcome === 'fail' ? closedNote(row.closed) : null}</td>`)}</tr>`;
}

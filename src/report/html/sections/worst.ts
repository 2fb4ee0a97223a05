import type { ReportSource } from '../../../model/report-source.ts';
import { outsiderOf } from '../../../model/third-party.ts';
import { capital } from '../../../text/capital.ts';
import { formatCount } from '../../../text/counted.ts';
import { accountNames } from '../../shared/account-names.ts';
import { STATE_LABEL } from '../../shared/labels.ts';
import type { Statistics } from '../../shared/statistics.ts';
import { ofAllSeverities } from '../../shared/words/headline.ts';
import { PRIVILEGES_LABEL } from '../../shared/words/impact-words.ts';
import { manyWords } from '../../shared/words/outsider-words.ts';
import type { WorstFinding } from '../../shared/worst-findings.ts';
import { badge, badgeBehind, html, type Markup } from '../page/markup.ts';
import { carriedBadge, disagreementBadge, guardrailBadge, severityBadge } from '../shared/badges.ts';

interface WorstOf {
  readonly rule: string;
  /** The page lists findings, so that each can be opened. */
  readonly listed: boolean;
}

/** The worst findings by name; null where nothing fails. */
export function worstFindings(
  source: ReportSource,
  { leading, failing, carriedAccounts }: Statistics,
  { rule, listed }: WorstOf,
): Markup | null {
  const worst = leading.get(rule) ?? [];
  if (worst.length === 0) return null;
  const names = accountNames(source, new Set(worst.map(({ account }) => account)));
  const areAccepted = worst.every(({ suppressedBy }) => suppressedBy !== null);
  const counts = failing.get(rule)?.[areAccepted ? 'accepted' : 'open'];
  const total = counts === undefined ? worst.length : ofAllSeverities(counts);
  const rows = worst.map((object) => {
    const name = names.get(object.account) ?? null;
    const role = html`<code>${object.roleName}</code>`;
    return html`<tr><td class="worst-severity">${badge(severityBadge(object.severity))}</td>
<td>${listed ? html`<a href="${findingLink(object)}">${role}</a>` : role}${badgeBehind(guardrailBadge(object))}${badgeBehind(disagreementBadge(object.notes))}<br><span class="muted small">${name === null ? null : html`<bdi>${name}</bdi> `}<code>${object.account}</code></span>${badgeBehind(carriedBadge(carriedAccounts.get(object.account) ?? null))}</td>
<td><span class="cell-label">Who gets in</span>${whoGetsIn(object.outsiders)}</td>
<td><span class="cell-label">Leads to</span>${PRIVILEGES_LABEL[object.impact?.privileges ?? 'unknown']}</td>
<td class="short"><span class="cell-label">Open since</span>${object.firstSeen.slice(0, 10)}${stateWords(object)}</td></tr>`;
  });
  return html`<div class="worst"><h3>${areAccepted ? 'The worst, all accepted by exceptions' : 'The worst'} <span class="count">${formatCount(worst.length)} of ${formatCount(total)} ${areAccepted ? 'accepted' : 'open'}</span></h3>
<table class="plain worst-table"><thead><tr><th scope="col">Severity</th><th scope="col">Role</th><th scope="col">Who gets in</th><th scope="col">Leads to</th><th scope="col">Open since</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** The address by which the page's script opens a finding. */
function findingLink({ arn, rule }: WorstFinding): string {
  return `#findings?${new URLSearchParams({ open: arn, under: rule })}`;
}

/** Whoever gets in unguarded, outsiders first, each account once. */
function whoGetsIn({ first, count }: WorstFinding['outsiders']): Markup {
  if (count === 0) return html`–`;
  const named = first.map((path, index) => {
    const { account, accountName: name } = path;
    const many = manyWords(outsiderOf(path));
    const shown =
      many !== null
        ? html`<strong>${index === 0 ? capital(many) : many}</strong>`
        : name === null
          ? html`<code>${account}</code>`
          : html`<bdi title="${account}">${name}</bdi>`;
    return html`${index === 0 ? null : html`, `}${shown}`;
  });
  const more = count - named.length;
  return html`${named}${more > 0 ? ` and ${formatCount(more)} more` : ''}`;
}

function stateWords({ state }: WorstFinding): Markup | null {
  if (state === null || state === 'unchanged' || state === 'baseline') return null;
  return html`<br><strong class="small">${STATE_LABEL[state]}</strong>`;
}

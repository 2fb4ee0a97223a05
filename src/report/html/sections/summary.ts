import type { Completeness } from '../../../model/completeness.ts';
import type { ExceptionRow } from '../../../model/exception.ts';
import type { ReportSource } from '../../../model/report-source.ts';
import { OUTCOMES } from '../../../model/verdict.ts';
import { capital } from '../../../text/capital.ts';
import { formatCount, formatCounted } from '../../../text/counted.ts';
import {
  headline,
  isGraded,
  OUTCOME_LABEL,
  OUTCOME_MEANING,
  RELATION_LABEL,
  SEVERITIES,
  severityMeaning,
  shownTime,
} from '../../shared/labels.ts';
import {
  completeWords,
  days,
  MEMBERS_NOT_GIVEN,
  MEMBERS_OPTION,
  missingOf,
  standingOf,
} from '../../shared/missing.ts';
import type { ReportOptions } from '../../shared/options.ts';
import type { Statistics } from '../../shared/statistics.ts';
import { badge, filterLink, html, type Markup, sentence } from '../page/markup.ts';
import { outcomeBadge, severityBadge } from '../shared/badges.ts';
import { changes } from './changes.ts';

const TOP_EXTERNALS = 6;
const NAMED_GAPS = 4;

/** What the first screen says beside the counts. */
export interface Beside {
  readonly options: ReportOptions;
  readonly exceptions: readonly ExceptionRow[];
}

/** The first screen: how it stands, what changed, whether the evidence was whole, how bad, who gets in. */
export function summary(
  source: ReportSource,
  statistics: Statistics,
  { options, exceptions }: Beside,
): Markup {
  const totals = source.totals();
  const missing = missingOf(source);
  const { count, rest } = headline(statistics.outcomes, totals.roles, options.rules.length);
  return html`
<section id="summary" aria-labelledby="summary-title">
<div class="hero"><div>
<h2 id="summary-title" class="headline"><strong>${count}</strong>${rest}</h2>
<p class="muted">${formatCounted(totals.roles, 'role')} of ${formatCounted(totals.accounts, 'account')}, judged as of ${shownTime(source.asOf)}.${carriedCount(missing)}</p>
${closed(statistics)}${evidenceState(missing)}
</div>${changes(statistics)}</div>
${outcomeBar(statistics)}
<h3>Failing roles by exposure</h3>
<ul class="tiles">${SEVERITIES.map((severity) => html`<li>${severityTile(severity, statistics.severities[severity], missing.membersKnown)}</li>`)}</ul>
${also(statistics, exceptions)}
<div class="columns">
${externals(statistics)}
${differences(statistics)}
</div>
</section>`;
}

/** What the headline leaves out: roles that only guardrails close. */
function closed({ closed: count }: Statistics): Markup | null {
  if (count === 0) return null;
  return html`<p><strong>${formatCount(count)}</strong> more ${count === 1 ? 'role fails' : 'roles fail'} by the trust policy alone; guardrails of the organisation close every unguarded way in. ${filterLink('guardrail:closed', 'Show them')}</p>`;
}

/** How many accounts stand as they were long ago. */
function carriedCount({ carriedForward, staleAfter }: Completeness): Markup | null {
  if (carriedForward === 0) return null;
  return html` <a href="#coverage"><span class="badge carried">${formatCounted(carriedForward, 'account')} carried forward</span></a> more than ${days(staleAfter)} behind the newest capture.`;
}

/** Whether the evidence was whole, in one line: what is missing can turn the headline round. */
function evidenceState(missing: Completeness): Markup {
  switch (standingOf(missing)) {
    case 'complete':
      return html`<p class="state ok"><strong>Evidence complete.</strong> ${capital(completeWords(missing))}. <a href="#coverage">Coverage</a></p>`;
    case 'incomplete':
      return html`<p class="state warn"><strong>Evidence incomplete:</strong> ${missing.reasons.join('; ')}.${namedGaps(missing)}${missing.membersKnown ? null : html` ${GIVE_MEMBERS}`} <a href="#coverage">What is missing</a></p>`;
    case 'unknown':
      return html`<p class="state open"><strong>Completeness not known.</strong> ${GIVE_MEMBERS} <a href="#coverage">Coverage</a></p>`;
  }
}

const GIVE_MEMBERS = sentence(`${capital(MEMBERS_NOT_GIVEN)}; \`scan ${MEMBERS_OPTION} FILE\` would tell.`);

/** The first gaps by name: a number of them says little to who knows the accounts. */
function namedGaps({ gaps }: Completeness): Markup | null {
  if (gaps.length === 0) return null;
  const named = gaps
    .slice(0, NAMED_GAPS)
    .map(
      ({ account, name }, index) =>
        html`${index === 0 ? '' : ', '}<code>${account}</code>${name === null ? null : html` <bdi>${name}</bdi>`}`,
    );
  const more = gaps.length - named.length;
  return html` Not covered: ${named}${more > 0 ? ` and ${formatCount(more)} more` : ''}.`;
}

function outcomeBar({ outcomes }: Statistics): Markup {
  const total = OUTCOMES.reduce((sum, outcome) => sum + outcomes[outcome], 0);
  let x = 0;
  const bars: Markup[] = [];
  for (const outcome of OUTCOMES) {
    const width = total === 0 ? 0 : (outcomes[outcome] / total) * 1000;
    if (width === 0) continue;
    // What is there must be seen, however few: at least three parts in a thousand.
    const shown = Math.max(width, 3);
    bars.push(
      html`<rect class="bar-${outcome}" x="${x.toFixed(1)}" y="0" width="${shown.toFixed(1)}" height="14"></rect>`,
    );
    x += shown;
  }
  return html`<div class="outcomes">
<svg class="bar" viewBox="0 0 ${Math.max(x, 1).toFixed(1)} 14" preserveAspectRatio="none" aria-hidden="true">${bars}</svg>
<dl class="legend">${OUTCOMES.map(
    (outcome) => html`<div class="outcome-count"><dt>${badge(outcomeBadge(outcome))}</dt>
<dd><strong>${formatCount(outcomes[outcome])}</strong><span class="meaning muted">${share(outcomes[outcome], total)}${OUTCOME_MEANING[outcome]}</span></dd></div>`,
  )}</dl></div>`;
}

function share(part: number, total: number): string {
  return total === 0 ? '' : `${((part / total) * 100).toFixed(1)} % · `;
}

function severityTile(severity: (typeof SEVERITIES)[number], count: number, membersKnown: boolean): Markup {
  const graded = isGraded(severity, count, membersKnown);
  return filterLink(
    `verdict:fail severity:${severity}`,
    html`<span class="tile-number">${graded ? formatCount(count) : 'not graded'}</span>
${badge(severityBadge(severity))}
<span class="tile-note">${sentence(severityMeaning(severity, membersKnown))}</span>`,
    `tile sev-edge-${severity}${count === 0 ? ' none' : ''}${graded ? '' : ' ungraded'}`,
  );
}

function also(statistics: Statistics, exceptions: readonly ExceptionRow[]): Markup {
  const lines: Markup[] = [];
  if (statistics.weakPasses > 0) {
    lines.push(
      html`<li><strong>${formatCount(statistics.weakPasses)}</strong> passing ${statistics.weakPasses === 1 ? 'role relies' : 'roles rely'} on a guard that is weak, such as an external ID that can be guessed. ${filterLink('verdict:pass severity:medium', 'Show them')}</li>`,
    );
  }
  if (statistics.suppressed > 0) {
    lines.push(
      html`<li><strong>${formatCount(statistics.suppressed)}</strong> failing ${statistics.suppressed === 1 ? 'verdict is' : 'verdicts are'} accepted by an exception and still counted as failing here. ${filterLink('verdict:fail accepted:yes', 'Show them')}</li>`,
    );
  }
  const ending = exceptions.filter(({ status }) => status === 'expiring').length;
  const ended = exceptions.filter(({ status, findings }) => status === 'expired' && findings > 0).length;
  if (ending + ended > 0) {
    const parts = [
      ending > 0 ? `${formatCounted(ending, 'ends', 'end')} within 30 days` : null,
      ended > 0 ? `${formatCounted(ended, 'has', 'have')} expired, so that findings are open again` : null,
    ].filter((part) => part !== null);
    lines.push(
      html`<li>Of the exceptions, ${parts.join(', and ')}. <a href="#exceptions">Show them</a></li>`,
    );
  }
  return lines.length === 0 ? html`` : html`<ul class="also">${lines}</ul>`;
}

function externals(statistics: Statistics): Markup {
  const unguarded = statistics.externals.filter(({ open }) => open > 0);
  const top = unguarded.slice(0, TOP_EXTERNALS);
  const most = top[0]?.open ?? 1;
  const body =
    top.length === 0
      ? html`<p class="muted empty">No other account gets in unguarded.</p>`
      : html`<div class="table-wrap"><table class="plain"><thead><tr><th scope="col">Account</th><th scope="col">Relation</th><th scope="col" class="number">Roles</th><th scope="col"><span class="visually-hidden">Share</span></th></tr></thead><tbody>${top.map(
          (row) => html`<tr><td class="who">${accountCell(row)}</td>
<td class="short">${RELATION_LABEL[row.relation]}</td><td class="number">${formatCount(row.open)}</td>
<td class="meter"><svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="meter-fill rel-${row.relation}" width="${((row.open / most) * 100).toFixed(1)}" height="8"></rect></svg></td></tr>`,
        )}</tbody></table></div>`;
  const count = unguarded.length;
  const more =
    count > top.length
      ? html`The first ${top.length} of ${statistics.externalsPartial ? 'more than ' : ''}${formatCounted(count, 'account')}. `
      : null;
  return html`<div><h3>Who gets in unguarded</h3>${body}<p class="muted small">${more}<a href="#access">Everybody who gets in</a></p></div>`;
}

function accountCell({ account, name }: { readonly account: string; readonly name: string | null }): Markup {
  if (account === '*') return html`<strong>Anyone</strong>`;
  return name === null
    ? html`<code>${account}</code>`
    : html`<bdi class="first">${name}</bdi><br><code class="muted">${account}</code>`;
}

function differences(statistics: Statistics): Markup {
  if (statistics.differences.length === 0) {
    return html`<div><h3>Where the two readings differ</h3><p class="muted empty">Nowhere: the sound and the literal reading agree on every role.</p></div>`;
  }
  const total = statistics.differences.reduce((sum, row) => sum + row.count, 0);
  return html`<div><h3>Where the two readings differ</h3>
<div class="table-wrap"><table class="plain"><thead><tr><th scope="col">Sound</th><th scope="col">Literal</th><th scope="col" class="number">Verdicts</th></tr></thead><tbody>${statistics.differences.map(
    (row) =>
      html`<tr><td>${badge(outcomeBadge(row.verdict))}</td><td>${OUTCOME_LABEL[row.literal]}</td><td class="number">${filterLink(`${statistics.closed > 0 ? 'trust' : 'verdict'}:${row.verdict} literal:${row.literal} differs:yes`, formatCount(row.count))}</td></tr>`,
  )}</tbody></table></div>
<p class="muted small">${formatCount(total)} in all. ${filterLink('differs:yes', 'Show them')} · <a href="#method">What the two readings are</a></p></div>`;
}

import type { Outcome } from '../../audit/verdict.ts';
import type { ReportSource } from '../../store/types.ts';
import type { ReportOptions } from '../options.ts';
import { headline } from '../shared/headline.ts';
import {
  formatCount,
  formatTime,
  OUTCOME_LABEL,
  OUTCOME_MEANING,
  OUTCOMES,
  RELATION_LABEL,
  SEVERITIES,
  SEVERITY_LABEL,
  SEVERITY_MEANING,
  STATE_LABEL,
  STATES,
} from '../shared/labels.ts';
import type { Statistics } from '../statistics.ts';
import { outcomeBadge } from './badges.ts';
import { html, type Markup } from './markup.ts';

const TOP_EXTERNALS = 8;

/** The first screen: how it stands, how bad, what changed, who gets in. */
export function summary(source: ReportSource, statistics: Statistics, options: ReportOptions): Markup {
  const totals = source.totals();
  const { count, rest } = headline(statistics.outcomes, totals.roles, options.rules.length);
  return html`
<section id="summary" aria-labelledby="summary-title">
<h2 id="summary-title" class="visually-hidden">Summary</h2>
<p class="headline"><strong>${count}</strong>${rest}</p>
<p class="muted">${formatCount(totals.roles)} roles of ${formatCount(totals.accounts)} accounts, judged as of ${formatTime(source.asOf)}.</p>
${outcomeBar(statistics)}
<h3>Failing roles by exposure</h3>
<ul class="tiles">${SEVERITIES.map(
    (
      severity,
    ) => html`<li><a class="tile sev-edge-${severity}" href="#findings" data-filter="severity=${severity}">
<span class="tile-label"><span class="badge sev-${severity}">${SEVERITY_LABEL[severity]}</span></span>
<span class="tile-number">${formatCount(statistics.severities[severity])}</span>
<span class="tile-note">${SEVERITY_MEANING[severity]}</span></a></li>`,
  )}</ul>
${also(statistics)}
<div class="columns">
${externals(statistics)}
<div>
${changes(statistics)}
${differences(statistics)}
</div>
</div>
</section>`;
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
    (outcome) => html`<div><dt>${outcomeBadge(outcome)}</dt>
<dd><strong>${formatCount(outcomes[outcome])}</strong> <span class="muted">${share(outcomes[outcome], total)}${OUTCOME_MEANING[outcome]}</span></dd></div>`,
  )}</dl></div>`;
}

function share(part: number, total: number): string {
  return total === 0 ? '' : `${((part / total) * 100).toFixed(1)} % · `;
}

function also(statistics: Statistics): Markup {
  const lines: Markup[] = [];
  if (statistics.weakPasses > 0) {
    lines.push(
      html`<li><strong>${formatCount(statistics.weakPasses)}</strong> passing roles rely on a guard that is weak, such as an external ID that can be guessed. <a href="#findings" data-filter="outcome=pass&amp;severity=medium">Show them</a></li>`,
    );
  }
  if (statistics.suppressed > 0) {
    lines.push(
      html`<li><strong>${formatCount(statistics.suppressed)}</strong> failing verdicts are accepted by an exception; they stay counted as failing here. <a href="#findings" data-filter="state=accepted">Show them</a></li>`,
    );
  }
  return lines.length === 0 ? html`` : html`<ul class="also">${lines}</ul>`;
}

function externals(statistics: Statistics): Markup {
  const top = statistics.externals.slice(0, TOP_EXTERNALS);
  const most = top[0]?.roles ?? 1;
  const body =
    top.length === 0
      ? html`<p class="muted">No other account gets in unguarded.</p>`
      : html`<div class="table-wrap"><table class="plain"><thead><tr><th scope="col">Account</th><th scope="col">Relation</th><th scope="col" class="number">Roles</th><th scope="col"><span class="visually-hidden">Share</span></th></tr></thead><tbody>${top.map(
          (
            row,
          ) => html`<tr><td>${row.account === '*' ? html`<strong>anyone</strong>` : html`<code>${row.account}</code>`}${row.name === null ? null : html` <bdi>${row.name}</bdi>`}</td>
<td>${RELATION_LABEL[row.relation]}</td><td class="number">${formatCount(row.roles)}</td>
<td class="meter"><svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="meter-fill" width="${((row.roles / most) * 100).toFixed(1)}" height="8"></rect></svg></td></tr>`,
        )}</tbody></table></div>`;
  const count = statistics.externals.length;
  const more =
    count > top.length
      ? html`<p class="muted">The first ${top.length} of ${statistics.externalsPartial ? 'more than ' : ''}${formatCount(count)} accounts.</p>`
      : null;
  return html`<div><h3>Who gets in unguarded</h3>${body}${more}</div>`;
}

function changes(statistics: Statistics): Markup {
  return html`<h3>Findings since the capture before</h3><dl class="facts">${STATES.map(
    (state) =>
      html`<div><dt>${STATE_LABEL[state]}</dt><dd>${formatCount(statistics.states[state])}</dd></div>`,
  )}</dl>`;
}

function differences(statistics: Statistics): Markup {
  if (statistics.differences.length === 0) {
    return html`<h3>Where the two readings differ</h3><p class="muted">Nowhere: the sound and the literal reading agree on every role.</p>`;
  }
  const total = statistics.differences.reduce((sum, row) => sum + row.count, 0);
  return html`<h3>Where the two readings differ</h3>
<div class="table-wrap"><table class="plain"><thead><tr><th scope="col">Sound</th><th scope="col">Literal</th><th scope="col" class="number">Verdicts</th></tr></thead><tbody>${statistics.differences.map(
    (row) =>
      html`<tr><td>${OUTCOME_LABEL[row.verdict as Outcome]}</td><td>${OUTCOME_LABEL[row.literal]}</td><td class="number">${formatCount(row.count)}</td></tr>`,
  )}</tbody></table></div>
<p class="muted">${formatCount(total)} in all. <a href="#findings" data-filter="outcome=all&amp;differ=1">Show them</a> · <a href="#method">What the two readings are</a></p>`;
}

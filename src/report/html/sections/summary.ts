import type { ExceptionRow } from '../../../model/exception.ts';
import type { ReportSource } from '../../../model/report-source.ts';
import { OUTCOMES } from '../../../model/verdict.ts';
import { formatCount, formatCounted } from '../../../text/counted.ts';
import { OUTCOME_MEANING, shownTime } from '../../shared/labels.ts';
import { missingOf } from '../../shared/missing.ts';
import { builtInRule } from '../../shared/missing-objects.ts';
import type { ReportOptions } from '../../shared/options.ts';
import type { Statistics } from '../../shared/statistics.ts';
import {
  furtherRulesWords,
  headline,
  OPEN_MEANING,
  type RuleCounts,
  ruleCounts,
} from '../../shared/words/headline.ts';
import { badge, filterLink, html, type Markup } from '../page/markup.ts';
import { outcomeBadge } from '../shared/badges.ts';
import { changes } from './changes.ts';
import { ledger } from './ledger.ts';
import { severityBar } from './severity-bar.ts';
import { standing } from './standing.ts';
import { worstFindings } from './worst.ts';

/** What the first screen says beside the counts. */
export interface Beside {
  readonly options: ReportOptions;
  readonly exceptions: readonly ExceptionRow[];
}

/** The first screen: how it stands, whether the evidence was whole, what changed, and the worst by name. */
export function summary(
  source: ReportSource,
  statistics: Statistics,
  { options, exceptions }: Beside,
): Markup {
  const totals = source.totals();
  const missing = missingOf(source);
  const rule = builtInRule(options);
  const counts = ruleCounts(statistics, rule);
  const { count, rest } = headline(counts);
  return html`
<section id="summary" aria-labelledby="summary-title">
<div class="${counts.outcomes.fail === 0 ? 'first-screen short' : 'first-screen'}"><div class="how-it-stands">
<h2 id="summary-title" class="headline"><strong>${count}</strong>${rest}</h2>
<p class="muted small">${OPEN_MEANING} ${formatCounted(totals.roles, 'role')} of ${formatCounted(totals.accounts, 'account')}, judged as of ${shownTime(source.asOf)}.</p>
${severityBar(counts)}
${ledger(counts, { rule, rules: options.rules.length, membersKnown: missing.membersKnown })}
</div><div class="beside">
${standing(missing)}
${changes(statistics, options.rules.length)}
</div>
${worstFindings(source, statistics, { rule, listed: options.outcomes?.includes('fail') !== false })}
</div>
${outcomeBar(counts)}
${also(statistics, { options, exceptions })}
</section>`;
}

/** All roles by verdict. */
function outcomeBar({ outcomes }: RuleCounts): Markup | null {
  const total = OUTCOMES.reduce((sum, outcome) => sum + outcomes[outcome], 0);
  if (total === 0) return null;
  let x = 0;
  const bars: Markup[] = [];
  for (const outcome of OUTCOMES) {
    const width = (outcomes[outcome] / total) * 1000;
    if (width === 0) continue;
    // What is there must be seen, however few: at least three parts in a thousand.
    const shown = Math.max(width, 3);
    bars.push(
      html`<rect class="bar-${outcome}" x="${x.toFixed(1)}" y="0" width="${shown.toFixed(1)}" height="10"></rect>`,
    );
    x += shown;
  }
  return html`<div class="outcomes"><h3>All roles by verdict</h3>
<svg class="bar" viewBox="0 0 ${x.toFixed(1)} 10" preserveAspectRatio="none" aria-hidden="true">${bars}</svg>
<dl class="legend">${OUTCOMES.map(
    (outcome) => html`<div class="outcome-count"><dt>${badge(outcomeBadge(outcome))}</dt>
<dd><strong>${formatCount(outcomes[outcome])}</strong><span class="meaning muted">${((outcomes[outcome] / total) * 100).toFixed(1)} % · ${OUTCOME_MEANING[outcome]}</span></dd></div>`,
  )}</dl></div>`;
}

/** What else is worth a look, a line each. */
function also(statistics: Statistics, { options, exceptions }: Beside): Markup | null {
  const { closed, weakPasses } = statistics;
  const further = furtherRulesWords(statistics, options.rules);
  const lines = [
    closed > 0
      ? html`<strong>${formatCount(closed)}</strong> more ${closed === 1 ? 'role fails' : 'roles fail'} by the trust policy alone; guardrails of the organisation close every unguarded way in. ${filterLink('guardrail:closed', 'Show them', 'Show them: roles that only guardrails close')}`
      : null,
    weakPasses > 0
      ? html`<strong>${formatCount(weakPasses)}</strong> passing ${weakPasses === 1 ? 'role relies' : 'roles rely'} on a guard that is weak, such as an external ID that can be guessed. ${filterLink('verdict:pass severity:medium', 'Show them', 'Show them: passing roles with a weak guard')}`
      : null,
    further === null ? null : html`${further} <a href="#rules">The rules</a>`,
    endingExceptions(exceptions),
    differences(statistics),
  ].filter((line) => line !== null);
  return lines.length === 0
    ? null
    : html`<ul class="also">${lines.map((line) => html`<li>${line}</li>`)}</ul>`;
}

function endingExceptions(exceptions: readonly ExceptionRow[]): Markup | null {
  const ending = exceptions.filter(({ status }) => status === 'expiring').length;
  const ended = exceptions.filter(({ status, findings }) => status === 'expired' && findings > 0).length;
  const parts = [
    ending > 0 ? `${formatCounted(ending, 'ends', 'end')} within 30 days` : null,
    ended > 0 ? `${formatCounted(ended, 'has', 'have')} expired, so that findings are open again` : null,
  ].filter((part) => part !== null);
  return parts.length === 0
    ? null
    : html`Of the exceptions, ${parts.join(', and ')}. <a href="#exceptions" aria-label="Show them: the exceptions">Show them</a>`;
}

function differences({ differences: rows }: Statistics): Markup | null {
  const total = rows.reduce((sum, row) => sum + row.count, 0);
  return total === 0
    ? null
    : html`On <strong>${formatCount(total)}</strong> ${total === 1 ? 'verdict' : 'verdicts'} the sound and the literal reading of the rule differ. <a href="#readings" aria-label="Where the readings differ">Where</a>`;
}

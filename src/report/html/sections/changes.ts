import type { FindingState } from '../../../model/verdict.ts';
import { formatCount, formatCounted } from '../../../text/counted.ts';
import { RESOLVED_MEANING, STATE_LABEL, STATE_MEANING, STATES } from '../../shared/labels.ts';
import { type Statistics, uncomparedElsewhere } from '../../shared/statistics.ts';
import { filterLink, html, type Markup } from '../page/markup.ts';

/** What is news, and what stands as it stood; of both only what there is. */
const NEWS = ['new', 'reopened', 'changed'] as const satisfies FindingState[];
const NO_NEWS = ['unchanged', 'not-comparable', 'baseline'] as const satisfies FindingState[];

/** What became of the findings since the look before at each account: the numbers of `diff previous latest`. */
export function changes({ states, changes: counts }: Statistics, rules: number): Markup {
  const found = STATES.reduce((sum, state) => sum + states[state], 0);
  const elsewhere = uncomparedElsewhere(states, counts);
  const { resolved } = counts;
  const news = NEWS.filter((state) => states[state] > 0);
  const others = NO_NEWS.filter((state) => states[state] > 0);
  return html`<aside class="changes" aria-labelledby="changes-title"><h3 id="changes-title">Since the look before${rules > 1 ? html` <span class="count">all ${formatCount(rules)} rules</span>` : null}</h3>
${
  found + resolved + elsewhere === 0
    ? html`<p class="muted">No failing verdict to compare.</p>`
    : html`${
        news.length > 0 || resolved > 0
          ? html`<dl class="news">${news.map((state) => stateCount(state, states[state]))}${resolved === 0 ? null : count('resolved', 'Resolved', RESOLVED_MEANING, formatCount(resolved))}</dl>`
          : states.unchanged > 0
            ? html`<p>Nothing is known to have come, gone or changed.</p>`
            : null
      }${others.length === 0 ? null : html`<dl class="no-news">${others.map((state) => stateCount(state, states[state]))}</dl>`}${
        elsewhere > 0
          ? html`<p class="muted small">${formatCounted(elsewhere, 'more finding was', 'more findings were')} there as last seen and cannot be compared.</p>`
          : null
      }${
        found === states.baseline && resolved + elsewhere === 0
          ? html`<p class="muted small">This is the first look at every account with findings: there is nothing to compare with yet. Scan the next capture into the same store to see what came and went.</p>`
          : null
      }<details class="small"><summary>What the words mean</summary><dl class="meanings">${STATES.map((state) => meaning(STATE_LABEL[state], STATE_MEANING[state]))}${meaning('Resolved', RESOLVED_MEANING)}</dl>
<p class="muted">Each account against its own latest complete look of an earlier day, as <code>trustsieve diff previous</code> counts it. <a href="#trend">Trend</a></p></details>`
}</aside>`;
}

function stateCount(state: FindingState, amount: number): Markup {
  const shown = formatCount(amount);
  const link = filterLink(`verdict:fail,error state:${state}`, shown, `${shown} ${STATE_LABEL[state]}`);
  return count(state, STATE_LABEL[state], STATE_MEANING[state], link);
}

function count(kind: string, label: string, tip: string, shown: Markup | string): Markup {
  return html`<div class="change change-${kind}" title="${tip}"><dt>${label}</dt><dd>${shown}</dd></div>`;
}

function meaning(label: string, text: string): Markup {
  return html`<div><dt>${label}</dt><dd>${text}</dd></div>`;
}

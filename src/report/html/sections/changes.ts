import type { FindingState } from '../../../model/verdict.ts';
import { formatCount, formatCounted } from '../../../text/counted.ts';
import { RESOLVED_MEANING, STATE_LABEL, STATE_MEANING, STATES } from '../../shared/labels.ts';
import { type Statistics, uncomparedElsewhere } from '../../shared/statistics.ts';
import { filterLink, html, type Markup } from '../page/markup.ts';

/** What became of the findings since the look before at each account: the numbers of `diff previous latest`. */
export function changes({ states, changes: counts }: Statistics): Markup {
  const found = STATES.reduce((sum, state) => sum + states[state], 0);
  const elsewhere = uncomparedElsewhere(states, counts);
  const nothing = found + counts.resolved + elsewhere === 0;
  return html`<aside class="changes" aria-labelledby="changes-title"><h3 id="changes-title">Since the look before</h3>
${
  nothing
    ? html`<p class="muted">No failing verdict to compare.</p>`
    : html`<dl>${STATES.map((state) => stateCount(state, states[state]))}${count('resolved', 'Resolved', RESOLVED_MEANING, counts.resolved, formatCount(counts.resolved))}</dl>${
        elsewhere > 0
          ? html`<p class="muted small">${formatCounted(elsewhere, 'more finding was', 'more findings were')} there as last seen and cannot be compared.</p>`
          : null
      }${
        found === states.baseline && counts.resolved + elsewhere === 0
          ? html`<p class="muted small">This is the first look at every account with findings: there is nothing to compare with yet. Scan the next capture into the same store to see what came and went.</p>`
          : null
      }<details class="small"><summary>What the words mean</summary><dl class="meanings">${STATES.map((state) => meaning(STATE_LABEL[state], STATE_MEANING[state]))}${meaning('Resolved', RESOLVED_MEANING)}</dl></details>
<p class="muted small">Each account against its own latest complete look of an earlier day, as <code>trustsieve diff previous</code> counts it. <a href="#trend">Trend</a></p>`
}</aside>`;
}

function stateCount(state: FindingState, amount: number): Markup {
  const link = filterLink(`verdict:fail,error state:${state}`, formatCount(amount));
  return count(state, STATE_LABEL[state], STATE_MEANING[state], amount, link);
}

function count(kind: string, label: string, tip: string, amount: number, shown: Markup | string): Markup {
  return html`<div class="change change-${amount === 0 ? 'none' : kind}" title="${tip}"><dt>${label}</dt><dd>${shown}</dd></div>`;
}

function meaning(label: string, text: string): Markup {
  return html`<div><dt>${label}</dt><dd>${text}</dd></div>`;
}

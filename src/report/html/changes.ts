import { formatCount, STATE_LABEL, STATES } from '../shared/labels.ts';
import type { Statistics } from '../statistics.ts';
import { filterLink, html, type Markup } from './markup.ts';

/** What became of the failing verdicts since the capture before, account by account. */
export function changes(statistics: Statistics): Markup {
  const total = STATES.reduce((sum, state) => sum + statistics.states[state], 0);
  return html`<aside class="changes" aria-labelledby="changes-title"><h3 id="changes-title">Since the capture before</h3>
${
  total === 0
    ? html`<p class="muted">No failing verdict to compare.</p>`
    : html`<dl>${STATES.map(
        (state) =>
          html`<div class="change change-${statistics.states[state] === 0 ? 'none' : state}"><dt>${STATE_LABEL[state]}</dt><dd>${filterLink(`verdict:fail state:${state}`, formatCount(statistics.states[state]))}</dd></div>`,
      )}</dl><p class="muted small">Failing verdicts, each compared with the capture of its account before the latest.</p>`
}</aside>`;
}

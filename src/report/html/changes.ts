import { formatCount, STATE_LABEL, STATES } from '../shared/labels.ts';
import type { Statistics } from '../statistics.ts';
import { filterLink, html, type Markup } from './markup.ts';
import type { Trend } from './trend.ts';

/** The first capture makes every finding new, which would look like a sudden change and is none. */
function nothingToCompare(failing: number): Markup {
  return failing === 0
    ? html`<p class="muted">No failing verdict to compare.</p>`
    : html`<p class="muted">This is the first capture of every account: there is nothing to compare with yet. Scan the next one into the same store to see what came and went.</p>`;
}

/** What went since the point before: the findings of today cannot tell of it. */
function resolved({ points }: Trend): Markup | null {
  const [last, before] = [points.at(-1), points.at(-2)];
  if (last === undefined || before === undefined) return null;
  return html`<p><strong>${formatCount(last.resolved)} resolved</strong> since ${before.at}. <a href="#trend">Trend</a></p>`;
}

/** What became of the failing verdicts since the capture before, account by account. */
export function changes(statistics: Statistics, trend: Trend): Markup {
  const total = STATES.reduce((sum, state) => sum + statistics.states[state], 0);
  return html`<aside class="changes" aria-labelledby="changes-title"><h3 id="changes-title">Since the capture before</h3>
${
  total === 0 || trend.points.length < 2
    ? nothingToCompare(total)
    : html`<dl>${STATES.map(
        (state) =>
          html`<div class="change change-${statistics.states[state] === 0 ? 'none' : state}"><dt>${STATE_LABEL[state]}</dt><dd>${filterLink(`verdict:fail state:${state}`, formatCount(statistics.states[state]))}</dd></div>`,
      )}</dl><p class="muted small">Failing verdicts, each compared with the capture of its account before the latest; where there is none, all are new.</p>`
}${resolved(trend)}</aside>`;
}

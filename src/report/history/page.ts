import type { Completeness } from '../../model/completeness.ts';
import { capital } from '../../text/capital.ts';
import { loadStyle } from '../html/page/assets.ts';
import { documentHead } from '../html/page/frame.ts';
import { html, type Markup, sentence } from '../html/page/markup.ts';
import { completeWords, MEMBERS_UNKNOWN, standingOf, standingWords } from '../shared/missing.ts';

/** A page in the shell of the report, but without a script: nothing in it can run, whatever the evidence says. */
export interface HistoryPage {
  readonly title: string;
  /** What stands below the title in the bar at the top. */
  readonly subtitle: string;
  /** Program version that last scanned into the store; '' in a store without any run. */
  readonly toolVersion: string;
  readonly navigation: readonly (readonly [href: string, label: string])[];
}

/** Everything before the sections. */
export function pageHead({ title, subtitle, toolVersion, navigation }: HistoryPage): string {
  const assets = { script: '', style: loadStyle('history.css') };
  const [first] = navigation;
  return html`${documentHead(assets, title, toolVersion)}<body>
<a class="skip" href="${first?.[0] ?? '#main'}">Skip to the content</a>
<header class="top"><div><h1>${title}</h1><p class="muted">${subtitle}</p></div>
<nav aria-label="Sections"><ul>
${navigation.map(([href, label]) => html`<li><a href="${href}">${label}</a></li>`)}
</ul></nav></header>
<main id="main">
`.text;
}

export const PAGE_END = '</main>\n</body>\n</html>\n';

/** Whether the evidence behind the page is complete, before all that is counted. */
export function standing(missing: Completeness): Markup {
  const { reasons, membersKnown } = missing;
  switch (standingOf(missing)) {
    case 'complete':
      return html`<p class="state ok"><strong>Evidence complete</strong>: ${completeWords(missing)}.</p>`;
    case 'incomplete':
      return html`<div class="state warn missing"><strong>Evidence incomplete: ${reasons.length === 1 ? html`${reasons}.` : null}</strong>${reasons.length === 1 ? null : html`<ul>${reasons.map((reason) => html`<li>${reason}</li>`)}</ul>`}<p>Absence proves nothing where the evidence has gaps.${membersKnown ? null : html` ${sentence(`${capital(MEMBERS_UNKNOWN)}.`)}`}</p></div>`;
    case 'unknown':
      return html`<p class="state open missing"><strong>${standingWords(missing)}.</strong></p>`;
  }
}

import type { Completeness } from '../../model/completeness.ts';
import { capital } from '../../text/capital.ts';
import type { HistoryOptions } from '../format.ts';
import { loadAssets } from '../html/page/assets.ts';
import { documentHead, subtitle } from '../html/page/frame.ts';
import { html, type Markup, sentence } from '../html/page/markup.ts';
import { printFrameStyle } from '../html/page/print-frame.ts';
import { THEME_SWITCH } from '../html/page/theme.ts';
import { headingTitle } from '../shared/heading.ts';
import { completeWords, MEMBERS_UNKNOWN, standingOf, standingWords } from '../shared/missing.ts';

/** A page in the shell of the report, of which nothing runs but what chooses its colours, whatever the evidence says. */
export interface HistoryPage {
  readonly title: string;
  /** What stands below the title in the bar at the top. */
  readonly subtitle: string;
  /** Up to when the evidence goes, where the title does not say so. */
  readonly moment?: string;
  /** Program version that last scanned into the store; '' in a store without any run. */
  readonly toolVersion: string;
  readonly navigation: readonly (readonly [href: string, label: string])[];
}

/** Everything before the sections. */
export function pageHead({ heading, evidenceDigest }: HistoryOptions, page: HistoryPage): string {
  const { title, moment = null, toolVersion, navigation } = page;
  const assets = loadAssets(null, 'history.css');
  const whole = headingTitle(title, heading);
  const print = printFrameStyle(whole, heading, moment, evidenceDigest);
  const [first] = navigation;
  return html`${documentHead(assets, whole, toolVersion, [], print)}<body>
<a class="skip" href="${first?.[0] ?? '#main'}">Skip to the content</a>
<header class="top"><div><h1>${heading.title ?? title}</h1>${subtitle(title, heading)}<p class="muted">${page.subtitle}</p></div>
<nav aria-label="Sections"><ul>
${navigation.map(([href, label]) => html`<li><a href="${href}">${label}</a></li>`)}
</ul></nav>${THEME_SWITCH}</header>
<main id="main">
`.text;
}

export const PAGE_END = '</main>\n</body>\n</html>\n';

/** Whether the evidence behind the page is complete, before all that is counted. `where`: see `completeWords`. */
export function standing(missing: Completeness, where: string): Markup {
  const { reasons, membersKnown } = missing;
  switch (standingOf(missing)) {
    case 'complete':
      return html`<p class="state ok"><strong>Evidence complete</strong>: ${completeWords(missing, where)}.</p>`;
    case 'incomplete':
      return html`<div class="state warn missing"><strong>Evidence incomplete: ${reasons.length === 1 ? html`${reasons}.` : null}</strong>${reasons.length === 1 ? null : html`<ul>${reasons.map((reason) => html`<li>${reason}</li>`)}</ul>`}<p>Absence proves nothing where the evidence has gaps.${membersKnown ? null : html` ${sentence(`${capital(MEMBERS_UNKNOWN)}.`)}`}</p></div>`;
    case 'unknown':
      return html`<p class="state open missing"><strong>${standingWords(missing)}.</strong></p>`;
  }
}

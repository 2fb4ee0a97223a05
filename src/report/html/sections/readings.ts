import { formatCount } from '../../../text/counted.ts';
import { OUTCOME_LABEL } from '../../shared/labels.ts';
import type { Statistics } from '../../shared/statistics.ts';
import { badge, filterLink, html, type Markup } from '../page/markup.ts';
import { outcomeBadge } from '../shared/badges.ts';

/** Where the sound reading of the rule and its literal text come to other verdicts. */
export function readingsSection({ differences, closed }: Statistics): Markup {
  const total = differences.reduce((sum, row) => sum + row.count, 0);
  const key = closed > 0 ? 'trust' : 'verdict';
  return html`
<section id="readings" aria-labelledby="readings-title">
<h2 id="readings-title">Where the two readings differ <span class="count">${formatCount(total)}</span></h2>
${
  total === 0
    ? html`<p class="muted empty">Nowhere: the sound and the literal reading agree on every role.</p>`
    : html`<div class="table-wrap"><table class="plain fitted"><thead><tr><th scope="col">Sound</th><th scope="col">Literal</th><th scope="col" class="number">Verdicts</th></tr></thead><tbody>${differences.map(
        (row) =>
          html`<tr><td>${badge(outcomeBadge(row.verdict))}</td><td>${OUTCOME_LABEL[row.literal]}</td><td class="number">${filterLink(`${key}:${row.verdict} literal:${row.literal} differs:yes`, formatCount(row.count), `${formatCount(row.count)} ${OUTCOME_LABEL[row.verdict]}, read literally ${OUTCOME_LABEL[row.literal]}`)}</td></tr>`,
      )}</tbody></table></div>
<p class="muted small screen-only">${filterLink('differs:yes', 'Show them all')} · <a href="#method">What the two readings are</a></p>`
}
</section>`;
}

import type { CoveredAccount, SideCaptures } from '../../history/compare/diff.ts';
import type { ToldDiff } from '../../history/report/sides.ts';
import { capital } from '../../text/capital.ts';
import { formatCount, formatCounted } from '../../text/counted.ts';
import { html, type Markup } from '../html/page/markup.ts';
import { shownTime } from '../shared/labels.ts';
import { days } from '../shared/missing.ts';
import { undecidedWords } from './headline.ts';
import { sideWords } from './words.ts';

const LISTED_ACCOUNTS = 500;

/** On what either side rests, and which accounts limit what the comparison can say. */
export function coverageSection(diff: ToldDiff): Markup {
  const { coverage, captures, from, to, evidence, accounts } = diff;
  const { both, onlyFrom, onlyTo, carriedForward, incomplete } = coverage.accounts;
  const undecided = undecidedWords(diff.undecided);
  const limited = accounts.filter((one) => limitsOf(one).length > 0);
  return html`<section id="coverage" aria-labelledby="coverage-title">
<h2 id="coverage-title">Coverage <span class="count">of both sides</span></h2>
<div class="table-wrap" tabindex="0" role="region" aria-label="Captures of both sides"><table class="plain stacking sides"><thead><tr><th scope="col">Side</th><th scope="col" class="number">Accounts</th><th scope="col">First capture</th><th scope="col">Last capture</th></tr></thead><tbody>
${sideRow('First', from, captures.from)}${sideRow('Second', to, captures.to)}</tbody></table></div>
<p>${formatCounted(both, 'account')} on both sides, ${formatCount(onlyFrom)} only on the first, ${formatCount(onlyTo)} only on the second; ${formatCount(carriedForward)} carried forward, ${formatCount(incomplete)} incomplete. Counts speak only of what both sides cover.${undecided === null ? null : ` ${capital(undecided)}.`}</p>
${evidence === null ? null : html`<p class="muted small">The store has captures from ${shownTime(evidence.from)} to ${shownTime(evidence.to)}.</p>`}
${limited.length === 0 ? null : table(limited)}</section>
`;
}

function sideRow(title: string, label: string, side: SideCaptures | null): Markup {
  const cells =
    side === null
      ? html`<td class="number" data-label="Accounts">0</td><td data-label="First capture">none</td><td data-label="Last capture">none</td>`
      : html`<td class="number" data-label="Accounts">${formatCount(side.accounts)}</td><td class="short" data-label="First capture">${shownTime(side.first)}</td><td class="short" data-label="Last capture">${shownTime(side.last)}</td>`;
  return html`<tr><th scope="row">${title}: ${sideWords(label)}</th>${cells}</tr>\n`;
}

function table(limited: readonly CoveredAccount[]): Markup {
  const rows = limited
    .slice(0, LISTED_ACCOUNTS)
    .map(
      (one) =>
        html`<tr><th scope="row"><code>${one.account}</code></th><td data-label="Name"><bdi>${one.name ?? '–'}</bdi></td><td class="short" data-label="First side">${timeOf(one.from)}</td><td class="short" data-label="Second side">${timeOf(one.to)}</td><td data-label="What limits it">${limitsOf(one).join('; ')}</td></tr>\n`,
    );
  const more = limited.length - rows.length;
  return html`<h3>Accounts whose coverage is limited</h3>
<div class="table-wrap" tabindex="0" role="region" aria-label="Accounts whose coverage is limited"><table class="plain stacking"><thead><tr><th scope="col">Account</th><th scope="col">Name</th><th scope="col">First side</th><th scope="col">Second side</th><th scope="col">What limits it</th></tr></thead><tbody>
${rows}</tbody></table></div>
${more > 0 ? html`<p class="muted">The first ${formatCount(rows.length)} of ${formatCount(limited.length)} accounts.</p>` : null}`;
}

function timeOf(time: string | null): string {
  return time === null ? 'never' : shownTime(time);
}

/** Why an account says less than it could; empty where it says all. */
export function limitsOf(one: CoveredAccount): readonly string[] {
  return [
    ...(one.from === null ? ['not covered on the first side'] : []),
    ...(one.to === null ? ['not covered on the second side'] : []),
    ...(one.carriedForward ? [`carried forward, ${days(one.age)} old`] : []),
    ...(one.incomplete ? ['incomplete: roles may be missing'] : []),
  ];
}

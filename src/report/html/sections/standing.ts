import type { Completeness, Lack } from '../../../model/completeness.ts';
import { capital } from '../../../text/capital.ts';
import { formatCount, formatCounted } from '../../../text/counted.ts';
import {
  behindWords,
  completeWords,
  days,
  lacksOf,
  MEMBERS_NOT_GIVEN,
  MEMBERS_OPTION,
  standingOf,
} from '../../shared/missing.ts';
import { html, type Markup, sentence } from '../page/markup.ts';

/** Names of one kind; Coverage has all. */
const NAMED = 2;
/** A longer path stands with its last two parts. */
const PATH_LENGTH = 36;

/** Whether the evidence was whole, and what is missing in short: it can turn the headline round. */
export function standing(missing: Completeness): Markup {
  switch (standingOf(missing)) {
    case 'complete':
      return html`<div class="standing ok"><p class="state ok"><strong>Evidence complete.</strong> ${capital(completeWords(missing))}.</p>${also(missing)}<p><a href="#coverage">Coverage</a></p></div>`;
    case 'incomplete':
      return html`<div class="standing warn"><p class="state warn"><strong>Evidence incomplete.</strong> Absence from this report proves nothing where it has gaps:</p>
<ul class="lacks">${lacksOf(missing).map((lack) => lackLine(lack, missing))}</ul>${also(missing)}${missing.membersKnown ? null : html`<p>${GIVE_MEMBERS}</p>`}<p><a href="#coverage">All that is missing</a></p></div>`;
    case 'unknown':
      return html`<div class="standing open"><p class="state open"><strong>Completeness not known.</strong> ${GIVE_MEMBERS}</p>${also(missing)}<p><a href="#coverage">Coverage</a></p></div>`;
  }
}

const GIVE_MEMBERS = sentence(`${capital(MEMBERS_NOT_GIVEN)}; \`scan ${MEMBERS_OPTION} FILE\` would tell.`);

function lackLine({ what, named, more }: Lack, { gaps }: Completeness): Markup {
  const names = new Map(gaps.map(({ account, name }) => [account, name]));
  const shown = named.slice(0, NAMED).map((one, index) => {
    const name = names.get(one) ?? null;
    return html`${index === 0 ? '' : ', '}<code title="${one}">${shortPath(one)}</code>${name === null ? null : html` <bdi>${name}</bdi>`}`;
  });
  const rest = named.length - shown.length + more;
  return html`<li>${capital(what)}${shown.length === 0 ? null : html`<span class="named">${shown}${rest > 0 ? ` and ${formatCount(rest)} more` : ''}</span>`}</li>`;
}

function shortPath(path: string): string {
  const parts = path.split('/');
  if (path.length <= PATH_LENGTH || parts.length < 4 || path.startsWith('arn:')) return path;
  return `…/${parts.slice(-2).join('/')}`;
}

/** What is there, and old or of uncertain time. */
function also({ carriedForward, staleAfter, timedByModification, organizationsBehind = [] }: Completeness) {
  const lines = [
    ...(carriedForward > 0
      ? [
          html`<a href="#coverage"><span class="badge carried">${formatCounted(carriedForward, 'account')} carried forward</span></a> more than ${days(staleAfter)} behind the newest capture`,
        ]
      : []),
    ...organizationsBehind.map((behind) => html`${capital(behindWords(behind))}`),
    ...(timedByModification > 0
      ? [html`${formatCounted(timedByModification, 'file')} dated by modification time alone`]
      : []),
  ];
  return lines.length === 0
    ? null
    : html`<ul class="lacks">${lines.map((line) => html`<li>${line}</li>`)}</ul>`;
}

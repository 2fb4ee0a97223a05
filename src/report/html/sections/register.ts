import type { ReportSource } from '../../../model/report-source.ts';
import { missingOf, standingOf } from '../../shared/missing.ts';
import { capNote, firstRows, listing } from '../page/listing.ts';
import { filterLink, html, type Markup } from '../page/markup.ts';
import type { PageRegister } from '../page/third-parties.ts';
import {
  acceptedWords,
  closedWords,
  guardedWords,
  impactWords,
  openWords,
  partyFacts,
  partyName,
  partyQuery,
  seenWords,
  type ThirdPartyLine,
  type TwoLines,
  undecidedWords,
} from '../shared/third-party-line.ts';

/** Every outside account with the roles that it gets into, and how far each is guarded. */
export function thirdPartyRegister(source: ReportSource, { lines, total }: PageRegister): Markup {
  return html`<h3 id="register">Third-party register</h3>
<p class="muted small">A row for each outside account, those of the own organisation last. Open: roles it can assume without MFA and without an external ID. Guarded: roles where each of its ways in demands one of them. Closed: roles whose trust policy leaves it an unguarded way in, which guardrails of the organisation close, or guard. Undecided: roles whose trust policy could not be decided, and names it or may admit it. What it leads to is what its worst open role may do; when a role was used last says not by whom.</p>
${incompleteNote(source)}
${capNote(total, lines.length)}
${listing({
  id: 'third-parties',
  columns: ['Vendor', 'Open', 'Guarded', 'Closed', 'Undecided', 'Leads to', 'Accepted by', 'Seen'],
  rows: firstRows(lines).map(row),
  total,
  none: 'No principal of another account gets into any role.',
})}`;
}

function incompleteNote(source: ReportSource): Markup | null {
  if (standingOf(missingOf(source)) !== 'incomplete') return null;
  return html`<p class="muted small"><strong>The evidence is incomplete</strong>, so this register may lack accounts and roles; <a href="#coverage">Coverage</a> says what is missing.</p>`;
}

function row(line: ThirdPartyLine): Markup {
  return html`<tr><td><span class="first">${filterLink(partyQuery(line), html`<bdi>${partyName(line)}</bdi>`)}</span><br><span class="muted small">${partyFacts(line)}</span></td>
${cell(openWords(line), 'number')}${cell(guardedWords(line), 'long')}${cell(closedWords(line))}${cell(undecidedWords(line))}${cell(impactWords(line))}${cell(acceptedWords(line))}${cell(seenWords(line))}</tr>`;
}

function cell([first, second]: TwoLines, className = ''): Markup {
  return html`<td${className === '' ? null : html` class="${className}"`}>${first}${second === '' ? null : html`<br><span class="muted small">${second}</span>`}</td>`;
}

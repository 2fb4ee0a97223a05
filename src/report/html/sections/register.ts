import type { ReportSource } from '../../../model/report-source.ts';
import { missingOf, standingOf } from '../../shared/missing.ts';
import { capNote, firstRows, listing } from '../page/listing.ts';
import { filterLink, html, type Markup } from '../page/markup.ts';
import type { PageRegister } from '../page/third-parties.ts';
import {
  partyQuery,
  REGISTER_COLUMNS,
  type ThirdPartyLine,
  type TwoLines,
} from '../shared/third-party-line.ts';

/** Every outside account with the roles that it gets into, and how far each is guarded. */
export function thirdPartyRegister(source: ReportSource, { lines, total }: PageRegister): Markup {
  return html`<h3 id="register">Third-party register</h3>
<p class="muted small">A row for each outside account, those of the own organisation last. Open: roles it can assume without MFA and without an external ID. Guarded: roles where each of its ways in demands one of them. Closed: roles whose trust policy leaves it an unguarded way in, which guardrails of the organisation close, or guard. Undecided: roles whose trust policy could not be decided, and names it or may admit it. What it leads to is what its worst open role may do; when a role was used last says not by whom.</p>
${incompleteNote(source)}
${capNote(total, lines.length)}
${listing({
  id: 'third-parties',
  columns: REGISTER_COLUMNS.map(({ title }) => title),
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
  return html`<tr>${REGISTER_COLUMNS.map(({ id, words }) => (id === 'party' ? party(line, words(line)) : cell(words(line), CELL_CLASSES[id])))}</tr>`;
}

const CELL_CLASSES: Readonly<Record<string, string>> = { open: 'number', guarded: 'long' };

function party(line: ThirdPartyLine, [name, facts]: TwoLines): Markup {
  return html`<td><span class="first">${filterLink(partyQuery(line), html`<bdi>${name}</bdi>`)}</span><br><span class="muted small">${facts}</span></td>
`;
}

function cell([first, second]: TwoLines, className = ''): Markup {
  return html`<td${className === '' ? null : html` class="${className}"`}>${first}${second === '' ? null : html`<br><span class="muted small">${second}</span>`}</td>`;
}

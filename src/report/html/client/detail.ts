import {
  formatCount,
  formatTime,
  OUTCOME_LABEL,
  OUTCOME_MEANING,
  RELATION_LABEL,
  STATE_LABEL,
} from '../../shared/labels.ts';
import { witnessSentence } from '../../shared/witness-sentence.ts';
import { outcomeBadge, severityBadge } from './badges.ts';
import { onCopy } from './copy.ts';
import { byId, type Child, code, el } from './dom.ts';
import { fixSection } from './fix.ts';
import { policyView } from './policy.ts';
import type { Finding, Store } from './store.ts';

export interface DetailMoves {
  /** `3 of 120`. */
  readonly position: string;
  readonly previous: (() => void) | null;
  readonly next: (() => void) | null;
  readonly closed: () => void;
}

/** Paths shown one by one. */
const SHOWN_PATHS = 200;

/** Opens the drawer on one finding, or moves the open drawer to it. */
export function openDetail(store: Store, finding: Finding, moves: DetailMoves): void {
  const dialog = byId('detail', HTMLDialogElement);
  const close = el('button', { type: 'button', class: 'quiet' }, 'Close');
  close.addEventListener('click', () => dialog.close());
  const body = el('div', { class: 'detail-body', tabindex: '0', 'aria-label': 'Details' });
  body.append(...sections(store, finding));
  dialog.replaceChildren(
    el(
      'header',
      { class: 'detail-head' },
      el(
        'div',
        { class: 'detail-bar' },
        outcomeBadge(finding.verdict),
        finding.severity === null ? null : severityBadge(finding.severity),
        el('span', { class: 'muted' }, moves.position),
        el('span', { class: 'grow' }),
        moveButton('Previous', moves.previous),
        moveButton('Next', moves.next),
        ...copyLink(),
        close,
      ),
      el('h2', { id: 'detail-title' }, code(finding.roleName)),
      el('p', { class: 'arn' }, code(finding.arn)),
    ),
    body,
  );
  dialog.onclose = moves.closed;
  dialog.onclick = (event) => {
    // Only the backdrop is the dialog itself; everything in the drawer has an element of its own.
    if (event.target === dialog) dialog.close();
  };
  if (!dialog.open) dialog.showModal();
  body.scrollTop = 0;
  body.focus();
}

/** A button for the address of what is open; where the clipboard is refused the address is shown, selected. */
function copyLink(): readonly HTMLElement[] {
  const button = el('button', { type: 'button', class: 'quiet' }, 'Copy link');
  const field = el('input', { type: 'text', class: 'link-field', readonly: true, 'aria-label': 'Link' });
  field.hidden = true;
  onCopy(
    button,
    () => location.href,
    () => {
      field.value = location.href;
      field.hidden = false;
      field.select();
    },
  );
  return [button, field];
}

function moveButton(label: string, move: (() => void) | null): HTMLElement {
  const button = el('button', { type: 'button', class: 'quiet', disabled: move === null }, label);
  if (move !== null) button.addEventListener('click', move);
  return button;
}

function sections(store: Store, finding: Finding): readonly Node[] {
  return [
    el('p', { class: 'message' }, finding.message),
    ...(finding.suppressedBy === null
      ? []
      : [
          el(
            'p',
            { class: 'notice ok' },
            'Accepted by the exception ',
            code(finding.suppressedBy),
            '. It stays counted as it is.',
          ),
        ]),
    facts([
      [
        'Account',
        [
          code(finding.account),
          finding.accountName === null ? null : el('bdi', {}, ` ${finding.accountName}`),
        ],
      ],
      ['Rule', [code(finding.rule)]],
      ['Reason', [code(finding.reason)]],
      ['Role id', [finding.roleId === '' ? 'not in the export' : code(finding.roleId)]],
      ['State', [finding.state === null ? '–' : STATE_LABEL[finding.state]]],
      ['First seen', [formatTime(finding.firstSeen)]],
      ['Last seen', [formatTime(finding.lastSeen)]],
    ]),
    ...waysIn(finding),
    ...proof(finding),
    ...policySection(finding),
    ...readings(store, finding),
    ...fixSection(finding),
    el('h3', {}, 'Evidence'),
    facts([
      ['File', [code(finding.source)]],
      ['Offset', [`${formatCount(finding.offset)} bytes into the decompressed file`]],
      ['Captured', [formatTime(finding.capturedAt)]],
      ['SHA-256', [code(finding.sha256)]],
    ]),
  ];
}

function facts(rows: readonly (readonly [string, readonly Child[]])[]): HTMLElement {
  return el(
    'dl',
    { class: 'facts detail-facts' },
    ...rows.map(([term, value]) => el('div', {}, el('dt', {}, term), el('dd', {}, ...value))),
  );
}

function waysIn(finding: Finding): readonly Node[] {
  const { paths } = finding;
  if (paths.length === 0) return [];
  const titles = ['Statement', 'Principal', 'Account', 'Relation', 'Guards'];
  const rows = paths
    .slice(0, SHOWN_PATHS)
    .map((path) =>
      el(
        'tr',
        {},
        el(
          'td',
          {},
          String(path.statement),
          path.sid === null ? null : el('span', { class: 'muted' }, ` ${path.sid}`),
        ),
        el('td', {}, code(path.principal)),
        el(
          'td',
          {},
          path.account === '*' ? el('strong', {}, 'anyone') : code(path.account),
          path.accountName === null ? null : el('bdi', {}, ` ${path.accountName}`),
        ),
        el('td', {}, RELATION_LABEL[path.relation]),
        el(
          'td',
          {},
          path.guards.length === 0 ? el('strong', { class: 'bad' }, 'none') : path.guards.join(', '),
        ),
      ),
    );
  return [
    el('h3', {}, 'Ways in'),
    el(
      'div',
      { class: 'table-wrap' },
      el(
        'table',
        { class: 'plain' },
        el('thead', {}, el('tr', {}, ...titles.map((title) => el('th', { scope: 'col' }, title)))),
        el('tbody', {}, ...rows),
      ),
    ),
    ...(paths.length > SHOWN_PATHS
      ? [el('p', { class: 'muted' }, `Showing ${SHOWN_PATHS} of ${formatCount(paths.length)}.`)]
      : []),
  ];
}

function proof(finding: Finding): readonly Node[] {
  if (finding.witness === null) return [];
  return [
    el('h3', {}, 'Proof'),
    el('p', {}, witnessSentence(finding.witness)),
    el(
      'details',
      {},
      el('summary', {}, 'The request as JSON'),
      el('pre', {}, ...jsonLines(JSON.stringify(finding.witness, null, 2))),
    ),
  ];
}

/** Laid-out text whose line breaks are ours and whose other hidden characters are not. */
export function jsonLines(text: string): readonly Child[] {
  return text
    .split('\n')
    .map((line) => el('span', { class: 'line' }, `${line}`, document.createTextNode('\n')));
}

function policySection(finding: Finding): readonly Node[] {
  const heading = el('h3', {}, 'Trust policy');
  if (finding.policy === null) {
    return [heading, el('p', { class: 'muted' }, 'The export holds no trust policy that could be read.')];
  }
  const open = finding.paths.filter((path) => path.guards.length === 0);
  const offending = new Set(finding.verdict === 'fail' ? open.map((path) => path.statement) : []);
  return [heading, ...policyView(finding.policy, offending)];
}

function readings(store: Store, finding: Finding): readonly Node[] {
  const notes = finding.notes.map((note) =>
    el(
      'li',
      {},
      code(note),
      `: ${store.meta.noteSentences[note] ?? 'no explanation is recorded for this code.'}`,
    ),
  );
  const reading = (title: string, outcome: Finding['verdict'], what: string): HTMLElement =>
    el(
      'div',
      { class: 'reading' },
      el('h4', {}, title),
      outcomeBadge(outcome),
      el('p', { class: 'muted' }, what),
    );
  return [
    el('h3', {}, 'Both readings'),
    el(
      'div',
      { class: 'columns' },
      reading('Sound', finding.verdict, `What AWS would do: ${OUTCOME_MEANING[finding.verdict]}.`),
      reading('Literal', finding.literal, "What the rule's own text says when taken at its word."),
    ),
    finding.verdict === finding.literal
      ? el('p', { class: 'muted' }, 'The two agree.')
      : el(
          'p',
          {},
          `They differ: ${OUTCOME_LABEL[finding.verdict]} against ${OUTCOME_LABEL[finding.literal]}. The sound reading counts.`,
        ),
    ...(notes.length === 0 ? [] : [el('h4', {}, 'Notes'), el('ul', { class: 'notes' }, ...notes)]),
  ];
}

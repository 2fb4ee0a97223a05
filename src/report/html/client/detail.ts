import { CONFLICTING_RECORDS, DISAGREEING_WORDS } from '../../shared/disagreement.ts';
import {
  formatCount,
  formatTime,
  OUTCOME_LABEL,
  OUTCOME_MEANING,
  RELATION_LABEL,
  STATE_LABEL,
  STATE_MEANING,
} from '../../shared/labels.ts';
import { ruleAnchor } from '../../shared/rule-anchor.ts';
import { type StoryPiece, witnessStory } from '../../shared/witness-story.ts';
import { carriedBadge, outcomeBadge, severityBadge } from './badges.ts';
import { linkButton } from './copy.ts';
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
        ...linkButton(),
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

function moveButton(label: string, move: (() => void) | null): HTMLElement {
  const button = el('button', { type: 'button', class: 'quiet', disabled: move === null }, label);
  if (move !== null) button.addEventListener('click', move);
  return button;
}

function sections(store: Store, finding: Finding): readonly Node[] {
  return [
    el('p', { class: 'message' }, finding.message),
    ...disagreement(store, finding),
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
          finding.carriedForward === null ? null : el('span', {}, ' ', carriedBadge(finding.carriedForward)),
        ],
      ],
      ['Rule', [ruleLink(store, finding.rule)]],
      ['Reason', [code(finding.reason)]],
      ['Role id', [finding.roleId === '' ? 'not in the export' : code(finding.roleId)]],
      [
        'State',
        [finding.state === null ? '–' : `${STATE_LABEL[finding.state]}: ${STATE_MEANING[finding.state]}`],
      ],
      ['First seen', [formatTime(finding.firstSeen)]],
      ['Last seen', [formatTime(finding.lastSeen)]],
    ]),
    ...proof(finding),
    ...policySection(finding),
    ...waysIn(finding),
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

/** Before all that is said of the role: it may be that of one file alone. */
function disagreement({ meta }: Store, { notes }: Finding): readonly Node[] {
  if (!notes.includes(CONFLICTING_RECORDS)) return [];
  return [el('p', { class: 'notice warn' }, meta.noteSentences[CONFLICTING_RECORDS] ?? DISAGREEING_WORDS)];
}

/** Closes the panel and goes to what the rule says of itself; a page of findings alone has no such place. */
function ruleLink(store: Store, rule: string): HTMLElement {
  const target = document.getElementById(ruleAnchor(store.meta.rules.findIndex(({ id }) => id === rule)));
  if (target === null) return code(rule);
  const link = el('a', { href: `#${target.id}` }, code(rule));
  link.addEventListener('click', () => {
    const dialog = byId('detail', HTMLDialogElement);
    if (target instanceof HTMLDetailsElement) target.open = true;
    // Closing puts the keyboard back on the row; who follows the link wants it at the rule.
    dialog.addEventListener('close', () => target.querySelector('summary')?.focus(), { once: true });
    dialog.close();
  });
  return link;
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
  const steps = witnessStory(finding.witness, finding);
  return [
    el('h3', {}, 'Proof: a request that AWS would let in'),
    el('ol', { class: 'story' }, ...steps.map((step) => el('li', {}, ...step.map(storyPiece)))),
    el(
      'details',
      {},
      el('summary', {}, 'The request as JSON'),
      el('pre', { tabindex: '0' }, ...jsonLines(JSON.stringify(finding.witness, null, 2))),
    ),
  ];
}

function storyPiece(piece: StoryPiece): Child {
  return typeof piece === 'string' ? piece : code(piece.given);
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

/** Only the rules over trust policies have two readings. */
function readings(store: Store, finding: Finding): readonly Node[] {
  const differ = finding.verdict !== finding.literal;
  const told = finding.notes.map((note) => ({ note, why: note.startsWith('literal-') }));
  const list = (notes: readonly string[]): HTMLElement =>
    el('ul', { class: 'notes' }, ...notes.map((note) => noteItem(store, note)));
  const why = told.filter((each) => each.why).map(({ note }) => note);
  const others = told.filter((each) => !each.why).map(({ note }) => note);
  return [
    el('h3', {}, 'Both readings'),
    el(
      'div',
      { class: 'columns readings' },
      reading('Sound: what AWS would do', finding.verdict, `${capital(OUTCOME_MEANING[finding.verdict])}.`),
      reading(
        'Literal: the text of the rule',
        finding.literal,
        "What the rule's own text says when it is taken at its word.",
      ),
    ),
    differ
      ? el(
          'p',
          {},
          `They differ: ${OUTCOME_LABEL[finding.verdict]} against ${OUTCOME_LABEL[finding.literal]}. The sound reading counts.`,
        )
      : el('p', { class: 'muted' }, 'The two agree.'),
    ...(why.length === 0
      ? []
      : [el('h4', {}, differ ? 'Why they differ' : 'About the literal reading'), list(why)]),
    ...(others.length === 0 ? [] : [el('h4', {}, 'Worth knowing'), list(others)]),
  ];
}

function reading(title: string, outcome: Finding['verdict'], what: string): HTMLElement {
  return el(
    'div',
    { class: 'reading' },
    el('h4', {}, title),
    outcomeBadge(outcome),
    el('p', { class: 'muted small' }, what),
  );
}

function noteItem(store: Store, note: string): HTMLElement {
  const sentence = store.meta.noteSentences[note] ?? 'No explanation is recorded for this code.';
  return el('li', {}, `${sentence} `, el('span', { class: 'muted' }, code(note)));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

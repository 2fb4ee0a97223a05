import { CONFLICTING_RECORDS } from '../../../../model/completeness.ts';
import { effectiveVerdict } from '../../../../model/guardrail.ts';
import { formatCounted } from '../../../../text/counted.ts';
import { RISK_LEVEL_MEANING } from '../../../shared/controls.ts';
import { DISAGREEING_WORDS } from '../../../shared/disagreement.ts';
import { STATE_LABEL, STATE_MEANING, shownTime } from '../../../shared/labels.ts';
import { messagePieces } from '../../../shared/words/named-message.ts';
import { carriedBadge, guardrailBadge, outcomeBadge, severityBadge } from '../../shared/badges.ts';
import { ruleAnchor } from '../../shared/payload.ts';
import type { Finding, PageData } from '../data/page-data.ts';
import { linkButton } from '../widgets/copy.ts';
import { badge, byId, type Child, code, el } from '../widgets/dom.ts';
import { isTyping } from '../widgets/keys.ts';
import { singleKeysAreOn } from '../widgets/single-keys.ts';
import { acceptSection } from './accept.ts';
import { guardrailNotice, guardrailSection, impactSection, whySection } from './around.ts';
import { fixSection, proposalOrRefusal } from './fix.ts';
import { facts, policySection, proof, readings, storyPiece } from './sections.ts';
import { waysIn } from './ways-in.ts';

export interface PanelMoves {
  /** `3 of 120`. */
  readonly position: string;
  readonly previous: (() => void) | null;
  readonly next: (() => void) | null;
  readonly closed: () => void;
  /** Of the page with this finding opened. */
  readonly address: () => string;
}

/** Closes the drawer where it is open, and leaves the keyboard where it was before. */
export function closePanel(): void {
  const dialog = byId('detail', HTMLDialogElement);
  if (!dialog.open) return;
  dialog.onclose = null;
  dialog.close();
}

/** Opens the drawer on one finding, or moves the open drawer to it. */
export function openPanel(data: PageData, finding: Finding, moves: PanelMoves): void {
  const dialog = byId('detail', HTMLDialogElement);
  const pressed = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.move : null;
  const head = header(finding, moves, () => dialog.close());
  const body = el('div', {
    class: 'detail-body',
    tabindex: '0',
    role: 'region',
    'aria-label': 'Details',
  });
  body.append(...sections(data, finding));
  const said =
    dialog.querySelector('[role="status"]') ?? el('p', { class: 'visually-hidden', role: 'status' });
  dialog.replaceChildren(said, head, body);
  dialog.onclose = moves.closed;
  dialog.onclick = (event) => {
    // Only the backdrop is the dialog itself; everything in the drawer has an element of its own.
    if (event.target === dialog) dialog.close();
  };
  dialog.onkeydown = (event) => onKey(event, moves);
  const isMove = dialog.open;
  if (!isMove) dialog.showModal();
  body.scrollTop = 0;
  // Who goes on by a button wants to press it again; and hears what came, because the focus does not say it.
  const again = dialog.querySelector<HTMLButtonElement>(`[data-move="${pressed ?? 'none'}"]:enabled`);
  (again ?? body).focus();
  said.replaceChildren(isMove ? el('span', {}, `${finding.roleName}, ${moves.position}`) : '');
}

function header(finding: Finding, moves: PanelMoves, onClose: () => void): HTMLElement {
  const close = el('button', { type: 'button', class: 'quiet' }, 'Close');
  close.addEventListener('click', onClose);
  const guarded = guardrailBadge(finding);
  const [link, address] = linkButton(moves.address);
  return el(
    'header',
    { class: 'detail-head' },
    el(
      'div',
      { class: 'detail-bar' },
      badge(outcomeBadge(effectiveVerdict(finding))),
      guarded === null ? null : badge(guarded),
      finding.severity === null ? null : badge(severityBadge(finding.severity)),
      el('span', { class: 'muted' }, moves.position),
      el(
        'span',
        { class: 'detail-moves' },
        moveButton('Previous', 'k', moves.previous),
        moveButton('Next', 'j', moves.next),
        link,
        close,
      ),
      address,
    ),
    el('h2', { id: 'detail-title' }, code(finding.roleName)),
    el('p', { class: 'arn' }, code(finding.arn)),
  );
}

function moveButton(label: string, key: string, move: (() => void) | null): HTMLElement {
  const isOn = singleKeysAreOn();
  const button = el(
    'button',
    {
      type: 'button',
      class: 'quiet',
      'data-move': label,
      'aria-keyshortcuts': isOn ? key : undefined,
      title: isOn ? `Key: ${key}` : undefined,
      disabled: move === null,
    },
    label,
  );
  if (move !== null) button.addEventListener('click', move);
  return button;
}

/** The arrows belong to what scrolls sideways where the keyboard is in it. */
function onKey(event: KeyboardEvent, { previous, next }: PanelMoves): void {
  if (isTyping(event) || event.altKey || event.ctrlKey || event.metaKey) return;
  const scrolls = event.target instanceof Element && event.target.closest('pre, .table-wrap') !== null;
  const isSingle = (key: string): boolean => event.key === key && singleKeysAreOn();
  const isNext = isSingle('j') || (event.key === 'ArrowRight' && !scrolls);
  const isPrevious = isSingle('k') || (event.key === 'ArrowLeft' && !scrolls);
  if (!isNext && !isPrevious) return;
  event.preventDefault();
  (isNext ? next : previous)?.();
}

function sections(data: PageData, finding: Finding): readonly Node[] {
  const { policy } = finding;
  const carried = carriedBadge(finding.carriedForward);
  const remediation = proposalOrRefusal(finding);
  const instead = remediation === null || remediation.refused === null ? null : remediation.advice;
  return [
    el('p', { class: 'message' }, ...messagePieces(finding, [policy, finding.roleName]).map(storyPiece)),
    ...guardrailNotice(finding),
    ...disagreement(data, finding),
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
    ...whySection(finding, instead),
    facts([
      [
        'Account',
        [
          code(finding.account),
          finding.accountName === null ? null : el('bdi', {}, ` ${finding.accountName}`),
          carried === null ? null : el('span', {}, ' ', badge(carried)),
        ],
      ],
      ['Rule', [ruleLink(data, finding.rule), riskLevel(data, finding.rule)]],
      ['Reason', [code(finding.reason)]],
      ['Role id', [finding.roleId === '' ? 'not in the export' : code(finding.roleId)]],
      [
        'State',
        [finding.state === null ? '–' : `${STATE_LABEL[finding.state]}: ${STATE_MEANING[finding.state]}`],
      ],
      ['First seen', [shownTime(finding.firstSeen)]],
      ['Last seen', [shownTime(finding.lastSeen)]],
    ]),
    ...guardrailSection(finding),
    ...impactSection(finding),
    ...proof(finding),
    ...policySection(finding),
    ...waysIn(finding),
    ...readings(finding, data.meta.noteSentences),
    ...fixSection(finding, remediation),
    ...acceptSection(finding),
    el('h3', {}, 'Evidence'),
    facts([
      ['File', [code(finding.source)]],
      ['Offset', [`${formatCounted(finding.offset, 'byte')} into the decompressed file`]],
      ['Captured', [shownTime(finding.capturedAt)]],
      ['SHA-256', [code(finding.sha256)]],
    ]),
  ];
}

/** Before all that is said of the role: it may be that of one file alone. */
function disagreement({ meta }: PageData, { notes }: Finding): readonly Node[] {
  if (!notes.includes(CONFLICTING_RECORDS)) return [];
  return [el('p', { class: 'notice warn' }, meta.noteSentences[CONFLICTING_RECORDS] ?? DISAGREEING_WORDS)];
}

/** Beside a severity, or one would be taken for the other. */
function riskLevel(data: PageData, rule: string): Child {
  const level = data.meta.rules.find(({ id }) => id === rule)?.riskLevel;
  if (level === undefined) return null;
  return el(
    'span',
    { class: 'muted', title: RISK_LEVEL_MEANING },
    ` of risk level ${level} in its catalogue; the severity is that of the finding`,
  );
}

/** Closes the panel and goes to what the rule says of itself; a page of findings alone has no such place. */
function ruleLink(data: PageData, rule: string): HTMLElement {
  const target = document.getElementById(ruleAnchor(data.meta.rules.findIndex(({ id }) => id === rule)));
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

import type { Outcome } from '../../../../model/exposure.ts';
import type { VerdictObject } from '../../../../model/verdict.ts';
import { capital } from '../../../../text/capital.ts';
import { OUTCOME_LABEL, OUTCOME_MEANING } from '../../../shared/labels.ts';
import { type StoryPiece, storyTitle, witnessStory } from '../../../shared/words/witness-story.ts';
import { outcomeBadge } from '../../shared/badges.ts';
import { badge, type Child, code, el } from '../widgets/dom.ts';
import { policyView } from './policy.ts';

/** What there is to show of a judged trust policy. */
export interface Judged
  extends Pick<VerdictObject, 'account' | 'verdict' | 'literal' | 'notes' | 'paths' | 'witness'> {
  /** Null where only the policy is known. */
  readonly roleName: string | null;
  /** Absent where only the policy is known. */
  readonly guardrail?: VerdictObject['guardrail'];
}

/** Terms and what they are. */
export function facts(rows: readonly (readonly [string, readonly Child[]])[]): HTMLElement {
  return el(
    'dl',
    { class: 'facts detail-facts' },
    ...rows.map(([term, value]) => el('div', {}, el('dt', {}, term), el('dd', {}, ...value))),
  );
}

/** The witness as a story, and as JSON. */
export function proof(finding: Judged): readonly Node[] {
  if (finding.witness === null) return [];
  const steps = witnessStory(finding.witness, finding);
  return [
    el('h3', {}, storyTitle(finding)),
    el('ol', { class: 'story' }, ...steps.map((step) => el('li', {}, ...step.map(storyPiece)))),
    el(
      'details',
      {},
      el('summary', {}, 'The request as JSON'),
      el('pre', { tabindex: '0' }, ...jsonLines(JSON.stringify(finding.witness, null, 2))),
    ),
  ];
}

export function storyPiece(piece: StoryPiece): Child {
  return typeof piece === 'string' ? piece : code(piece.given);
}

/** Laid-out text whose line breaks are ours and whose other hidden characters are not. */
function jsonLines(text: string): readonly Child[] {
  return text.split('\n').map((line) => el('span', { class: 'line' }, line, document.createTextNode('\n')));
}

/** The policy with the open statements marked; null: none can be read. */
export function policySection(
  finding: Pick<Judged, 'verdict' | 'paths'> & { readonly policy: string | null },
): readonly Node[] {
  const heading = el('h3', {}, 'Trust policy');
  if (finding.policy === null) {
    return [heading, el('p', { class: 'muted' }, 'The export holds no trust policy that could be read.')];
  }
  const open = finding.paths.filter((path) => path.guards.length === 0);
  const offending = new Set(finding.verdict === 'fail' ? open.map((path) => path.statement) : []);
  return [heading, ...policyView(finding.policy, offending)];
}

/** Only the rules over trust policies have two readings. */
export function readings(
  finding: Pick<Judged, 'verdict' | 'literal' | 'notes'>,
  sentences: Readonly<Record<string, string>>,
): readonly Node[] {
  const differ = finding.verdict !== finding.literal;
  const told = finding.notes.map((note) => ({ note, why: note.startsWith('literal-') }));
  const list = (notes: readonly string[]): HTMLElement =>
    el('ul', { class: 'notes' }, ...notes.map((note) => noteItem(note, sentences)));
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

function reading(title: string, outcome: Outcome, what: string): HTMLElement {
  return el(
    'div',
    { class: 'reading' },
    el('h4', {}, title),
    badge(outcomeBadge(outcome)),
    el('p', { class: 'muted small' }, what),
  );
}

function noteItem(note: string, sentences: Readonly<Record<string, string>>): HTMLElement {
  const sentence = sentences[note] ?? 'No explanation is recorded for this code.';
  return el('li', {}, `${sentence} `, el('span', { class: 'muted' }, code(note)));
}

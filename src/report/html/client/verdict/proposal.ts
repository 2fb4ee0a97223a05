import { visibleLines } from '../../../../text/hidden-characters.ts';
import type { StoryPiece } from '../../../shared/words/witness-story.ts';
import { onCopy } from '../widgets/copy.ts';
import { el, withCode } from '../widgets/dom.ts';
import { storyPiece } from './sections.ts';

/** An amended policy as it is shown. */
export interface ShownProposal {
  /** What is said of it when it is judged again. */
  readonly message: readonly StoryPiece[];
  readonly changes: readonly { readonly sentence: string }[];
  readonly cautions: readonly string[];
  /** Lines in unified form. */
  readonly difference: readonly string[];
  /** One entry a line. */
  readonly policy: string;
  readonly command: string;
  readonly terraform: string;
}

/** Why nothing is proposed, and what to do instead. */
export function refusalView(why: string, advice: string): readonly Node[] {
  return [
    el('p', {}, ...withCode(`No change is proposed: ${why}.`)),
    el('p', {}, ...withCode(`Instead: ${advice}.`)),
  ];
}

export function proposalView(proposal: ShownProposal): readonly Node[] {
  const { message, changes, cautions } = proposal;
  return [
    el(
      'p',
      { class: 'judged' },
      el('strong', {}, 'Judged again, the amended policy no longer fails.'),
      ' ',
      ...message.map(storyPiece),
    ),
    el('h4', {}, 'What changes'),
    sentences(changes.map(({ sentence }) => sentence)),
    ...(cautions.length === 0 ? [] : [el('h4', {}, 'Before you apply it'), sentences(cautions)]),
    el('h4', {}, 'The policy, before and after'),
    difference(proposal.difference),
    disclosure('The whole amended policy', proposal.policy),
    disclosure('AWS CLI', proposal.command),
    disclosure('Terraform, in the aws_iam_role resource', proposal.terraform),
  ];
}

/** A list of sentences in which backticks mark what belongs into the policy. */
export function sentences(texts: readonly string[]): HTMLElement {
  return el('ul', { class: 'notes' }, ...texts.map((text) => el('li', {}, ...withCode(text))));
}

const DIFF_CLASSES: Readonly<Record<string, string>> = { '+': 'added', '-': 'removed', '@': 'place' };

/** Lines that begin with + come in, those with - go out; colour only repeats it. */
function difference(lines: readonly string[]): HTMLElement {
  const view = el('pre', {
    class: 'diff',
    tabindex: '0',
    role: 'region',
    'aria-label': 'Difference of the policy',
  });
  for (const text of lines) {
    view.append(el('span', { class: `line ${DIFF_CLASSES[text.charAt(0)] ?? ''}` }, text), '\n');
  }
  return view;
}

/** Text to take away, behind its title. */
export function disclosure(title: string, text: string): HTMLDetailsElement {
  return el('details', {}, el('summary', {}, title), snippet(text));
}

/** Text to take away; what is copied is what is shown. */
function snippet(text: string): HTMLElement {
  const shown = visibleLines(text);
  const pre = el('pre', { tabindex: '0' });
  pre.textContent = shown;
  const button = el('button', { type: 'button', class: 'quiet copy' }, 'Copy');
  onCopy(
    button,
    () => shown,
    // Selected text is one key stroke away from the clipboard.
    () => getSelection()?.selectAllChildren(pre),
  );
  return el('div', { class: 'snippet' }, button, pre);
}

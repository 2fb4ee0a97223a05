import type { VerdictObject } from '../../../../model/verdict.ts';
import { guardrailEffect, guardrailStory } from '../../../shared/guardrail-words.ts';
import { impactFacts } from '../../../shared/impact-words.ts';
import type { StoryPiece } from '../../../shared/witness-story.ts';
import { type Child, code, el } from '../widgets/dom.ts';
import { withCode } from './proposal.ts';
import { facts } from './sections.ts';

/** Beside a message that is of the trust policy, where that is not all there is to say. */
export function guardrailNotice(
  finding: Pick<VerdictObject, 'verdict' | 'guardrail' | 'notes'>,
): readonly Node[] {
  const what = {
    closed: 'closes every unguarded way in',
    narrowed: 'closes or confines some of the ways in',
  };
  const effect = guardrailEffect(finding);
  if (effect !== 'closed' && effect !== 'narrowed') return [];
  const notice = effect === 'closed' ? 'notice ok' : 'notice';
  return [el('p', { class: notice }, `By the trust policy alone. The organisation ${what[effect]}.`)];
}

/** What guardrails of the organisation do to the finding. */
export function guardrailSection(
  finding: Pick<VerdictObject, 'verdict' | 'guardrail' | 'notes'>,
): readonly Node[] {
  const story = guardrailStory(finding);
  if (story.length === 0) return [];
  return [
    el('h3', {}, 'Organisation guardrails'),
    el('ul', { class: 'notes' }, ...story.map((step) => el('li', {}, ...step.map(piece)))),
  ];
}

/** What a way in leads to. */
export function impactSection({ impact }: Pick<VerdictObject, 'impact'>): readonly Node[] {
  if (impact === null) return [];
  return [
    el('h3', {}, 'Impact: what a way in leads to'),
    facts(
      impactFacts(impact).map(
        ([term, value]) =>
          [
            term,
            term === 'Why' ? [el('span', { class: 'prose' }, ...withCode(impact.why))] : value.map(piece),
          ] as const,
      ),
    ),
  ];
}

function piece(one: StoryPiece): Child {
  return typeof one === 'string' ? one : code(one.given);
}

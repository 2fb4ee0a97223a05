import type { VerdictObject } from '../../../../model/verdict.ts';
import { guardrailEffect, guardrailStory } from '../../../shared/words/guardrail-words.ts';
import { impactFacts } from '../../../shared/words/impact-words.ts';
import { type MatterPiece, whyItMatters } from '../../../shared/words/why-it-matters.ts';
import type { Finding } from '../data/page-data.ts';
import { type Child, el, withCode } from '../widgets/dom.ts';
import { facts, storyPiece } from './sections.ts';

/**
 * What the finding means for a reader who does not know IAM.
 *
 * @param insteadOfFix what to do where no change can be proposed; null where one can
 */
export function whySection(finding: Finding, insteadOfFix: string | null): readonly Node[] {
  const story = whyItMatters({ ...finding, insteadOfFix });
  if (story.length === 0) return [];
  return [
    el('h3', {}, 'Why it matters'),
    el('p', { class: 'matters' }, ...story.flatMap((sentence) => [...sentence.map(matterPiece), ' '])),
  ];
}

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
    el('ul', { class: 'notes' }, ...story.map((step) => el('li', {}, ...step.map(storyPiece)))),
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
            term === 'Why'
              ? [el('span', { class: 'prose' }, ...withCode(impact.why))]
              : value.map(storyPiece),
          ] as const,
      ),
    ),
  ];
}

function matterPiece(piece: MatterPiece): Child {
  if (typeof piece === 'object' && 'name' in piece) return el('strong', {}, el('bdi', {}, piece.name));
  return storyPiece(piece);
}

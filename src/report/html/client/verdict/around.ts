import type { VerdictObject } from '../../../../model/verdict.ts';
import { guardrailStory } from '../../../shared/guardrail-words.ts';
import { impactFacts } from '../../../shared/impact-words.ts';
import type { StoryPiece } from '../../../shared/witness-story.ts';
import { type Child, code, el } from '../widgets/dom.ts';
import { facts } from './sections.ts';

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
    facts(impactFacts(impact).map(([term, value]) => [term, value.map(piece)] as const)),
  ];
}

function piece(one: StoryPiece): Child {
  return typeof one === 'string' ? one : code(one.given);
}

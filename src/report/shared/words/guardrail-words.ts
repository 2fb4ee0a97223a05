import {
  type ClosingStatement,
  GUARDRAILS_NARROW,
  GUARDRAILS_UNKNOWN,
  type Guarded,
  isClosedByGuardrail,
} from '../../../model/guardrail.ts';
import type { StoredVerdict } from '../../../model/report-source.ts';
import type { VerdictObject } from '../../../model/verdict.ts';
import { type StoryPiece, storyText } from './witness-story.ts';

/** What guardrails do to a verdict; see `GUARDRAIL_LABEL`. */
export const GUARDRAIL_EFFECTS = ['closed', 'narrowed', 'open', 'unknown', 'none'] as const;
export type GuardrailEffect = (typeof GUARDRAIL_EFFECTS)[number];

/**
 * `closed`: it fails by its trust policy alone. `narrowed`: it still fails, with fewer ways in. `open`: nothing is closed.
 * `unknown`: not every policy is known. `none`: no evidence of the organisation covers the account.
 */
export function guardrailEffect(object: Guarded & Pick<VerdictObject, 'notes'>): GuardrailEffect {
  if (object.guardrail === null) return 'none';
  if (object.notes.includes(GUARDRAILS_UNKNOWN)) return 'unknown';
  if (isClosedByGuardrail(object)) return 'closed';
  return object.notes.includes(GUARDRAILS_NARROW) ? 'narrowed' : 'open';
}

export const GUARDRAIL_LABEL: Readonly<Record<GuardrailEffect, string>> = {
  closed: 'closed by a guardrail',
  narrowed: 'narrowed, still open',
  open: 'no guardrail closes it',
  unknown: 'guardrails not known',
  none: 'not given',
};

/** What guardrails do to a finding, sentence by sentence; empty where there is nothing to tell. */
export function guardrailStory(
  object: Guarded & Pick<VerdictObject, 'notes'>,
): readonly (readonly StoryPiece[])[] {
  const { guardrail } = object;
  if (guardrail === null || object.verdict !== 'fail') return [];
  const { policies, capturedAt } = guardrail;
  const evidence = [`Evidence of the organisation, captured ${capturedAt}.`];
  switch (guardrailEffect(object)) {
    case 'unknown':
      return [
        [
          'The evidence does not show every resource control policy of the account with its text, so nothing is known to close these ways in.',
        ],
        evidence,
      ];
    case 'closed':
      return [
        policies.length > 0
          ? ['The trust policy alone fails, but guardrails of the organisation close every unguarded way in.']
          : [
              'The trust policy alone fails, but by the members of the organisation nobody else meets its conditions.',
            ],
        ...policies.map(closingSentence),
        evidence,
      ];
    case 'narrowed':
      return [
        [
          'Guardrails of the organisation, or its list of members, close or confine some of the ways in, but not all; the severity is that of what is left.',
        ],
        ...policies.map(closingSentence),
        evidence,
      ];
    default:
      return [['No guardrail of the organisation closes a way in.'], evidence];
  }
}

/** The message of a verdict, and where guardrails leave something else, what they do and leave; for formats of one text. */
export function messageWithGuardrails({
  object,
  leftMessage,
}: Pick<StoredVerdict, 'object' | 'leftMessage'>): string {
  const effect = guardrailEffect(object);
  if (effect !== 'closed' && effect !== 'narrowed') return object.message;
  const left = effect === 'narrowed' && leftMessage !== undefined ? [leftWords(leftMessage)] : [];
  return [object.message, ...guardrailStory(object).map(storyText), ...left].join(' ');
}

/** What guardrails leave of a finding that they narrow, as a sentence. */
export function leftWords(leftMessage: string): string {
  return `What is left: ${leftMessage}`;
}

function closingSentence({ id, name, statement, attachedTo }: ClosingStatement): readonly StoryPiece[] {
  return [
    "The organisation's resource control policy ",
    { given: id },
    ...(name === null ? [] : [' (', { given: name }, ')']),
    `, statement ${statement}`,
    ...(attachedTo.length === 0 ? [] : [', attached to ', ...targets(attachedTo)]),
    ', denies requests that the trust policy lets in.',
  ];
}

function targets(attachedTo: readonly string[]): readonly StoryPiece[] {
  return attachedTo.flatMap((target, index): readonly StoryPiece[] => [
    index === 0 ? targetWords(target) : ` and ${targetWords(target)}`,
    { given: target },
  ]);
}

function targetWords(target: string): string {
  if (target.startsWith('r-')) return 'the root ';
  return target.startsWith('ou-') ? 'the unit ' : 'the account ';
}

/** `p-…` with its name, its statement and where it is attached, as one text. */
export function closingLabel({ id, name, statement, attachedTo }: ClosingStatement): string {
  const places = attachedTo.length === 0 ? '' : ` at ${attachedTo.join(', ')}`;
  return `${id}${name === null ? '' : ` (${name})`} statement ${statement}${places}`;
}

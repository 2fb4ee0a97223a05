import type { GradedPath, VerdictObject } from '../../../model/verdict.ts';
import { formatCount } from '../../../text/counted.ts';
import { worstPath } from '../paths.ts';

/**
 * Why a failing role is of severity medium and no worse. A network is no guard, so who comes through it is an outsider
 * like any other; of the rest it is not known whether they are.
 */
export const MEDIUM_KINDS = ['network', 'unknown', 'organisation', 'condition'] as const;
export type MediumKind = (typeof MEDIUM_KINDS)[number];
export type MediumCounts = Readonly<Record<MediumKind, number>>;

const MEDIUM_WORDS: Readonly<Record<MediumKind, string>> = {
  network: 'through a named network only',
  unknown: 'to accounts whose relation is not graded',
  organisation: 'to members of a named organisation only',
  condition: 'under a condition that is no guard',
};

export function noMediums(): Record<MediumKind, number> {
  return { network: 0, unknown: 0, organisation: 0, condition: 0 };
}

/** `ways`: its ways in as guardrails leave them. */
export function mediumKindOf(
  { notes }: Pick<VerdictObject, 'notes'>,
  ways: readonly GradedPath[],
): MediumKind {
  if (worstPath(ways)?.relation === 'unknown') return 'unknown';
  if (notes.includes('org-confined')) return 'organisation';
  return notes.includes('network-confined') ? 'network' : 'condition';
}

/** Those of which nobody knows whether they are outsiders. */
export function ofUnknownRelation({ unknown, organisation, condition }: MediumCounts): number {
  return unknown + organisation + condition;
}

/** What there is of some kinds, each with its words, behind "open". */
export function mediumParts(
  counts: MediumCounts,
  kinds: readonly MediumKind[] = MEDIUM_KINDS,
): readonly (readonly [count: number, words: string])[] {
  return kinds.filter((kind) => counts[kind] > 0).map((kind) => [counts[kind], MEDIUM_WORDS[kind]] as const);
}

/** Parts as one piece of a sentence: a single one without its count. */
export function partsWords(parts: readonly (readonly [count: number, words: string])[]): string {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only[1];
  return parts.map(([count, words]) => `${formatCount(count)} ${words}`).join(', ');
}

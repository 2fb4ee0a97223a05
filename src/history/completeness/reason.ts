import type { Lack } from '../../model/completeness.ts';

/** Why evidence is incomplete: as part of a sentence, and in short. */
export interface Reason extends Lack {
  readonly text: string;
}

/** One that is short as it is. */
export function shortReason(text: string): Reason {
  return { text, what: text, named: [], more: 0 };
}

/** Names in one reason. */
export const NAMED = 3;

/** The first names of a list, and how many more there are. */
export function andMore(first: readonly string[], count: number): string {
  const more = count - first.length;
  return `${first.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** What is missing in short, and the first names of all those of which it is missing. */
export function lack(what: string, names: readonly string[], count = names.length): Lack {
  const named = names.slice(0, NAMED);
  return { what, named, more: count - named.length };
}

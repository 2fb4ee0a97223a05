import type { GlobToken } from './glob.ts';

/** The part of the string that a matcher looks at. */
export type Scope = 'whole' | 'account' | 'name';

export interface Matcher {
  /** Matches when one of these does: the values of one condition, which nothing tells apart. */
  readonly patterns: readonly (readonly GlobToken[])[];
  readonly scope: Scope;
  readonly ignoreCase: boolean;
  /** Wildcards before the sixth part do not cross a colon, as in ARN comparisons. */
  readonly arn: boolean;
}

/** Without wildcards, and minding case. */
export function isSimple({ ignoreCase, patterns }: Matcher): boolean {
  return !ignoreCase && patterns.every((pattern) => pattern.every((token) => typeof token === 'string'));
}

/** Where the sixth part of an ARN pattern begins; beyond its end when it has fewer. */
export function sixthPart(tokens: readonly GlobToken[]): number {
  let colons = 0;
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i] === ':' && ++colons === 5) return i + 1;
  }
  return tokens.length + 1;
}

/** Work left for all enumerations of one policy together, so that many small ones are bounded as well. */
export interface Budget {
  steps: number;
  /** The most states that one enumeration met so far. */
  mostStates: number;
  /** What the automata of one enumeration take, about, and the most so far. */
  bytes: number;
  mostBytes: number;
}

/** States times characters times patterns: a second or two. */
const FULL = 24_000_000;
/** Bounds one enumeration of hostile sets of patterns; ordinary policies stay below a few hundred states. */
export const STATE_LIMIT = 20_000;

/** Ordinary policies need some thousands. */
export const BYTE_LIMIT = 96 * 1024 * 1024;

export function fullBudget(): Budget {
  return { steps: FULL, mostStates: 0, bytes: 0, mostBytes: 0 };
}

/** Did all enumerations together stay below a tenth of every limit? */
export function isFarFromLimits({ steps, mostStates, mostBytes }: Budget): boolean {
  return FULL - steps < FULL / 10 && mostStates < STATE_LIMIT / 10 && mostBytes < BYTE_LIMIT / 10;
}

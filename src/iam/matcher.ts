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

/** Work left for all enumerations of one policy together, so that many small ones are bounded as well. */
export interface Budget {
  steps: number;
  /** The most states that one enumeration met so far. */
  mostStates: number;
}

/** States times characters times patterns: a second or two. */
const FULL = 24_000_000;
/** Bounds one enumeration of hostile sets of patterns; ordinary policies stay below a few hundred states. */
export const STATE_LIMIT = 20_000;

export function fullBudget(): Budget {
  return { steps: FULL, mostStates: 0 };
}

/** Did all enumerations together stay below a tenth of every limit? */
export function isFarFromLimits({ steps, mostStates }: Budget): boolean {
  return FULL - steps < FULL / 10 && mostStates < STATE_LIMIT / 10;
}

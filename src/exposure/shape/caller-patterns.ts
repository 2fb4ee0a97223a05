import { STRANGER_LETTERS } from '../../iam/language.ts';

/**
 * Policies that compare callers' ARNs with patterns: where what is decided of them does not hang on which accounts and
 * names they hold. Callers are found by running all patterns side by side over the grammar of ARNs (`iam/language.ts`).
 * An account id that is one of an ARN's own fields, whole, stands for one path through the digits, whatever they are. The
 * other paths to an account end, but for that of the stranger, which comes first.
 */

/** An account's whole id in a field of its own, before which nothing is a wildcard, so that nothing else can be it. */
const ANCHORED = /^arn:aws[a-z-]*:(?:iam|sts)::(\d{12}):(.+)$/;
/** A beginning, and anything after it. */
const BEGINNING = /^arn:aws[a-z-]*:iam::\d{12}:(?:role|user)\/([^*?$]+)\*$/;
/** Names of callers that are made up are of the first of these that no pattern holds. */
const FIRST_LETTER = STRANGER_LETTERS.charAt(0);
/** Shorter ones come before or among those that are made up. */
const SHORTEST_NAME = 3;

/** The account that a pattern on a caller's ARN is about; null where it may be about several. */
export function accountOfPattern(pattern: string): string | null {
  return ANCHORED.exec(pattern)?.[1] ?? null;
}

/** Is some letter left that stands for any that these texts do not hold? Otherwise digits do, which accounts may hold. */
export function leaveALetter(texts: readonly string[]): boolean {
  return [...STRANGER_LETTERS].some((letter) => texts.every((text) => !text.includes(letter)));
}

/** Do these patterns take in an ARN by its beginning, so that a name can be told to be none of theirs? */
export function areBeginnings(patterns: readonly string[]): boolean {
  return patterns.every((pattern) => BEGINNING.test(pattern) && !pattern.includes(FIRST_LETTER));
}

/**
 * Does nothing hang on which name this is, but that it is no other one? Where a caller of the name could be one of those
 * that the patterns are about, or where the name changes the names that are made up, it does.
 *
 * @param patterns that `areBeginnings`; others are refused elsewhere
 */
export function mayStandBeside(name: string, patterns: readonly string[]): boolean {
  if (name.length < SHORTEST_NAME || name.includes(FIRST_LETTER)) return false;
  return patterns.every((pattern) => {
    const beginning = BEGINNING.exec(pattern)?.[1];
    if (beginning === undefined) return false;
    const last = beginning.slice(beginning.lastIndexOf('/') + 1);
    return last === '' || !(name.startsWith(last) || last.startsWith(name));
  });
}

/**
 * Wildcard matching of IAM: `*` is any run of characters, `?` exactly one. Linear in practice: it only ever
 * goes back to the last star, so hostile patterns cannot blow it up.
 */
export function globMatches(pattern: readonly GlobToken[], text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    const token = pattern[p];
    if (token === ANY_RUN) {
      star = p++;
      resume = t;
    } else if (token !== undefined && (token === ANY_ONE || token === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === ANY_RUN) p++;
  return p === pattern.length;
}

export const ANY_RUN: unique symbol = Symbol('*');
export const ANY_ONE: unique symbol = Symbol('?');
/** One UTF-16 code unit, or a wildcard. */
export type GlobToken = string | typeof ANY_RUN | typeof ANY_ONE;

/** Every `*` and `?` of the text becomes a wildcard. */
export function parseGlob(text: string): readonly GlobToken[] {
  const tokens: GlobToken[] = [];
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    tokens.push(char === '*' ? ANY_RUN : char === '?' ? ANY_ONE : char);
  }
  return tokens;
}

export function hasWildcard(text: string): boolean {
  return text.includes('*') || text.includes('?');
}

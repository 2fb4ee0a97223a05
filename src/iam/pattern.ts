import { ANY_ONE, ANY_RUN, type GlobToken, globMatches } from './glob.ts';

/** A policy variable, `${key}` or `${key, 'default'}`. */
export interface Variable {
  /** Lower case. */
  readonly key: string;
  readonly fallback: string | null;
}

/** One element of a condition value: a character, a wildcard or a policy variable. */
export type PatternToken = GlobToken | Variable;

export interface PatternOptions {
  /** `*` and `?` are wildcards; otherwise they stand for themselves. */
  readonly wildcards: boolean;
  /** `${...}` is a policy variable; otherwise it is literal text. */
  readonly variables: boolean;
}

const VARIABLE = /\$\{([^{}]*)\}/y;
const WITH_DEFAULT = /^\s*([^,]*?)\s*,\s*'([^']*)'\s*$/;

/**
 * Reads a condition value. `${*}`, `${?}` and `${$}` stand for the character itself
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).
 */
export function parsePattern(text: string, options: PatternOptions): readonly PatternToken[] {
  const tokens: PatternToken[] = [];
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (options.variables && char === '$') {
      VARIABLE.lastIndex = i;
      const found = VARIABLE.exec(text);
      if (found !== null) {
        const inside = found[1] as string;
        if (inside === '*' || inside === '?' || inside === '$') tokens.push(inside);
        else {
          const withDefault = WITH_DEFAULT.exec(inside);
          tokens.push({
            key: (withDefault?.[1] ?? inside.trim()).toLowerCase(),
            fallback: withDefault?.[2] ?? null,
          });
        }
        i += found[0].length - 1;
        continue;
      }
    }
    if (options.wildcards && char === '*') tokens.push(ANY_RUN);
    else if (options.wildcards && char === '?') tokens.push(ANY_ONE);
    else tokens.push(char);
  }
  // Exactly as long as it is: a policy may have very many values.
  return tokens.slice();
}

export function hasVariable(pattern: readonly PatternToken[]): boolean {
  return pattern.some((token) => typeof token === 'object');
}

/** Puts values in for the variables; null when one has neither a value nor a default. */
export function resolvePattern(
  pattern: readonly PatternToken[],
  lookUp: (key: string) => string | null,
): readonly GlobToken[] | null {
  const tokens: GlobToken[] = [];
  for (const token of pattern) {
    if (typeof token !== 'object') {
      tokens.push(token);
      continue;
    }
    const value = lookUp(token.key) ?? token.fallback;
    if (value === null) return null;
    for (let i = 0; i < value.length; i++) tokens.push(value[i] as string);
  }
  return tokens;
}

/** The text of a pattern without wildcards and variables; null when it has some. */
export function literalText(pattern: readonly PatternToken[]): string | null {
  let text = '';
  for (const token of pattern) {
    if (typeof token !== 'string') return null;
    text += token;
  }
  return text;
}

/**
 * The six parts of an ARN pattern, which Arn operators compare one by one, so that a wildcard never reaches
 * beyond its part; null when it has fewer than six.
 */
export function splitArnPattern(pattern: readonly GlobToken[]): readonly (readonly GlobToken[])[] | null {
  const parts: GlobToken[][] = [[]];
  for (const token of pattern) {
    if (token === ':' && parts.length < 6) parts.push([]);
    else parts[parts.length - 1]?.push(token);
  }
  return parts.length === 6 ? parts : null;
}

export function arnMatches(pattern: readonly (readonly GlobToken[])[], arnParts: readonly string[]): boolean {
  return pattern.every((part, index) => globMatches(part, arnParts[index] ?? ''));
}

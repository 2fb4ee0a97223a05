/** One token of a rule text. `offset` and `end` are indexes into the text. */
export type Token =
  | { readonly kind: 'word'; readonly text: string; readonly offset: number; readonly end: number }
  | { readonly kind: 'string'; readonly value: string; readonly offset: number; readonly end: number }
  | { readonly kind: 'number'; readonly value: number; readonly offset: number; readonly end: number }
  | { readonly kind: 'symbol'; readonly text: string; readonly offset: number; readonly end: number }
  | { readonly kind: 'end'; readonly offset: number; readonly end: number }
  /** Text that is no token; `message` says why when there is more to say than that. */
  | { readonly kind: 'bad'; readonly message: string | null; readonly offset: number; readonly end: number };

export interface RegexToken {
  readonly source: string;
  readonly flags: string;
  readonly offset: number;
  readonly end: number;
}

// Sticky, so that each costs only what it consumes; none of them can backtrack over more than one token.
const SPACE = /[\s\u00a0\ufeff]*/y;
const WORD = /[A-Za-z_][A-Za-z0-9_:-]*/y;
const NUMBER = /-?[0-9]+(?:\.[0-9]+)?/y;
const SYMBOL = /[!<>]=(?!=)|=(?![=>])|<(?![<>])|>(?!>)|[()[\],.$~]/y;
const FLAGS = /[A-Za-z]*/y;
const UNKNOWN_RUN = /[^\sA-Za-z0-9_'"()[\],.$~]+/y;

/** Reads the token at or after `from`. A regular expression is only known to its parser: see `readRegex`. */
export function readToken(text: string, from: number): Token {
  const offset = from + matchLength(SPACE, text, from);
  if (offset >= text.length) return { kind: 'end', offset: text.length, end: text.length };
  const char = text[offset];
  if (char === "'" || char === '"') return readString(text, offset, char);
  const word = matchLength(WORD, text, offset);
  if (word > 0) return { kind: 'word', text: text.slice(offset, offset + word), offset, end: offset + word };
  const digits = matchLength(NUMBER, text, offset);
  if (digits > 0) return readNumber(text, offset, offset + digits);
  const symbol = matchLength(SYMBOL, text, offset);
  if (symbol > 0)
    return { kind: 'symbol', text: text.slice(offset, offset + symbol), offset, end: offset + symbol };
  const end = offset + Math.max(1, matchLength(UNKNOWN_RUN, text, offset));
  return { kind: 'bad', message: null, offset, end };
}

/** Reads `/body/flags` at or after `from`; a `/` inside the body is written `\/`. Null when there is none. */
export function readRegex(text: string, from: number): RegexToken | null {
  const offset = from + matchLength(SPACE, text, from);
  if (text[offset] !== '/') return null;
  let at = offset + 1;
  while (at < text.length && text[at] !== '/' && text[at] !== '\n') at += text[at] === '\\' ? 2 : 1;
  if (text[at] !== '/') return null;
  const flags = matchLength(FLAGS, text, at + 1);
  return {
    source: text.slice(offset + 1, at),
    flags: text.slice(at + 1, at + 1 + flags),
    offset,
    end: at + 1 + flags,
  };
}

function readString(text: string, offset: number, quote: string): Token {
  const close = text.indexOf(quote, offset + 1);
  if (close < 0) return { kind: 'bad', message: 'text is not closed', offset, end: text.length };
  return { kind: 'string', value: text.slice(offset + 1, close), offset, end: close + 1 };
}

function readNumber(text: string, offset: number, end: number): Token {
  // Adding zero turns -0 into 0, which is how it is printed.
  const value = Number(text.slice(offset, end)) + 0;
  if (!Number.isFinite(value)) return { kind: 'bad', message: 'number is too large', offset, end };
  return { kind: 'number', value, offset, end };
}

function matchLength(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex - at : 0;
}

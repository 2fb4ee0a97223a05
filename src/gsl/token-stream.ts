import { oneLine } from '../text/hidden-characters.ts';
import type { DiagnosticCode } from './diagnostics.ts';
import { type RegexToken, readRegex, readToken, type Token } from './lexer.ts';

/** Deepest nesting of a rule; real rules stay below 10. Keeps every later walk of the tree off the stack's end. */
export const MAX_DEPTH = 100;

/** Why a text is no rule; thrown and caught inside the parser only. */
export class ParseFailure extends Error {
  readonly code: DiagnosticCode;
  readonly offset: number;
  readonly expected: readonly string[];
  constructor(code: DiagnosticCode, message: string, offset: number, expected: readonly string[] = []) {
    super(message);
    this.code = code;
    this.offset = offset;
    this.expected = expected;
  }
}

/** The tokens of one text with one token of lookahead; lives as long as one parse. */
export class TokenStream {
  readonly text: string;
  private current: Token;
  private next: Token | null = null;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
    this.current = readToken(text, 0);
  }

  get token(): Token {
    return this.current;
  }

  /** The token after the current one. */
  peek(): Token {
    this.next ??= readToken(this.text, this.current.end);
    return this.next;
  }

  advance(): void {
    this.current = this.next ?? readToken(this.text, this.current.end);
    this.next = null;
  }

  isWord(word: string): boolean {
    return this.current.kind === 'word' && this.current.text === word;
  }

  isSymbol(symbol: string): boolean {
    return this.current.kind === 'symbol' && this.current.text === symbol;
  }

  /** Consumes the word when it is the current token. */
  takeWord(word: string): boolean {
    if (!this.isWord(word)) return false;
    this.advance();
    return true;
  }

  takeSymbol(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false;
    this.advance();
    return true;
  }

  need(symbol: string, context: string): void {
    if (!this.takeSymbol(symbol)) this.fail([`\`${symbol}\``], context);
  }

  /** Replaces the current token by the regular expression that begins there. */
  takeRegex(): RegexToken | null {
    const regex = readRegex(this.text, this.current.offset);
    if (regex === null) return null;
    this.current = readToken(this.text, regex.end);
    this.next = null;
    return regex;
  }

  /** Runs `parse` one level deeper. */
  nested<T>(parse: () => T): T {
    if (++this.depth > MAX_DEPTH) throw tooDeep(this.current.offset);
    const result = parse();
    this.depth--;
    return result;
  }

  /** `expected`: ready for reading, e.g. `` `should` `` or `a value`. */
  fail(expected: readonly string[], context = ''): never {
    const token = this.current;
    if (token.kind === 'bad' && token.message !== null) {
      throw new ParseFailure('syntax', token.message, token.offset, expected);
    }
    // Where a value could not stand either, strange characters are somebody's idea of an operator.
    if (token.kind === 'bad' && /^(?:`|an operator)/.test(expected[0] ?? '')) {
      throw new ParseFailure(
        'unknown-operator',
        `unknown operator ${this.describe(token)}`,
        token.offset,
        expected,
      );
    }
    const message = `expected ${orList(expected)}${context}, found ${this.describe(token)}`;
    throw new ParseFailure('syntax', message, token.offset, expected);
  }

  /** The token as a message may show it: one line, not too long. */
  describe(token: Token): string {
    if (token.kind === 'end') return 'the end of the rule';
    const source = this.text.slice(token.offset, token.end);
    return `\`${oneLine(source.length > 40 ? `${source.slice(0, 40)}...` : source)}\``;
  }
}

export function tooDeep(offset: number): ParseFailure {
  return new ParseFailure('too-complex', `the rule nests more than ${MAX_DEPTH} levels deep`, offset);
}

function orList(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} or ${items.at(-1)}`;
}

/** Thrown where a text is left to the library. */
export class NotPlain extends Error {}

export const FEED = 0x0a;
export const SPACE = 0x20;
const HASH = 0x23;
const COLON = 0x3a;
const DASH = 0x2d;

/** What no plain scalar begins with here: the indicators of YAML (https://yaml.org/spec/1.2.2/#53-indicator-characters). */
const INDICATORS: ReadonlySet<number> = new Set(Buffer.from('?:,[]{}#&*!|>\'"%@`'));

/**
 * YAML as lines whose beginnings are told by their indentation: walks from one to the next and reads what stands in them.
 * The text has neither tabs nor carriage returns, and ends with a line feed.
 */
export class PlainLines {
  readonly text: string;
  /** Where reading goes on. */
  at = 0;
  /** Column of the first character of the line, or of what follows a dash in it; -1 behind the last line. */
  indent = -1;
  private lineStart = 0;

  constructor(text: string) {
    this.text = text;
    this.seek(0);
  }

  /** The code of the character at hand, or of one behind it. */
  code(ahead = 0): number {
    return this.text.charCodeAt(this.at + ahead);
  }

  get isDash(): boolean {
    if (this.code() !== DASH) return false;
    const next = this.code(1);
    return next === SPACE || next === FEED;
  }

  /** Moves on to what follows in the line, and tells whether anything does but a comment. */
  skipSpaces(): boolean {
    const from = this.at;
    while (this.code() === SPACE) this.at++;
    const code = this.code();
    if (code === FEED) return false;
    if (code === HASH) {
      if (this.at === from) throw new NotPlain();
      return false;
    }
    return true;
  }

  /** Steps over a dash; what follows it in the line counts as a line of its own. */
  skipDash(): boolean {
    this.at++;
    const isFollowed = this.skipSpaces();
    if (isFollowed) this.indent = this.at - this.lineStart;
    return isFollowed;
  }

  /** Ends the line at hand, in which nothing but a comment may follow. */
  endLine(): void {
    if (this.skipSpaces()) throw new NotPlain();
    this.nextLine();
  }

  /** Moves to the next line that holds more than a comment. */
  nextLine(): void {
    this.seek(this.text.indexOf('\n', this.at) + 1);
  }

  /** Moves to the first such line from the beginning of a line on. */
  seek(start: number): void {
    const { text } = this;
    for (let begin = start; begin < text.length; begin = text.indexOf('\n', begin) + 1) {
      let at = begin;
      while (text.charCodeAt(at) === SPACE) at++;
      const code = text.charCodeAt(at);
      if (code === FEED || code === HASH) continue;
      this.lineStart = begin;
      this.at = at;
      this.indent = at - begin;
      return;
    }
    this.at = text.length;
    this.indent = -1;
  }

  /** Where a plain scalar ends that begins here, at most with its line; the colon behind a key ends it too. */
  plainEnd(isInFlow: boolean): number {
    const { text } = this;
    if (INDICATORS.has(this.code())) throw new NotPlain();
    if (this.code() === DASH) {
      const next = this.code(1);
      if (this.isDash || next === DASH || (isInFlow && isFlowEnd(next))) throw new NotPlain();
    }
    if (this.at === this.lineStart && text.startsWith('...', this.at)) throw new NotPlain();
    let end = this.at;
    for (let at = this.at; ; at++) {
      const code = text.charCodeAt(at);
      if (code === FEED) return end;
      if (code === HASH && end < at) return end;
      if (code === COLON) {
        const next = text.charCodeAt(at + 1);
        if (next === SPACE || next === FEED) {
          // A blank in front of the colon of a key is left to the library.
          if (end < at) throw new NotPlain();
          return end;
        }
        if (isInFlow && isFlowEnd(next)) throw new NotPlain();
      } else if (isInFlow && isFlowEnd(code)) return end;
      if (code !== SPACE) end = at + 1;
    }
  }
}

/** True for a character that ends a plain scalar inside brackets. */
function isFlowEnd(code: number): boolean {
  return code === 0x2c || code === 0x5b || code === 0x5d || code === 0x7b || code === 0x7d;
}

import { MAX_DEPTH, MAX_LEXEME } from '../reader.ts';
import { LoneScalar } from './lone-scalar.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A limit that the bytes break, and where. */
export interface LimitBreak {
  /** `syntax`: a document begins where the one before has not ended with a blank. */
  readonly reason: 'too-deep' | 'too-long' | 'syntax';
  /** Index into the scanned bytes at which reading must stop. */
  readonly index: number;
  /** Offset to report. */
  readonly offset: number;
}

/**
 * Finds where lexemes begin: the n-th string, number, literal, `{` or `[` of the bytes is what the parser turns
 * into its n-th token that is not an end. JSON's structure is ASCII, so no decoding is needed. The scanner
 * checks no grammar; it holds the limits that keep a parser's memory bounded.
 */
export class LexemeScanner {
  depth = 0;
  inString = false;
  private escaped = false;
  private inScalar = false;
  private readonly lone = new LoneScalar();
  private lexemeStart = 0;
  private starts: number[] = [];
  private head = 0;

  /** `base` is the offset of the first of these bytes. */
  scan(bytes: Uint8Array, base: number): LimitBreak | null {
    const end = bytes.length;
    let index = 0;
    while (index < end) {
      if (this.inString) {
        index = this.skipString(bytes, index);
        if (index < 0) break;
        if (base + index - this.lexemeStart > MAX_LEXEME) return this.tooLong(index);
        continue;
      }
      const byte = bytes[index] as number;
      switch (byte) {
        case 0x20:
        case 0x0a:
        case 0x0d:
        case 0x09:
        case 0x2c: // ,
        case 0x3a: // :
          this.inScalar = false;
          break;
        case QUOTE:
          this.inScalar = false;
          this.inString = true;
          this.begin(base + index);
          break;
        case 0x7b: // {
        case 0x5b: // [
          this.inScalar = false;
          if (this.depth === MAX_DEPTH) return { reason: 'too-deep', index, offset: base + index };
          this.depth++;
          this.begin(base + index);
          break;
        case 0x7d: // }
        case 0x5d: // ]
          this.inScalar = false;
          this.depth--;
          break;
        default:
          if (!this.inScalar) {
            this.inScalar = true;
            this.begin(base + index);
            this.lone.begin(byte);
          } else if (this.depth === 0 && !this.lone.goesOn(byte)) {
            return { reason: 'syntax', index, offset: base + index };
          } else if (base + index - this.lexemeStart > MAX_LEXEME) {
            return this.tooLong(index);
          }
      }
      index++;
    }
    // Also checked here, so that an endless string is refused before the parser has gathered it.
    return this.inString && base + end - this.lexemeStart > MAX_LEXEME ? this.tooLong(end) : null;
  }

  /** The offset of the next lexeme, in order; call once for every token that is not an end. */
  next(): number {
    const start = this.starts[this.head] as number;
    this.head++;
    if (this.head === this.starts.length) {
      this.starts = [];
      this.head = 0;
    }
    return start;
  }

  /** Nobody will ask for the lexemes so far. */
  forget(): void {
    this.starts.length = 0;
    this.head = 0;
  }

  private begin(offset: number): void {
    this.lexemeStart = offset;
    this.starts.push(offset);
  }

  private tooLong(index: number): LimitBreak {
    return { reason: 'too-long', index, offset: this.lexemeStart };
  }

  /** Index after the closing quote, or -1 when the string goes on after these bytes. */
  private skipString(bytes: Uint8Array, from: number): number {
    let escaped = this.escaped;
    for (let index = from; index < bytes.length; index++) {
      const byte = bytes[index];
      if (escaped) {
        escaped = false;
      } else if (byte === BACKSLASH) {
        escaped = true;
      } else if (byte === QUOTE) {
        this.escaped = false;
        this.inString = false;
        return index + 1;
      }
    }
    this.escaped = escaped;
    return -1;
  }
}

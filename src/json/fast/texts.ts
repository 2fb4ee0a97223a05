import { TextDecoder } from 'node:util';
import { jsonParser } from 'stream-json/core/parser.js';
import { CompactWriter, compactJson, END_PADDING } from '../compact.ts';
import { MAX_DEPTH, MAX_FIELD } from '../reader.ts';
import {
  type Scanner,
  type ScannerExports,
  TEXT_ASCII,
  TEXT_FRESH,
  TEXT_KNOWN,
  TEXT_UTF8,
} from './scanner.ts';
import { ShortTexts } from './short-texts.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Set in what `compact` returns when there are bytes above ASCII. */
const HIGH = 1 << 30;

/** Turns bytes in the scanner's memory, proved to be JSON, into the text that elements are handed out with. */
export class FieldTexts {
  private readonly memory: WebAssembly.Memory;
  private readonly scanner: ScannerExports;
  private bytes: Buffer;
  /** By the slots of the scanner's memo. */
  private readonly known: string[] = [];
  private readonly short = new ShortTexts();

  constructor({ memory, exports }: Scanner) {
    this.memory = memory;
    this.scanner = exports;
    this.bytes = Buffer.from(memory.buffer);
  }

  /** The memory has grown. */
  renew(): void {
    this.bytes = Buffer.from(this.memory.buffer);
  }

  /** Null when the text is too long; `how` comes from the scanner's event. */
  field(how: number, start: number, end: number): string | null {
    switch (how & 0xff) {
      case TEXT_ASCII:
        return this.bytes.toString('latin1', start, end);
      case TEXT_UTF8:
        return this.bytes.toString('utf8', start, end);
      case TEXT_KNOWN:
        return this.known[how >> 8] as string;
      case TEXT_FRESH: {
        const text = this.value(start, end);
        this.known[how >> 8] = text;
        return text;
      }
      default: {
        if (end - start <= this.scanner.SHORT.value) return this.value(start, end);
        const long = new LongField();
        long.push(this.bytes.subarray(start, end));
        return long.end();
      }
    }
  }

  /** Any value as compact JSON; no longer than the scanner's SHORT. */
  value(start: number, end: number): string {
    const first = this.bytes[start];
    if (first === QUOTE || (first !== 0x7b && first !== 0x5b)) return this.scalar(start, end);
    const result = this.scanner.compact(start, end);
    const slashes = result < 0;
    const length = slashes ? ~result : result;
    const from = this.scanner.SCRATCH_AT.value;
    const to = from + (length & ~HIGH);
    const text =
      (length & HIGH) !== 0 ? this.bytes.toString('utf8', from, to) : this.bytes.toString('latin1', from, to);
    return slashes ? rewritten(text) : text;
  }

  /** A string, number or literal of any length as JSON. */
  scalar(start: number, end: number): string {
    const text = this.short.of(this.bytes, start, end);
    return text.includes('\\') ? JSON.stringify(JSON.parse(text)) : text;
  }

  /** What a key says. */
  key(start: number, end: number): string {
    const text = this.short.of(this.bytes, start, end);
    return text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text;
  }

  /** Index of the byte behind the string that `at` lies in; -1 when it does not end before `end`. */
  stringEnd(at: number, end: number): number {
    let skip = false;
    for (let index = at; index < end; index++) {
      if (skip) skip = false;
      else if (this.bytes[index] === BACKSLASH) skip = true;
      else if (this.bytes[index] === QUOTE) return index + 1;
    }
    return -1;
  }
}

/** Writes the strings as JSON.stringify does, and keeps repeated members, which JSON.parse would not. */
function rewritten(json: string): string {
  const result = compactJson(json, MAX_DEPTH);
  if (!result.ok) throw new Error(`a value that was proved to be JSON is not: ${result.reason}`);
  return result.text;
}

/** A field too long to be kept in one piece: written as its bytes come in. */
export class LongField {
  private readonly writer = new CompactWriter(MAX_FIELD);
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  private readonly parse = jsonParser({ packValues: true, streamValues: false });

  push(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; from += LONG_PIECE) {
      this.write(this.decoder.decode(bytes.subarray(from, from + LONG_PIECE), { stream: true }));
    }
  }

  /** Null when the text is longer than MAX_FIELD. */
  end(): string | null {
    this.write(END_PADDING);
    return this.writer.overflow ? null : this.writer.text;
  }

  private write(text: string): void {
    const tokens = this.parse(text);
    if (typeof tokens !== 'object') return;
    for (const token of tokens.values) this.writer.accept(token);
  }
}

/** The parser's tokens for one piece are held in memory together. */
const LONG_PIECE = 64 * 1024;

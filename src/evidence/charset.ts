import { isAscii, isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';

export type Charset = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** What the first bytes of a text say of its encoding. `mark` is the length of the byte order mark, 0 without one. */
export function charsetOf(head: Uint8Array): { readonly charset: Charset; readonly mark: 0 | 2 | 3 } {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { charset: 'utf-8', mark: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { charset: 'utf-16le', mark: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { charset: 'utf-16be', mark: 2 };
  const unmarked = unmarkedUtf16(head.subarray(0, 8));
  if (unmarked !== null) return { charset: unmarked, mark: 0 };
  return { charset: 'utf-8', mark: 0 };
}

/** ASCII in UTF-16 has a zero in every second byte, which no other text and hardly any binary format has. */
function unmarkedUtf16(head: Uint8Array): Charset | null {
  if (head.length < 8) return null;
  const even = head.filter((_, at) => at % 2 === 0);
  const odd = head.filter((_, at) => at % 2 === 1);
  const isText = (byte: number) => byte >= 0x09 && byte < 0x7f;
  const isZero = (byte: number) => byte === 0;
  if (even.every(isText) && odd.every(isZero)) return 'utf-16le';
  return even.every(isZero) && odd.every(isText) ? 'utf-16be' : null;
}

/** Turns text into UTF-8 bytes and counts what is not text in its charset. */
export interface Transcoder {
  readonly charset: Charset;
  readonly invalid: number;
  /** True when what `push` returned last is known to be ASCII. */
  readonly ascii: boolean;
  push(bytes: Uint8Array): Uint8Array;
  end(): Uint8Array;
}

export function createTranscoder(charset: Charset): Transcoder {
  return charset === 'utf-8' ? new Utf8OrWindows() : new Decoder(charset);
}

const NOTHING = new Uint8Array(0);

/** For bytes that are no text. */
export const NO_TRANSCODER: Transcoder = {
  charset: 'utf-8',
  invalid: 0,
  ascii: false,
  push: (bytes) => bytes,
  end: () => NOTHING,
};

const REPLACEMENT = Buffer.from('\ufffd');

/**
 * Takes text for UTF-8 unless its first byte outside ASCII says otherwise: where that begins no UTF-8 sequence, but is a
 * character of Windows-1252, which the AWS CLI writes on Windows, all of the text is taken for that.
 */
class Utf8OrWindows implements Transcoder {
  ascii = false;
  private chosen: Transcoder | null = null;
  /** Up to three bytes that begin with the first one outside ASCII. */
  private held: Uint8Array = NOTHING;
  /** True when the text holds a zero byte, so that it is none. */
  private binary = false;

  get charset(): Charset {
    return this.chosen?.charset ?? 'utf-8';
  }

  get invalid(): number {
    return this.chosen?.invalid ?? 0;
  }

  push(bytes: Uint8Array): Uint8Array {
    if (this.chosen !== null) return this.chosen.push(bytes);
    const data = this.held.length === 0 ? bytes : Buffer.concat([this.held, bytes]);
    this.ascii = isAscii(data);
    if (this.ascii) {
      this.binary ||= data.includes(0);
      return data;
    }
    const first = data.findIndex((byte) => byte >= 0x80);
    this.binary ||= data.subarray(0, first).includes(0);
    if (data.length - first < 4) {
      this.held = new Uint8Array(data.subarray(first));
      return data.subarray(0, first);
    }
    return this.choose(data, first);
  }

  end(): Uint8Array {
    if (this.chosen === null && this.held.length === 0) return NOTHING;
    const rest = this.chosen === null ? Buffer.from(this.choose(this.held, 0)) : NOTHING;
    return Buffer.concat([rest, (this.chosen as unknown as Transcoder).end()]);
  }

  private choose(data: Uint8Array, first: number): Uint8Array {
    const begin = data.subarray(first, first + 4);
    const windows = !this.binary && isWindowsCharacter(data[first] as number) && !beginsUtf8(begin);
    this.chosen = windows ? new Decoder('windows-1252') : new Utf8Counter();
    this.held = NOTHING;
    return this.chosen.push(data);
  }
}

function isWindowsCharacter(byte: number): boolean {
  return byte >= 0x80 && ![0x81, 0x8d, 0x8f, 0x90, 0x9d].includes(byte);
}

/** True when the first character is one of UTF-8, or the beginning of one that is cut. */
function beginsUtf8(bytes: Uint8Array): boolean {
  for (let length = 2; length <= bytes.length; length++) if (isUtf8(bytes.subarray(0, length))) return true;
  return openSequence(bytes) === bytes.length;
}

/**
 * Passes UTF-8 on as it is, so that byte offsets stay those of the evidence, and counts the malformed
 * sequences that a decoder will replace.
 */
class Utf8Counter implements Transcoder {
  readonly charset = 'utf-8';
  readonly ascii = false;
  invalid = 0;
  private carry: Uint8Array = NOTHING;

  push(bytes: Uint8Array): Uint8Array {
    const data = this.carry.length === 0 ? bytes : Buffer.concat([this.carry, bytes]);
    const whole = data.length - openSequence(data);
    const body = data.subarray(0, whole);
    if (!isUtf8(body)) this.invalid += countInvalid(body);
    this.carry = new Uint8Array(data.subarray(whole));
    return bytes;
  }

  end(): Uint8Array {
    this.invalid += countInvalid(this.carry);
    this.carry = NOTHING;
    return NOTHING;
  }
}

class Decoder implements Transcoder {
  readonly charset: Charset;
  readonly ascii = false;
  invalid = 0;
  private readonly decoder: TextDecoder;

  constructor(charset: Charset) {
    this.charset = charset;
    this.decoder = new TextDecoder(charset, { ignoreBOM: true });
  }

  push(bytes: Uint8Array): Uint8Array {
    return this.encode(this.decoder.decode(bytes, { stream: true }));
  }

  end(): Uint8Array {
    return this.encode(this.decoder.decode());
  }

  private encode(text: string): Uint8Array {
    for (let at = text.indexOf('\ufffd'); at >= 0; at = text.indexOf('\ufffd', at + 1)) this.invalid++;
    return Buffer.from(text);
  }
}

/** How many bytes at the end begin a UTF-8 sequence that may go on. */
function openSequence(data: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= data.length; back++) {
    const byte = data[data.length - back] as number;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return back < length ? back : 0;
    }
  }
  return 0;
}

function countInvalid(body: Uint8Array): number {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(body);
  let count = 0;
  for (let at = text.indexOf('\ufffd'); at >= 0; at = text.indexOf('\ufffd', at + 1)) count++;
  // A U+FFFD that the evidence itself spells out is valid.
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
  for (let at = bytes.indexOf(REPLACEMENT); at >= 0; at = bytes.indexOf(REPLACEMENT, at + 3)) count--;
  return count;
}

import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';

export type Charset = 'utf-8' | 'utf-16le' | 'utf-16be';

/** What the first bytes of a text say of its encoding. `mark` is the length of the byte order mark. */
export function charsetOf(head: Uint8Array): { readonly charset: Charset; readonly mark: 0 | 2 | 3 } {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { charset: 'utf-8', mark: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { charset: 'utf-16le', mark: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { charset: 'utf-16be', mark: 2 };
  return { charset: 'utf-8', mark: 0 };
}

/** Turns text into UTF-8 bytes and counts what is not text in its charset. */
export interface Transcoder {
  readonly invalid: number;
  push(bytes: Uint8Array): Uint8Array;
  end(): Uint8Array;
}

export function createTranscoder(charset: Charset): Transcoder {
  return charset === 'utf-8' ? new Utf8Counter() : new Utf16Decoder(charset);
}

const NOTHING = new Uint8Array(0);
const REPLACEMENT = Buffer.from('\ufffd');

/**
 * Passes UTF-8 on as it is, so that byte offsets stay those of the evidence, and counts the malformed
 * sequences that a decoder will replace.
 */
class Utf8Counter implements Transcoder {
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

class Utf16Decoder implements Transcoder {
  invalid = 0;
  private readonly decoder: TextDecoder;

  constructor(charset: Charset) {
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

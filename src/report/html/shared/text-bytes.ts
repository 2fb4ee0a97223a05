/**
 * Bytes as printable ASCII that may stand in a script element: two characters for 13 or 14 bits, which makes
 * text of 1.23 times the bytes where base64 makes 1.33.
 */

/** Printable ASCII without the three characters that mean something in HTML. */
const ALPHABET = Array.from({ length: 94 }, (_, n) => String.fromCharCode(33 + n))
  .filter((character) => !'<>&'.includes(character))
  .join('');
const BASE = ALPHABET.length;
/** Two characters tell 8,281 values: these more than 13 bits do, so as many values take a 14th bit. */
const SPARE = BASE * BASE - 2 ** 13;
const LOW = 2 ** 13 - 1;
const CODES = Uint8Array.from(ALPHABET, (character) => character.charCodeAt(0));
const LATIN1 = new TextDecoder('latin1');

const VALUES = new Int8Array(128).fill(-1);
CODES.forEach((code, value) => {
  VALUES[code] = value;
});

/** Takes bytes in pieces of any size; the text does not depend on the sizes. */
export class TextOfBytes {
  /** Bits that are not written yet, the next one lowest. */
  private bits = 0;
  private count = 0;

  add(bytes: Uint8Array): string {
    const codes = new Uint8Array(2 * Math.ceil((this.count + 8 * bytes.length) / 13));
    let length = 0;
    for (const byte of bytes) {
      this.bits |= byte << this.count;
      this.count += 8;
      if (this.count <= 13) continue;
      const taken = (this.bits & LOW) < SPARE ? 14 : 13;
      const value = this.bits & (2 ** taken - 1);
      this.bits >>>= taken;
      this.count -= taken;
      codes[length] = CODES[value % BASE] ?? 0;
      codes[length + 1] = CODES[Math.floor(value / BASE)] ?? 0;
      length += 2;
    }
    return LATIN1.decode(codes.subarray(0, length));
  }

  /** What is left over: up to 13 bits, in one character where it holds them all. */
  end(): string {
    if (this.count === 0) return '';
    const low = ALPHABET[this.bits % BASE] ?? '';
    return this.count > 7 || this.bits >= BASE ? low + (ALPHABET[Math.floor(this.bits / BASE)] ?? '') : low;
  }
}

/** The other direction, from text in pieces of any size; line ends are passed over. */
export class BytesOfText {
  private bits = 0;
  private count = 0;
  /** Value of the first character of a pair; -1 between pairs. */
  private first = -1;

  /** @throws when a character is none of the alphabet. */
  add(text: string): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(text.length + 1);
    let length = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 10 || code === 13) continue;
      const value = VALUES[code] ?? -1;
      if (value === -1) throw new Error('the data of this page is damaged');
      if (this.first === -1) {
        this.first = value;
        continue;
      }
      const pair = this.first + value * BASE;
      this.first = -1;
      this.bits |= pair << this.count;
      this.count += (pair & LOW) < SPARE ? 14 : 13;
      for (; this.count > 7; this.count -= 8) {
        bytes[length] = this.bits & 0xff;
        length += 1;
        this.bits >>>= 8;
      }
    }
    return bytes.subarray(0, length);
  }

  /** The last byte, where a character of its own holds it. */
  end(): Uint8Array<ArrayBuffer> {
    return this.first === -1 ? new Uint8Array(0) : Uint8Array.of(this.bits | (this.first << this.count));
  }
}

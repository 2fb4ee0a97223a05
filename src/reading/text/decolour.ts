// Control sequences of terminals: ECMA-48, and the short ones that pagers begin and end with.
const SEQUENCE = new RegExp(
  `${String.fromCharCode(0x1b)}(?:\\[[0-?]*[ -/]*[@-~]|[@-Z\\\\-_=>]|\\([A-Z0-9])`,
  'g',
);

/** Writes a blank for every character of a control sequence, so that all else keeps its place. */
export function withoutColours(text: string): string {
  return text.replace(SEQUENCE, (sequence) => ' '.repeat(sequence.length));
}

const ESCAPE = 0x1b;
const BLANK = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Blanks control sequences between the tokens of JSON; inside a string they are not JSON and stay. */
export class Decolour {
  private inString = false;
  private escaped = false;
  /** Where in a sequence the bytes so far end: behind the escape character, in its parameters, before its last byte. */
  private state: 'text' | 'escape' | 'parameters' | 'last' = 'text';

  /** A copy of the bytes. */
  push(bytes: Uint8Array): Uint8Array {
    const out = new Uint8Array(bytes);
    for (let index = 0; index < out.length; index++) {
      const byte = out[index] as number;
      if (this.state !== 'text') {
        out[index] = BLANK;
        this.state = this.after(byte);
      } else if (this.inString) {
        if (this.escaped) this.escaped = false;
        else if (byte === BACKSLASH) this.escaped = true;
        else if (byte === QUOTE) this.inString = false;
      } else if (byte === QUOTE) {
        this.inString = true;
      } else if (byte === ESCAPE) {
        out[index] = BLANK;
        this.state = 'escape';
      }
    }
    return out;
  }

  private after(byte: number): Decolour['state'] {
    if (this.state === 'escape') {
      if (byte === 0x5b) return 'parameters';
      return byte === 0x28 ? 'last' : 'text';
    }
    return this.state === 'parameters' && byte < 0x40 ? 'parameters' : 'text';
  }
}

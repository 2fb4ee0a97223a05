import type { FileProblem } from '../../model/file-problem.ts';
import type { Text } from '../evidence-text.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ESCAPES: ReadonlyMap<number, number> = new Map(
  Object.entries({ b: 8, f: 12, n: 10, r: 13, t: 9, '"': QUOTE, '\\': BACKSLASH, '/': 0x2f }).map(
    ([letter, byte]) => [letter.charCodeAt(0), byte],
  ),
);

/** True for a text that is JSON in one JSON string. */
export function isStringOfJson(prefix: Uint8Array): boolean {
  const text = Buffer.from(prefix.subarray(0, 4096)).toString('latin1');
  return /^\s*"(?:\\[nrt]|\s)*[{[]/.test(text);
}

/** Gives what a text says that is one JSON string and nothing else. */
class Unstring {
  /** True when something else than white space follows the string, or an escape in it is none. */
  broken = false;
  private state: 'before' | 'inside' | 'behind' = 'before';
  /** The escape that is open, without its backslash; null outside of one. */
  private open: number[] | null = null;
  /** The first half of a character outside the basic plane. */
  private high: number | null = null;

  /** True when the string has its end. */
  get ended(): boolean {
    return this.state === 'behind';
  }

  push(bytes: Uint8Array): Uint8Array {
    // An escape of six bytes becomes at most three, and two of them at most four.
    const out = new Uint8Array(bytes.length + 8);
    let length = 0;
    const put = (added: Uint8Array | readonly number[]) => {
      out.set(added, length);
      length += added.length;
    };
    for (const byte of bytes) {
      if (this.state !== 'inside') {
        if (byte === QUOTE && this.state === 'before') this.state = 'inside';
        else if (byte > 0x20) this.broken = true;
      } else if (this.open !== null) {
        put(this.escaped(this.open, byte));
      } else if (byte === BACKSLASH) {
        this.open = [];
      } else if (byte === QUOTE) {
        this.state = 'behind';
      } else {
        out[length++] = byte;
      }
    }
    return out.subarray(0, length);
  }

  private escaped(digits: number[], byte: number): Uint8Array | readonly number[] {
    const [kind] = digits;
    if (kind === undefined && byte !== 0x75) {
      this.open = null;
      const meant = ESCAPES.get(byte);
      this.broken ||= meant === undefined;
      return meant === undefined ? [] : [meant];
    }
    digits.push(byte);
    if (digits.length < 5) return [];
    this.open = null;
    const text = String.fromCharCode(...digits.slice(1));
    if (!/^[0-9a-f]{4}$/i.test(text)) {
      this.broken = true;
      return [];
    }
    return this.character(Number.parseInt(text, 16));
  }

  private character(code: number): Uint8Array | readonly number[] {
    const { high } = this;
    this.high = null;
    if (code >= 0xd800 && code < 0xdc00) {
      this.high = code;
      return [];
    }
    const isLow = code >= 0xdc00 && code < 0xe000;
    return Buffer.from(high !== null && isLow ? String.fromCharCode(high, code) : String.fromCharCode(code));
  }
}

/** The text inside of a text that is one JSON string. */
export function unstrung(
  prefix: Uint8Array,
  outer: Text,
): { readonly first: Uint8Array; readonly text: Text } {
  const inside = new Unstring();
  const first = inside.push(prefix);
  const next: Text['next'] = async () => {
    const bytes = await outer.next();
    return bytes === null ? null : inside.push(bytes);
  };
  const finish = async () => {
    const end = await outer.finish();
    const message = 'the export is one JSON string; what it says was read, and offsets count bytes of that';
    const problems: FileProblem[] = [{ code: 'text-skipped', message }];
    if (!inside.ended) {
      problems.push({
        code: 'json-truncated',
        message: 'the JSON string has no end; transfer the file again',
      });
    } else if (inside.broken) {
      problems.push({
        code: 'json-malformed',
        message: 'something else follows the JSON string, or is in it',
      });
    }
    const isCut = problems.length > 1;
    return { ...end, problems: [...end.problems, ...problems], truncated: end.truncated || isCut };
  };
  return { first, text: { next, finish, start: 0, close: outer.close } };
}

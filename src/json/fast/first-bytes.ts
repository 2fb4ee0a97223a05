import type { JsonType } from '../reader.ts';

const BLANK = 0x20;

/** The type of a JSON value, by its first byte. */
export function typeOf(first: number): JsonType {
  switch (first) {
    case 0x7b:
      return 'object';
    case 0x5b:
      return 'array';
    case 0x22:
      return 'string';
    case 0x74:
    case 0x66:
      return 'boolean';
    case 0x6e:
      return 'null';
    default:
      return 'number';
  }
}

/** Where a scan stands: how many arrays and objects are open, and whether in a string, behind a backslash. */
export interface ScanState {
  readonly depth: number;
  readonly quoted: boolean;
  readonly escaped: boolean;
}

/** Address of the first value outside all arrays and objects that is none itself; -1 when there is none. */
export function topScalar(memory: Uint8Array, start: number, end: number, state: ScanState): number {
  let { depth, quoted, escaped } = state;
  for (let at = start; at < end; at++) {
    const byte = memory[at] as number;
    if (quoted) {
      if (escaped) escaped = false;
      else if (byte === 0x5c) escaped = true;
      else if (byte === 0x22) quoted = false;
    } else if (byte === 0x7b || byte === 0x5b) {
      depth++;
    } else if (byte === 0x7d || byte === 0x5d) {
      depth--;
    } else if (depth <= 0 && byte > BLANK) {
      return depth < 0 || byte === 0x2c || byte === 0x3a ? -1 : at;
    } else if (byte === 0x22) {
      quoted = true;
    }
  }
  return -1;
}

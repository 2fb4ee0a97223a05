import { parseUnique } from '../text/unique-json.ts';

/** Bytes. What is longer is no element of which anything is kept. */
export const MAX_ELEMENT = 1024 * 1024;
/** A reader may tell of an element's end some bytes after it. */
const SLACK = 256 * 1024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/** What a reader was given last, so that an element it has handed out can be looked at once more. */
export interface ElementTexts {
  /**
   * The value of the element at an offset, or at a place that the texts gave out. Undefined when it is longer than
   * MAX_ELEMENT or no longer there, and when an object in it names a key twice, since readers differ in which of the two
   * they take.
   */
  valueAt(place: number): unknown;
  /** Keeps what stands from an offset on; null: no longer. False where only what was given last can be looked at. */
  keepFrom(offset: number | null): boolean;
  /** What was given last goes. */
  release(): void;
}

interface Piece {
  readonly start: number;
  readonly bytes: Buffer;
}

/**
 * The text that a reader was given last, so that an element it has handed out can be looked at once more. The bytes just
 * pushed are not copied as long as they are the caller's; of those before, what a later look may ask for.
 */
export class ElementWindow implements ElementTexts {
  private pieces: Piece[] = [];
  private current: Piece | null = null;
  private end: number;
  /** Offset of the last element that was handed out: the next one begins behind it. */
  private last = 0;
  /** Elements from this offset on are asked for later. */
  private kept = Number.POSITIVE_INFINITY;

  private readonly form: () => ElementEnd;

  /**
   * @param start offset of the first byte pushed
   * @param form how its elements are written
   */
  constructor(start: number, form: () => ElementEnd = () => new JsonEnd()) {
    this.end = start;
    this.form = form;
  }

  /** Valid until `release`. */
  push(bytes: Uint8Array): void {
    this.release();
    this.current = {
      start: this.end,
      bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
    };
    this.end += bytes.length;
  }

  /** An element, or the last of several rows, was handed out. */
  handedOut(offset: number): void {
    this.last = Math.max(this.last, offset);
  }

  keepFrom(offset: number | null): boolean {
    this.kept = offset ?? Number.POSITIVE_INFINITY;
    return true;
  }

  /** The caller is about to take the bytes pushed last away. */
  release(): void {
    const { current } = this;
    if (current === null) return;
    this.current = null;
    const from = Math.min(this.kept, Math.max(this.last, this.end - MAX_ELEMENT - SLACK));
    this.pieces = this.pieces.filter(({ start, bytes }) => start + bytes.length > from);
    const skip = Math.max(0, from - current.start);
    if (skip >= current.bytes.length) return;
    // A copy in ordinary memory, whatever the bytes lie in.
    const copy = Buffer.allocUnsafeSlow(current.bytes.length - skip);
    current.bytes.copy(copy, 0, skip);
    this.pieces.push({ start: current.start + skip, bytes: copy });
  }

  valueAt(offset: number): unknown {
    const { current } = this;
    const skip = this.form();
    if (current !== null && offset >= current.start) {
      const start = offset - current.start;
      const value = this.parsed(skip, [], current.bytes, start);
      return value === GOES_ON ? undefined : value;
    }
    const before: Buffer[] = [];
    for (const { start, bytes } of this.pieces) {
      if (start + bytes.length <= offset) continue;
      if (before.length === 0 && start > offset) return undefined;
      const value = this.parsed(skip, before, bytes, Math.max(0, offset - start));
      if (value !== GOES_ON) return value;
      before.push(bytes.subarray(Math.max(0, offset - start)));
    }
    if (before.length === 0 || current === null) return undefined;
    const value = this.parsed(skip, before, current.bytes, 0);
    return value === GOES_ON ? undefined : value;
  }

  /** The value that ends in these bytes, the last of those it stands in; GOES_ON when it does not. */
  private parsed(skip: ElementEnd, before: readonly Buffer[], bytes: Buffer, from: number): unknown {
    const end = skip.end(bytes, from);
    if (end < 0) return skip.length > MAX_ELEMENT ? undefined : GOES_ON;
    const whole = bytes.subarray(from, end);
    return skip.value(before.length === 0 ? whole : Buffer.concat([...before, whole]));
  }
}

const GOES_ON = Symbol();

/** Finds the end of one element, and takes it apart. */
export interface ElementEnd {
  /** Bytes passed. */
  readonly length: number;
  /** Where in these bytes the element ends; -1 when it goes on, or is longer than MAX_ELEMENT. */
  end(bytes: Buffer, from: number): number;
  /** Undefined for what cannot be relied on. */
  value(whole: Buffer): unknown;
}

/** The value that begins at a place in JSON text; undefined as `ElementTexts.valueAt` has it. */
export function jsonValueAt(text: Buffer, from: number): unknown {
  const skip = new JsonEnd();
  const end = skip.end(text, from);
  return end < 0 ? undefined : skip.value(text.subarray(from, end));
}

/** Of an object, an array or a string that was proved to be JSON. */
class JsonEnd implements ElementEnd {
  /** Members of objects passed. */
  members = 0;
  length = 0;
  private depth = 0;
  private inString = false;
  /** The last byte was a backslash that escapes the next one. */
  private escaped = false;

  value(whole: Buffer): unknown {
    return parseUnique(whole.toString('utf8'), this.members);
  }

  end(bytes: Buffer, from: number): number {
    const size = Math.min(bytes.length, from + MAX_ELEMENT - this.length);
    let { depth, inString, escaped, members } = this;
    for (let at = from; at < size; at++) {
      let byte = bytes[at] as number;
      if (inString) {
        // Most bytes are in strings.
        while (!escaped && byte !== QUOTE && byte !== BACKSLASH && ++at < size) byte = bytes[at] as number;
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) {
          inString = false;
          if (depth === 0) return this.ended(members, at + 1);
        }
      } else if (byte === QUOTE) inString = true;
      else if (byte === COLON) members++;
      // `{` and `[`, `}` and `]`.
      else if ((byte | 0x20) === 0x7b) depth++;
      else if ((byte | 0x20) === 0x7d && --depth === 0) return this.ended(members, at + 1);
    }
    this.length += size < bytes.length ? MAX_ELEMENT + 1 : size - from;
    this.depth = depth;
    this.inString = inString;
    this.escaped = escaped;
    this.members = members;
    return -1;
  }

  private ended(members: number, end: number): number {
    this.members = members;
    return end;
  }
}

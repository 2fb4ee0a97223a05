/** Where in the evidence the readers are: line, scope and pointer. */

const LINE_FEED = 0x0a;

/** A place in the evidence: `line` from 1, `lineStart` the offset of its first byte. */
export interface TextPosition {
  readonly offset: number;
  readonly line: number;
  readonly lineStart: number;
}

/** The position of an offset, given one before it and the bytes from there on. */
export function positionAt(offset: number, before: TextPosition, bytes: Uint8Array): TextPosition {
  let { line, lineStart } = before;
  const end = offset - before.offset;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0 && at < end; at = bytes.indexOf(LINE_FEED, at + 1)) {
    line++;
    lineStart = before.offset + at + 1;
  }
  return { offset, line, lineStart };
}

/** An object outside elements, or a list that has a scope of its own, while it is open; see `ScopeEnd`. */
export interface OpenScope {
  readonly id: number;
  /** Replaced, never changed: elements handed out earlier keep what stood before them. */
  facts: ReadonlyMap<string, string>;
  /** Elements so far, by source. */
  readonly counts: Map<number, number>;
}

export const NO_FACTS: ReadonlyMap<string, string> = new Map();

/** One step of a JSON pointer (RFC 6901, section 3). */
export function escapePointer(key: string): string {
  return key.includes('~') || key.includes('/') ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key;
}

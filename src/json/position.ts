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

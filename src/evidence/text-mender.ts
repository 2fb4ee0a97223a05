/** Zero bytes handed on at a time. */
const ZEROS = new Uint8Array(64 * 1024);
const MARK = Buffer.from('\ufeff');
const BLANK = 0x20;

/**
 * Mends what copying does to text in UTF-8: blanks the byte order marks that joining files leaves between two JSON
 * documents, and keeps back zero bytes at the end, which a download leaves whose blocks are missing.
 */
export class TextMender {
  /** Zero bytes at the end so far. */
  padding = 0;
  /** The beginning of what may be a byte order mark. */
  private held: Uint8Array = new Uint8Array(0);
  /** The last byte so far that is no white space. */
  private last = 0;

  /**
   * Pieces valid as long as `bytes`, in their order.
   *
   * @param ascii true when the bytes are known to be ASCII, so that no mark is in them
   */
  push(bytes: Uint8Array, ascii = false): readonly Uint8Array[] {
    const joined = this.held.length === 0 ? bytes : Buffer.concat([this.held, bytes]);
    const open = openMark(joined);
    this.held = new Uint8Array(joined.subarray(joined.length - open));
    const text = joined.subarray(0, joined.length - open);
    let end = text.length;
    while (end > 0 && text[end - 1] === 0) end--;
    const before = this.padding;
    if (end === 0) {
      this.padding += text.length;
      return open === 0 ? [] : this.zeros(this.padding);
    }
    this.padding = text.length - end;
    const zeros = before === 0 ? [] : this.zeros(before, this.padding);
    const whole = text.subarray(0, end);
    if (!ascii || joined !== bytes) return [...zeros, this.withoutMarks(whole)];
    this.last = lastVisible(whole, end) ?? this.last;
    return [...zeros, whole];
  }

  /** What is left at the end. */
  end(): Uint8Array {
    const rest = this.held;
    this.held = new Uint8Array(0);
    return rest;
  }

  private zeros(count: number, left = 0): readonly Uint8Array[] {
    this.padding = left;
    const pieces: Uint8Array[] = [];
    for (let rest = count; rest > 0; rest -= ZEROS.length) {
      pieces.push(ZEROS.subarray(0, Math.min(rest, ZEROS.length)));
    }
    return pieces;
  }

  private withoutMarks(text: Uint8Array): Uint8Array {
    const buffer = Buffer.from(text.buffer, text.byteOffset, text.length);
    let mended: Buffer | null = null;
    for (let at = buffer.indexOf(MARK); at >= 0; at = buffer.indexOf(MARK, at + MARK.length)) {
      const before = lastVisible(mended ?? buffer, at) ?? this.last;
      const after = firstVisible(buffer, at + MARK.length);
      if (!isClosing(before) || !(after === null || isOpening(after))) continue;
      mended ??= Buffer.from(buffer);
      mended.fill(BLANK, at, at + MARK.length);
    }
    this.last = lastVisible(mended ?? buffer, buffer.length) ?? this.last;
    return mended ?? text;
  }
}

/** How many bytes at the end may begin a mark. */
function openMark(bytes: Uint8Array): number {
  const last = bytes[bytes.length - 1];
  if (last === MARK[0]) return 1;
  return last === MARK[1] && bytes[bytes.length - 2] === MARK[0] ? 2 : 0;
}

function lastVisible(bytes: Uint8Array, end: number): number | null {
  for (let at = end - 1; at >= 0; at--) if ((bytes[at] as number) > BLANK) return bytes[at] as number;
  return null;
}

function firstVisible(bytes: Uint8Array, from: number): number | null {
  for (let at = from; at < bytes.length; at++) if ((bytes[at] as number) > BLANK) return bytes[at] as number;
  return null;
}

function isClosing(byte: number): boolean {
  return byte === 0x7d || byte === 0x5d;
}

function isOpening(byte: number): boolean {
  return byte === 0x7b || byte === 0x5b;
}

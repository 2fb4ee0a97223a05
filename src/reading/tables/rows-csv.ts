import { byPolicy } from '../../formats/shared/trust-policy.ts';

const QUOTE = 0x22;
const FEED = 0x0a;
const RETURN = 0x0d;

/** Longest row, in bytes. */
export const MAX_ROW = 32 * 1024 * 1024;

/** From so many bytes on a row is long. */
const LONG_ROW = 1024 * 1024;

/** Tables of AWS resources have a few dozen columns. */
const MAX_CELLS = 10_000;

/** One row of a CSV text, valid during the call it is handed out in. */
export interface CsvRow {
  readonly length: number;
  /** Offset of the row's first byte. */
  readonly offset: number;
  /** From 1, empty lines not counted: the number a spreadsheet shows. */
  readonly number: number;
  /** What is wrong with the row; null when nothing is. */
  readonly fault: string | null;
  /** False for a last row that no line end follows. */
  readonly ended: boolean;
  /** True where a cell ends with a quote that nothing in it opens: no writer of tables makes one. */
  readonly unopened: boolean;
  cell(index: number): string;
}

/**
 * Cuts CSV (RFC 4180, with any delimiter of one byte) into rows. A quote inside a cell that does not begin with one
 * stands for itself. Holds one row at a time, as bytes, and decodes only the cells that are asked for.
 */
export class CsvRows {
  /** True when a row was too long; further bytes are ignored. */
  stopped = false;
  private readonly delimiter: number;
  private readonly take: (row: CsvRow) => void;
  private readonly row = new Row();
  /** Begins with the bytes of the row that has no end yet. */
  private data: Buffer = Buffer.alloc(0);
  private size = 0;
  /** So many of them are worth looking at. */
  private enough = 0;
  /** Offset of the first of them. */
  private offset: number;

  /** @param start offset of the first byte pushed */
  constructor(delimiter: string, take: (row: CsvRow) => void, start = 0) {
    this.delimiter = delimiter.charCodeAt(0);
    this.take = take;
    this.offset = start;
  }

  /** The bytes are not kept. */
  push(bytes: Uint8Array): void {
    if (this.stopped) return;
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    if (this.size > 0) this.append(chunk);
    // A long row is looked at again only when it has doubled: looking at each piece would take the square of its length.
    if (this.size > 0 && this.size < this.enough) return;
    const data = this.size > 0 ? this.data.subarray(0, this.size) : chunk;
    const rest = this.scan(data, false);
    this.keep(data.subarray(rest));
    this.offset += rest;
    if (this.size <= MAX_ROW) return;
    this.stopped = true;
    this.data = Buffer.alloc(0);
  }

  end(): void {
    if (!this.stopped) this.scan(this.data.subarray(0, this.size), true);
  }

  private append(chunk: Buffer): void {
    this.makeRoom(this.size + chunk.length);
    chunk.copy(this.data, this.size);
    this.size += chunk.length;
  }

  private keep(rest: Buffer): void {
    // Copying within one buffer is what `copy` does, too.
    if (rest.buffer !== this.data.buffer) this.makeRoom(rest.length, 0);
    rest.copy(this.data, 0);
    this.size = rest.length;
    this.enough = this.size < LONG_ROW ? 0 : Math.min(2 * this.size, MAX_ROW + 1);
  }

  /** @param kept bytes that stay where they are */
  private makeRoom(length: number, kept = this.size): void {
    if (length <= this.data.length) return;
    // Memory that is never written to costs nothing, and growing by copies would cost twice the longest row.
    const size = length < LONG_ROW ? 2 * length : Math.max(2 * length, MAX_ROW + 2 * LONG_ROW);
    const room = Buffer.allocUnsafeSlow(size);
    this.data.copy(room, 0, 0, kept);
    this.data = room;
  }

  /** Returns where the first row begins that has no end yet. */
  private scan(data: Buffer, last: boolean): number {
    let from = 0;
    while (from < data.length) {
      const to = this.row.read(data, from, this.delimiter, last);
      if (to < 0) break;
      this.row.offset = this.offset + from;
      if (!this.row.empty) {
        this.row.number++;
        this.take(this.row);
      }
      from = to;
    }
    return from;
  }
}

/** The row that begins at a place in CSV text; null where its line end is not in the text, or something is wrong with it. */
export function csvRowAt(
  text: Buffer,
  from: number,
  delimiter: string,
): { readonly row: CsvRow; readonly end: number } | null {
  const row = new Row();
  const end = row.read(text, from, delimiter.charCodeAt(0), false);
  return end < 0 || row.fault !== null ? null : { row, end };
}

class Row implements CsvRow {
  length = 0;
  offset = 0;
  number = 0;
  fault: string | null = null;
  ended = true;
  unopened = false;
  /** True for a line without anything. */
  empty = false;
  private data: Buffer = Buffer.alloc(0);
  /** Of each cell where it begins, where it ends, and whether quotes in it are doubled. */
  private readonly spans: number[] = [];
  private readonly undoubled = byPolicy((text) => text.replaceAll('""', '"'));

  cell(index: number): string {
    const at = index * 3;
    const text = this.data.toString('utf8', this.spans[at], this.spans[at + 1]);
    return this.spans[at + 2] === 1 ? this.undoubled(text) : text;
  }

  /**
   * Reads the row that begins at `from`.
   *
   * @param last true when no bytes follow the data
   * @returns where the next row begins; -1 when the row's end is not in the data
   */
  read(data: Buffer, from: number, delimiter: number, last: boolean): number {
    this.data = data;
    this.length = 0;
    this.fault = null;
    this.ended = true;
    this.unopened = false;
    for (let at = from; ; at++) {
      const begin = at;
      if (data[at] === QUOTE) {
        at = this.quoted(data, begin, delimiter, last);
        if (at < 0) return -1;
      } else {
        while (at < data.length && data[at] !== delimiter && data[at] !== FEED) at++;
        const cut = data[at - 1] === RETURN && data[at] !== delimiter && at > begin ? at - 1 : at;
        if (data[cut - 1] === QUOTE && cut > begin) this.unopened ||= hasOddQuotes(data, begin, cut);
        this.add(begin, cut, 0);
      }
      if (at >= data.length) {
        if (!last) return -1;
        this.ended = false;
        this.empty = this.isEmpty();
        return data.length;
      }
      if (data[at] === FEED) {
        this.empty = this.isEmpty();
        return at + 1;
      }
    }
  }

  /** Returns where the cell's delimiter or line end stands, or the end of the data; -1 when more data is needed. */
  private quoted(data: Buffer, begin: number, delimiter: number, last: boolean): number {
    let doubled: 0 | 1 = 0;
    let close = nextQuote(data, begin + 1);
    while (close >= 0 && data[close + 1] === QUOTE) {
      doubled = 1;
      close = nextQuote(data, close + 2);
    }
    // A quote that comes last may be the first half of a doubled one.
    if (close < 0 || close + 1 >= data.length) {
      if (!last) return -1;
      if (close < 0) this.fault ??= 'a quoted cell has no end';
      this.add(begin + 1, close < 0 ? data.length : close, doubled);
      return data.length;
    }
    this.add(begin + 1, close, doubled);
    let at = close + 1;
    if (data[at] === RETURN && (data[at + 1] === FEED || at + 1 === data.length)) at++;
    if (at < data.length && data[at] !== FEED && data[at] !== delimiter) {
      this.fault ??= 'a quoted cell goes on behind its closing quote';
      at = data.indexOf(FEED, at);
      if (at < 0) return last ? data.length : -1;
    }
    return at;
  }

  private add(begin: number, end: number, doubled: 0 | 1): void {
    if (this.length >= MAX_CELLS) {
      this.fault ??= `the row has more than ${MAX_CELLS} cells`;
      return;
    }
    const at = this.length++ * 3;
    this.spans[at] = begin;
    this.spans[at + 1] = end;
    this.spans[at + 2] = doubled;
  }

  private isEmpty(): boolean {
    return this.length === 1 && this.fault === null && this.spans[0] === this.spans[1];
  }
}

function hasOddQuotes(data: Buffer, begin: number, end: number): boolean {
  let odd = false;
  for (let at = begin; at < end; at++) if (data[at] === QUOTE) odd = !odd;
  return odd;
}

/** In JSON the next quote is so near that asking for it takes longer than looking. */
const NEAR = 32;

function nextQuote(data: Buffer, from: number): number {
  const far = Math.min(from + NEAR, data.length);
  for (let at = from; at < far; at++) if (data[at] === QUOTE) return at;
  return data.indexOf(QUOTE, far);
}

import { positionAt, type TextPosition } from '../place.ts';
import type { JsonEvent, JsonReader, Malformed, ReadPlan } from '../reader.ts';
import { type Break, createReferenceReader, FaultFinder } from '../reference/reference-reader.ts';
import {
  EXPECT_COLON,
  EXPECT_FIRST_ITEM,
  EXPECT_FIRST_KEY,
  EXPECT_ITEM,
  EXPECT_KEY,
  EXPECT_VALUE,
  type Scanner,
} from './scanner.ts';

const OBJECT = 2;
/** A reader may see a fault this many bytes late. */
const DELAY = 64;
/** Bytes handed to the reference reader at a time: the fault is near, so little is read in vain. */
const PIECE = 64;
const LINE_FEED = 0x0a;
const LETTERS = Buffer.alloc(64 * 1024, 'a');

/**
 * Asks the reference reader what is wrong with the bytes from where the scanner stands. It is brought into the
 * scanner's state by a short text with the same open containers, so that nothing read before is needed.
 *
 * @param end true when nothing follows the bytes
 * @returns null when it finds no fault, or needs more bytes
 */
export function findFault(
  scanner: Scanner,
  bytes: Uint8Array,
  place: TextPosition,
  lines: boolean,
  end: boolean,
): Malformed | null {
  const { inString, at, lastOpen } = scanner.exports;
  const before = textLeadingTo(scanner);
  // As long as the string that is open, so that one that is too long is found to be.
  const open = inString.value !== 0 ? at.value - lastOpen.value - 1 : 0;
  let finder = new FaultFinder(place.offset - before.length - open);
  let fault = finder.push(before);
  for (let left = open; left > 0 && fault === null; left -= LETTERS.length) {
    fault = finder.push(LETTERS.subarray(0, left));
  }
  for (let from = 0; from < bytes.length && fault === null; ) {
    const piece = bytes.subarray(from, from + PIECE);
    const feed = lines ? piece.indexOf(LINE_FEED) : -1;
    fault = finder.push(feed < 0 ? piece : piece.subarray(0, feed));
    from += feed < 0 ? piece.length : feed + 1;
    if (feed < 0 || fault !== null) continue;
    fault = finder.end();
    finder = new FaultFinder(place.offset + from);
  }
  fault ??= end ? finder.end() : null;
  return fault === null ? null : located(fault, positionAt(fault.offset, place, bytes));
}

/** The finder did not begin at the first line, so line and column are not its own. */
function located(fault: Break, { line, lineStart }: TextPosition): Malformed {
  const column = Math.max(1, fault.offset - lineStart + 1);
  return { kind: 'malformed', ...fault, line, column, start: lineStart, pointer: '' };
}

/** The reader did not begin at the first line, so line and column are not its own. */
function relocate(fault: Malformed, { line, lineStart }: TextPosition): Malformed {
  return { ...fault, line, column: Math.max(1, fault.offset - lineStart + 1), start: lineStart };
}

/** A text after which a parser is in the state the scanner is in, but for the letters of a string that is open. */
function textLeadingTo({ memory: { buffer }, exports: scanner }: Scanner): Uint8Array {
  const memory = Buffer.from(buffer);
  const depth = scanner.depth.value;
  const types = memory.subarray(scanner.TYPES_AT.value, scanner.TYPES_AT.value + depth + 1);
  let text = '';
  for (let level = 1; level < depth; level++) text += types[level] === OBJECT ? '{"":' : '[';
  const object = depth > 0 && types[depth] === OBJECT;
  if (depth > 0) text += (object ? '{' : '[') + lastTokens(scanner.expect.value, object);
  return Buffer.from(scanner.inString.value !== 0 ? `${text}"` : text);
}

/** What stands in the innermost container, given what may come next. */
function lastTokens(expect: number, object: boolean): string {
  switch (expect) {
    case EXPECT_FIRST_KEY:
    case EXPECT_FIRST_ITEM:
      return '';
    case EXPECT_KEY:
      return '"":"",';
    case EXPECT_ITEM:
      return '"",';
    case EXPECT_COLON:
      return '""';
    case EXPECT_VALUE:
      return '"":';
    default:
      return object ? '"":""' : '""';
  }
}

/** What a reader that takes over must know. */
export interface TakeOver {
  readonly place: TextPosition;
  /** From 1: the document it begins with, or the line. */
  readonly document: number;
  /** Offset of the document before, which is the one at fault as long as no other begins. */
  readonly documentStart: number;
  /** Scopes numbered before. */
  readonly scopes: number;
}

/**
 * The reference reader, put in for the scanner between two documents: for texts with documents that are no arrays
 * or objects. Its events are numbered on from what stands before.
 */
export class Substitute {
  scopes: number;
  private readonly from: TakeOver;
  private readonly lines: boolean;
  private readonly reader: JsonReader;
  /** The bytes from `recentPlace` on. */
  private recent: Uint8Array = new Uint8Array(0);
  private recentPlace: TextPosition;

  constructor(plan: ReadPlan, from: TakeOver) {
    this.recentPlace = from.place;
    this.from = from;
    this.scopes = from.scopes;
    this.lines = plan.framing === 'lines';
    this.reader = createReferenceReader({ ...plan, framing: 'stream' }, from.place.offset);
  }

  get stopped(): boolean {
    return this.reader.stopped;
  }

  push(bytes: Uint8Array): JsonEvent[] {
    this.remember(bytes);
    return this.reader.push(bytes).map((event) => this.renumber(event));
  }

  end(): JsonEvent[] {
    return this.reader.end().map((event) => this.renumber(event));
  }

  private remember(bytes: Uint8Array): void {
    const { offset } = this.recentPlace;
    const forgotten = Math.max(0, this.recent.length - DELAY);
    this.recentPlace = positionAt(offset + forgotten, this.recentPlace, this.recent);
    this.recent = Buffer.concat([this.recent.subarray(forgotten), bytes]);
  }

  private renumber(event: JsonEvent): JsonEvent {
    const pointer = this.pointer(event.pointer);
    if (event.kind === 'malformed') {
      const first = !event.pointer.startsWith('#');
      const fault = { ...relocate(event, positionAt(event.offset, this.recentPlace, this.recent)), pointer };
      if (this.lines) return fault;
      return { ...fault, start: first ? this.from.documentStart : event.start };
    }
    if (event.scope < 0) return { ...event, pointer };
    const scope = event.scope + this.from.scopes;
    this.scopes = Math.max(this.scopes, scope + 1);
    return { ...event, pointer, scope };
  }

  private pointer(pointer: string): string {
    const [, number = '1', rest = ''] = /^(?:#(\d+))?(.*)$/s.exec(pointer) as RegExpExecArray;
    const document = this.lines ? this.from.document : this.from.document + Number(number) - 1;
    return this.lines || document > 1 ? `#${document}${rest}` : rest;
  }
}

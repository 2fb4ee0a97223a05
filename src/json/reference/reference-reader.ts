import { jsonParser } from 'stream-json/core/parser.js';
import { jsonVerifier, type VerifierError } from 'stream-json/core/utils/verifier.js';
import { describeSyntax, END_PADDING } from '../compact.ts';
import { positionAt, type TextPosition } from '../place.ts';
import {
  type JsonEvent,
  type JsonReader,
  MAX_DEPTH,
  MAX_LEXEME,
  type Malformed,
  type ReadPlan,
} from '../reader.ts';
import { Collector } from './collector.ts';
import { LexemeScanner, type LimitBreak } from './lexemes.ts';

/** Bytes parsed at a time: the parser's tokens for one piece are held in memory together. */
const PIECE = 64 * 1024;
const NO_BYTES = new Uint8Array();
/** An error may be seen this many bytes late. */
const LATE = 64;
const LINE_FEED = 0x0a;

/**
 * Reads JSON through stream-json. Every piece of bytes passes three stages: the lexeme scanner (where values
 * begin, and the limits), the library's verifier (exactly where the grammar breaks), and its parser, which thus
 * only sees bytes that are sound and loses nothing that stands before an error.
 */
export function createReferenceReader(plan: ReadPlan, start = 0): JsonReader {
  return plan.framing === 'lines' ? new LineReader(plan, start) : new StreamReader(plan, start);
}

/** The first thing that is wrong with JSON, of which nothing is gathered. */
export class FaultFinder {
  private readonly run: Run;

  /** @param start offset of the first byte pushed */
  constructor(start: number) {
    this.run = new Run(null, { offset: start, line: 1, lineStart: start });
  }

  /** Null as long as nothing is wrong. */
  push(bytes: Uint8Array): Break | null {
    return this.run.push(bytes);
  }

  end(): Break | null {
    return this.run.end();
  }
}

class StreamReader implements JsonReader {
  stopped = false;
  private readonly collector: Collector;
  private readonly run: Run;
  private events: JsonEvent[] = [];

  constructor(plan: ReadPlan, start: number) {
    this.collector = new Collector(plan, (event) => this.events.push(event));
    this.run = new Run(this.collector, { offset: start, line: 1, lineStart: start });
  }

  push(bytes: Uint8Array): readonly JsonEvent[] {
    if (!this.stopped) this.note(this.run.push(bytes));
    return this.take();
  }

  end(): readonly JsonEvent[] {
    if (!this.stopped) this.note(this.run.end());
    this.stopped = true;
    return this.take();
  }

  private note(malformed: Break | null): void {
    if (malformed === null) return;
    this.stopped = true;
    const pointer = this.collector.documentPointer();
    this.events.push({ kind: 'malformed', ...malformed, start: this.run.documentStart, pointer });
  }

  private take(): readonly JsonEvent[] {
    const events = this.events;
    this.events = [];
    return events;
  }
}

class LineReader implements JsonReader {
  readonly stopped = false;
  private readonly collector: Collector;
  private events: JsonEvent[] = [];
  private offset: number;
  private line = 1;
  private lineStart: number;
  /** Null before a line's first byte and after its error. */
  private run: Run | null = null;
  private skipping = false;

  constructor(plan: ReadPlan, start: number) {
    this.collector = new Collector(plan, (event) => this.events.push(event));
    this.offset = start;
    this.lineStart = start;
  }

  push(bytes: Uint8Array): readonly JsonEvent[] {
    let from = 0;
    while (from < bytes.length) {
      const feed = bytes.indexOf(LINE_FEED, from);
      const to = feed < 0 ? bytes.length : feed;
      this.pushPart(bytes.subarray(from, to));
      if (feed >= 0) this.endLine();
      from = to + 1;
    }
    return this.take();
  }

  end(): readonly JsonEvent[] {
    this.finishRun();
    return this.take();
  }

  private pushPart(bytes: Uint8Array): void {
    if (!this.skipping && bytes.length > 0) {
      if (this.run === null) {
        this.collector.beginLine(this.line);
        this.run = new Run(this.collector, {
          offset: this.offset,
          line: this.line,
          lineStart: this.lineStart,
        });
      }
      this.note(this.run.push(bytes));
    }
    this.offset += bytes.length;
  }

  private endLine(): void {
    this.finishRun();
    this.offset++;
    this.line++;
    this.lineStart = this.offset;
    this.skipping = false;
  }

  private finishRun(): void {
    if (this.run !== null) this.note(this.run.end());
    this.run = null;
  }

  private note(malformed: Break | null): void {
    if (malformed === null) return;
    this.skipping = true;
    this.run = null;
    const pointer = this.collector.documentPointer();
    this.events.push({ kind: 'malformed', ...malformed, start: this.lineStart, pointer });
  }

  private take(): readonly JsonEvent[] {
    const events = this.events;
    this.events = [];
    return events;
  }
}

export type Break = Omit<Malformed, 'kind' | 'start' | 'pointer'>;

/** Documents without an error between them, fed in any pieces. */
class Run {
  /** Offset of the first byte of the document that is open. */
  documentStart: number;
  /** Null where only faults are wanted. */
  private readonly collector: Collector | null;
  private readonly scanner = new LexemeScanner();
  private readonly verify = jsonVerifier({ jsonStreaming: true });
  private readonly parse = jsonParser({ packValues: true, streamValues: false, jsonStreaming: true });
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  private readonly origin: number;
  private place: TextPosition;
  /** The lines that the last LATE bytes are in, in their order: an error may lie in any of them. */
  private recent: readonly TextPosition[];
  private openContainers = 0;

  constructor(collector: Collector | null, place: TextPosition) {
    this.collector = collector;
    this.place = place;
    this.recent = [place];
    this.origin = place.offset;
    this.documentStart = place.offset;
  }

  push(bytes: Uint8Array): Break | null {
    for (let from = 0; from < bytes.length; from += PIECE) {
      const broken = this.pushPiece(bytes.subarray(from, from + PIECE));
      if (broken !== null) return broken;
    }
    return null;
  }

  end(): Break | null {
    const place = this.place;
    if (!this.scanner.inString) {
      const broken = this.verifyText(END_PADDING);
      if (broken !== null) {
        return { reason: 'syntax', expected: broken.expected, ...this.locate(NO_BYTES, broken.offset) };
      }
    }
    if (this.scanner.inString || this.scanner.depth > 0) {
      const inside = this.scanner.inString ? 'the rest of a string' : closing(this.scanner.depth);
      const column = place.offset - place.lineStart + 1;
      return {
        reason: 'truncated',
        offset: place.offset,
        line: place.line,
        column,
        expected: `expected ${inside}`,
      };
    }
    this.parseText(END_PADDING);
    return null;
  }

  private pushPiece(piece: Uint8Array): Break | null {
    const { offset } = this.place;
    const limit = this.scanner.scan(piece, offset);
    const within = limit === null ? piece : piece.subarray(0, limit.index);
    // One character per byte: JSON's grammar is ASCII, so the verifier's positions are byte offsets.
    const text = Buffer.from(within.buffer, within.byteOffset, within.length).toString('latin1');
    const error = this.verifyText(text);
    const sound = error === null ? within : within.subarray(0, Math.max(0, error.offset - offset));
    this.parseText(this.decoder.decode(sound, { stream: true }));
    if (error !== null) {
      return { reason: 'syntax', expected: error.expected, ...this.locate(piece, error.offset) };
    }
    if (limit !== null) {
      return { reason: limit.reason, expected: limitText(limit), ...this.locate(piece, limit.offset) };
    }
    this.passOver(piece);
    return null;
  }

  private passOver(piece: Uint8Array): void {
    const late = Math.max(0, piece.length - LATE);
    let place = positionAt(this.place.offset + late, this.place, piece);
    const lines = [...(late > 0 ? [] : this.recent), place];
    const end = this.place.offset + piece.length;
    const rest = piece.subarray(late);
    const from = place.offset;
    for (let feed = rest.indexOf(LINE_FEED); feed >= 0; feed = rest.indexOf(LINE_FEED, feed + 1)) {
      const lineStart = from + feed + 1;
      place = { offset: lineStart, line: place.line + 1, lineStart };
      lines.push(place);
    }
    this.place = { ...place, offset: end };
    // Of those that end further back none is asked for.
    const first = lines.findLastIndex(({ lineStart }) => lineStart <= end - LATE);
    this.recent = lines.slice(Math.max(0, first));
  }

  private verifyText(text: string): { readonly offset: number; readonly expected: string } | null {
    try {
      this.verify(text);
      return null;
    } catch (error) {
      return { offset: this.origin + (error as VerifierError).offset, expected: describeSyntax(error) };
    }
  }

  private parseText(text: string): void {
    const { collector } = this;
    if (collector === null) {
      this.scanner.forget();
      return;
    }
    const tokens = this.parse(text);
    if (typeof tokens !== 'object') return;
    for (const token of tokens.values) {
      if (token.name === 'endObject' || token.name === 'endArray') {
        this.openContainers--;
        collector.accept(token, 0);
        continue;
      }
      const offset = this.scanner.next();
      if (this.openContainers === 0) this.documentStart = offset;
      if (token.name === 'startObject' || token.name === 'startArray') this.openContainers++;
      collector.accept(token, offset);
    }
  }

  /** `offset` may lie before the piece: then it is in a value that began there. */
  private locate(piece: Uint8Array, offset: number): { offset: number; line: number; column: number } {
    const isBefore = offset < this.place.offset;
    const before = isBefore ? this.recent.findLast(({ lineStart }) => lineStart <= offset) : undefined;
    const place = before ?? positionAt(offset, this.place, piece);
    return { offset, line: place.line, column: Math.max(1, offset - place.lineStart + 1) };
  }
}

function closing(depth: number): string {
  return depth === 1 ? 'the end of 1 open array or object' : `the end of ${depth} open arrays and objects`;
}

function limitText(limit: LimitBreak): string {
  if (limit.reason === 'syntax') return 'expected a blank between two documents';
  return limit.reason === 'too-deep'
    ? `at most ${MAX_DEPTH} levels of nesting are read`
    : `strings and numbers are read up to ${MAX_LEXEME} bytes`;
}

import type { Landing } from '../../evidence/landing.ts';
import type { TextPosition } from '../place.ts';
import { isTrustKey, type JsonEvent, type JsonReader, MAX_LEXEME, type ReadPlan } from '../reader.ts';
import { type FastElement, NumberedFields } from './element.ts';
import { typeOf } from './first-bytes.ts';
import { Outside } from './outside.ts';
import { findFault, Substitute } from './proof.ts';
import { Rows } from './rows.ts';
import {
  EVENT_BRANCH,
  EVENT_ELEMENT,
  EVENT_ELEMENT_END,
  EVENT_FIELD,
  EVENT_KEY,
  growTo,
  LEVEL_ELEMENT,
  LEVEL_LIST,
  LEVEL_MAP,
  PLAIN,
  planScan,
  returnScanner,
  SCAN_FULL,
  SCAN_SUSPECT,
  type Scanner,
  type ScannerExports,
  type ScannerHost,
  type ScanPlan,
  TEXT_REST,
  takeScanner,
  writePlan,
} from './scanner.ts';
import { FieldTexts, LongField } from './texts.ts';

/** Bytes copied into the scanner's memory at a time: they are still in the processor's cache when it scans them. */
const PIECE = 128 * 1024;
/** Zeros behind the bytes: every token ends there, so that the scanner need not look for their end. */
const PADDING = 64;
/** A value that goes on after so many bytes is no longer kept in one piece. */
const LONG = 256 * 1024;
/** Within so many bytes the reference reader finds what the scanner has refused. */
const PATIENCE = 64 * 1024;
const LINE_FEED = 0x0a;
const BLANK = 0x20;
/** Never a document: `,`, `:`, `]` and `}`. */
const NO_DOCUMENT: readonly number[] = [0x2c, 0x3a, 0x5d, 0x7d];

/**
 * Reads JSON through the scanner in simd/: many bytes at once, and what is not wanted is skipped without being taken
 * apart. It gives the same events as the reference reader. The scanner proves that every byte it passes is JSON. Where
 * it cannot, the reference reader is asked from there on, so that errors are the reference reader's own.
 *
 * @param landing where pushed bytes may lie that then need not be copied
 * @throws Error where the runtime has no WebAssembly SIMD; ask `scannerRuns` before
 */
export function createFastReader(plan: ReadPlan, start = 0, landing: Landing | null = null): JsonReader {
  return new FastReader(plan, start, landing);
}

/**
 * One class on purpose, though it has three parts (what the scanner finds, what it cannot vouch for, the window): all of
 * them share the window's addresses, which change whenever bytes are moved, and a call across objects for each event
 * costs more than the event.
 */
class FastReader implements JsonReader, ScannerHost {
  stopped = false;
  private ended = false;
  private readonly plan: ReadPlan;
  private readonly scan: ScanPlan;
  private readonly lines: boolean;
  private readonly outside: Outside;
  private events: JsonEvent[] = [];

  private readonly scanner: Scanner;
  private readonly wasm: ScannerExports;
  private readonly texts: FieldTexts;
  private readonly rows: Rows;
  private memory!: Buffer;
  private words!: Uint32Array;
  /** Where the scanner's events begin, in words. */
  private readonly firstEvent: number;
  /** First address of the window, and the first behind its bytes. */
  private readonly window: number;
  private filled: number;
  /** What an address is short of the offset in the evidence. */
  private base: number;
  private lineStart: number;
  /** Lines before the one that `wasm.line` counts from. */
  private linesBefore = 1;

  private element: FastElement | null = null;
  /** By node: the serial number of the element that has it. */
  private readonly seen: Float64Array;
  private serial = 0;
  private long: LongField | null = null;
  private substitute: Substitute | null = null;
  /** True in the rest of a line that is lost. */
  private skipping = false;

  constructor(plan: ReadPlan, start: number, landing: Landing | null) {
    this.plan = plan;
    this.scan = planScan(plan);
    this.lines = plan.framing === 'lines';
    const { index, nodes, roots } = this.scan;
    const names = roots.map((root, source) => new NumberedFields(nodes.slice(root, roots[source + 1])));
    this.outside = new Outside(index, names, this.lines, start, (event) => this.events.push(event));
    this.seen = new Float64Array(this.scan.nodes.length);
    this.scanner = takeScanner(this, landing);
    this.wasm = this.scanner.exports;
    this.texts = new FieldTexts(this.scanner);
    this.rows = new Rows(this.scan, this.scanner, this.texts);
    this.firstEvent = this.wasm.EVENTS_AT.value >> 2;
    this.window = (writePlan(this.scanner, this.scan) + PADDING) & ~(PADDING - 1);
    this.filled = this.window;
    this.base = start - this.window;
    this.lineStart = start;
    growTo(this.scanner.memory, this.window + 4 * PIECE);
    this.renewViews();
    const { root, sources } = this.scan.index;
    const wholeDocuments = root >= 0 && sources[root]?.shape === 'list';
    this.wasm.begin(this.window, this.lines ? 1 : 0, wholeDocuments ? (this.scan.roots[root] as number) : -1);
    this.wasm.setBase(this.base);
  }

  push(bytes: Uint8Array): readonly JsonEvent[] {
    if (this.stopped || this.scanInPlace(bytes)) return this.handOut();
    for (let from = 0; from < bytes.length && !this.stopped; from += PIECE) {
      this.take(bytes.subarray(from, from + PIECE));
    }
    return this.handOut();
  }

  end(): readonly JsonEvent[] {
    if (!this.stopped && !this.ended) this.finish();
    this.release();
    if (!this.lines) this.stopped = true;
    return this.handOut();
  }

  private handOut(): readonly JsonEvent[] {
    this.takeRows();
    const events = this.events;
    this.events = [];
    return events;
  }

  private stop(): void {
    this.stopped = true;
    this.release();
  }

  private release(): void {
    if (!this.ended) returnScanner(this.scanner);
    this.ended = true;
  }

  /**
   * Scans bytes where they are, with what is left of those before put in front of them. False when they do not lie in the
   * scanner's memory, or there is no room for that.
   */
  private scanInPlace(bytes: Uint8Array): boolean {
    const room = this.scanner.landing?.roomBefore(bytes) ?? null;
    if (room === null || this.substitute !== null) return false;
    const rest = this.filled - this.wasm.neededFrom();
    if (rest > room) return false;
    this.moveRest(bytes.byteOffset - rest);
    this.filled = bytes.byteOffset + bytes.length;
    const end = this.filled;
    const behind = this.memory.toString('latin1', end, end + PADDING);
    this.endWithZeros();
    this.run(false);
    // The caller may overwrite the bytes, and have a use for those behind them.
    if (!this.stopped) this.bringHome();
    this.memory.write(behind, end, 'latin1');
    return true;
  }

  private take(piece: Uint8Array): void {
    if (this.substitute !== null && !this.lines) {
      this.pushAll(this.substitute.push(piece));
      if (this.substitute.stopped) this.stop();
      return;
    }
    this.makeRoom(piece.length);
    // Part of a Buffer is copied into shared memory in a quarter of the time that a whole one or a typed array takes.
    const { byteOffset, length } = piece;
    Buffer.from(piece.buffer).copy(this.memory, this.filled, byteOffset, byteOffset + length);
    this.filled += piece.length;
    this.endWithZeros();
    this.run(false);
  }

  /** Scans all bytes there are, as far as the scanner can without the next ones; `end` when none follow. */
  private run(end: boolean): void {
    while (!this.stopped) {
      if (this.substitute !== null || this.skipping) {
        if (!this.passLine()) return;
        continue;
      }
      const status = this.tooLongAhead() ? SCAN_SUSPECT : this.wasm.scan(this.filled, end ? 1 : 0);
      this.settle();
      if (status === SCAN_FULL) {
        this.takeRows();
        continue;
      }
      const isDone = status !== SCAN_SUSPECT && !this.tooLong() && !(end && this.isOpen());
      if (isDone || !this.resolve(end)) return;
    }
  }

  /** True when something has begun that has not ended. */
  private isOpen(): boolean {
    return this.wasm.at.value < this.filled || this.wasm.depth.value > 0 || this.inString();
  }

  private finish(): void {
    this.run(true);
    if (this.substitute !== null) this.pushAll(this.substitute.end());
  }

  // What the scanner finds.

  private settle(): void {
    this.rows.takePolicies();
    this.takeEvents();
    const { lastFeed, NO_FEED } = this.wasm;
    if (lastFeed.value !== NO_FEED.value) {
      this.lineStart = this.base + lastFeed.value + 1;
      lastFeed.value = NO_FEED.value;
    }
    const open = this.wasm.openField();
    if (open !== 0 && (this.long !== null || this.wasm.at.value - open > LONG)) {
      this.long ??= new LongField();
      this.feedLong(open, this.wasm.at.value);
      this.wasm.takeOpenField();
    }
  }

  private feedLong(start: number, end: number): void {
    this.long?.push(this.memory.subarray(start, end));
  }

  private takeRows(): void {
    const rows = this.rows.take();
    if (rows === null) return;
    const { source, count, last, columns } = rows;
    this.events.push({ kind: 'rows', ...this.outside.rows(source, count, last), ...columns });
  }

  private takeEvents(): void {
    const end = this.wasm.eventsAt.value >> 2;
    if (end === this.firstEvent) return;
    // Where both wait, the rows were first: an array in the list can follow them.
    this.takeRows();
    const { words } = this;
    for (let at = this.firstEvent; at < end; at += 4) {
      const head = words[at] as number;
      const start = words[at + 1] as number;
      switch (head & 0xff) {
        case EVENT_ELEMENT:
          this.beginElement(start, words[at + 2] as number, words[at + 3] as number);
          break;
        case EVENT_FIELD:
          this.field(head >> 8, start, words[at + 2] as number, words[at + 3] as number);
          break;
        case EVENT_ELEMENT_END:
          if (start !== 0) (this.element as FastElement).holdsRole = true;
          this.outside.endElement(this.element as FastElement);
          this.element = null;
          break;
        case EVENT_BRANCH:
          this.note(head >> 8);
          break;
        case EVENT_KEY:
          this.outside.elementKey(this.texts.key(start, words[at + 2] as number));
      }
    }
    this.wasm.clearEvents();
  }

  private beginElement(at: number, first: number, line: number): void {
    const offset = this.base + at;
    if (this.lines) this.outside.document = this.linesBefore + line;
    this.serial++;
    this.element = this.outside.beginElement(typeOf(first), offset);
  }

  private field(node: number, start: number, end: number, how: number): void {
    const element = this.element as FastElement;
    const again = this.note(node);
    const number = node - (this.scan.roots[element.source] as number);
    let text: string | null;
    if (how === TEXT_REST) {
      this.feedLong(start, end);
      text = (this.long as LongField).end();
      this.long = null;
    } else {
      text = this.texts.field(how, start, end);
    }
    if (text === null) element.tooLarge = [...element.tooLarge, this.scan.nodes[node]?.name as string];
    else if (!again || !element.fields.holds(number)) element.fields.put(number, text);
  }

  /** Notes that the element has the node; true when it had it before. */
  private note(node: number): boolean {
    const again = this.seen[node] === this.serial;
    this.seen[node] = this.serial;
    if (!again) return false;
    const element = this.element as FastElement;
    const name = this.scan.nodes[node]?.name as string;
    if (!element.repeated.includes(name)) element.repeated = [...element.repeated, name];
    return true;
  }

  private takeAll(): void {
    this.rows.takePolicies();
    this.takeRows();
    this.takeEvents();
  }

  key(start: number, end: number): number {
    this.takeAll();
    return this.outside.key(this.texts.key(start, end)) ? 1 : 0;
  }

  open(at: number, object: number, line: number): number {
    this.takeAll();
    if (this.lines) this.outside.document = this.linesBefore + line;
    const opened = this.outside.open(object === 1 ? 'object' : 'array', this.base + at);
    if (opened.kind === 'plain') return PLAIN;
    const root = this.scan.roots[opened.source] as number;
    if (opened.kind === 'element') return (root << 3) | LEVEL_ELEMENT;
    return (root << 3) | (object === 1 ? LEVEL_MAP : LEVEL_LIST);
  }

  close(): void {
    this.takeAll();
    this.outside.close();
  }

  scalar(start: number, end: number): void {
    this.takeAll();
    const type = typeOf(this.memory[start] as number);
    this.outside.scalar(type, this.texts.scalar(start, end), this.base + start);
  }

  items(count: number): void {
    this.takeAll();
    this.outside.items(count);
  }

  child(start: number, end: number, node: number): number {
    const child = this.scan.nodes[node]?.children?.get(this.texts.key(start, end));
    return child === undefined ? -1 : (this.scan.numbers.get(child) as number);
  }

  isTrustKey(start: number, end: number): number {
    return isTrustKey(this.texts.key(start, end)) ? 1 : 0;
  }

  group(root: number): number {
    return this.rows.openGroup(root) ? 1 : 0;
  }

  // What the scanner cannot vouch for.

  /**
   * Deals with the token at which the scanner stands, which it has refused or which is the last one. Returns false
   * when that takes bytes that are not there yet.
   */
  private resolve(end: boolean): boolean {
    this.takeRows();
    const at = this.wasm.at.value;
    if (this.isPlainDocument(at)) {
      this.takeOver(at);
      return true;
    }
    const bytes = this.memory.subarray(at, this.filled);
    const fault = findFault(this.scanner, bytes, this.place(at), this.lines, end);
    if (fault !== null) this.breakOff(fault, Math.max(at, fault.offset - this.base));
    else if (end || bytes.length > PATIENCE) throw new Error(`the scanner refuses JSON at ${this.base + at}`);
    return fault !== null;
  }

  /** True where a document begins that is neither an array nor an object. */
  private isPlainDocument(at: number): boolean {
    const first = this.memory[at] as number;
    const isOutside = this.wasm.depth.value === 0 && !this.inString() && at < this.filled;
    return isOutside && first > BLANK && !NO_DOCUMENT.includes(first);
  }

  private breakOff(fault: ReturnType<typeof findFault> & object, at: number): void {
    this.element = null;
    this.long = null;
    if (!this.lines) {
      const pointer = this.outside.documentPointer();
      this.events.push({ ...fault, start: this.outside.documentStart, pointer });
      this.stop();
      return;
    }
    this.outside.document = fault.line;
    this.events.push({ ...fault, pointer: this.outside.documentPointer() });
    this.skipLine(at);
  }

  /** Goes on behind the next line feed, with nothing open. */
  private skipLine(at: number): void {
    this.outside.reset();
    this.wasm.restart(at);
    this.skipping = true;
  }

  /** Deals with the rest of a line that is not the scanner's. Returns false when the line goes on. */
  private passLine(): boolean {
    const at = this.wasm.at.value;
    const rest = this.memory.subarray(at, this.filled);
    const feed = rest.indexOf(LINE_FEED);
    const line = feed < 0 ? rest : rest.subarray(0, feed);
    if (this.substitute !== null && line.length > 0) this.pushAll(this.substitute.push(line));
    this.wasm.restart(at + line.length + (feed < 0 ? 0 : 1));
    if (feed < 0) return false;
    if (this.substitute !== null) this.pushAll(this.substitute.end());
    this.substitute = null;
    this.skipping = false;
    this.linesBefore++;
    this.lineStart = this.base + this.wasm.at.value;
    return true;
  }

  private takeOver(at: number): void {
    const place = this.place(at);
    this.substitute = new Substitute(this.plan, {
      place,
      document: this.lines ? place.line : this.outside.document,
      documentStart: this.outside.documentStart,
      scopes: this.outside.scopes,
    });
    this.wasm.restart(at);
    if (this.lines) return;
    this.pushAll(this.substitute.push(this.memory.subarray(at, this.filled)));
    this.wasm.restart(this.filled);
    if (this.substitute.stopped) this.stop();
  }

  private pushAll(events: readonly JsonEvent[]): void {
    for (const event of events) this.events.push(event);
    if (this.substitute !== null) this.outside.scopes = Math.max(this.outside.scopes, this.substitute.scopes);
  }

  /** True when the string or number being read is longer than any may be. */
  private tooLong(): boolean {
    const at = this.wasm.at.value;
    return (this.inString() ? at - this.wasm.lastOpen.value : this.filled - at) > MAX_LEXEME;
  }

  /** True when the string being read will turn out too long within the bytes there are. */
  private tooLongAhead(): boolean {
    if (!this.inString()) return false;
    const longest = this.wasm.lastOpen.value + MAX_LEXEME;
    if (this.filled <= longest) return false;
    const end = this.texts.stringEnd(this.wasm.at.value, this.filled);
    return end < 0 || end > longest;
  }

  private inString(): boolean {
    return this.wasm.inString.value !== 0;
  }

  private place(at: number): TextPosition {
    const line = this.linesBefore + this.wasm.line.value;
    return { offset: this.base + at, line, lineStart: this.lineStart };
  }

  // The window.

  private makeRoom(length: number): void {
    if (this.filled + length + PADDING <= this.memory.length) return;
    this.moveRest(this.window);
    // Half of the window stays free, so that bytes are moved about once.
    const kept = this.filled - this.window;
    this.grow(this.filled + Math.max(kept, length + PADDING));
  }

  /** What is left of bytes that were scanned in place goes to the window. */
  private bringHome(): void {
    this.grow(this.window + this.filled - this.wasm.neededFrom() + PADDING);
    this.moveRest(this.window);
    this.endWithZeros();
  }

  /** Moves the bytes that are still needed. */
  private moveRest(to: number): void {
    const from = this.wasm.neededFrom();
    this.memory.copy(this.memory, to, from, this.filled);
    const by = from - to;
    this.wasm.moved(by);
    this.filled -= by;
    this.base += by;
    this.wasm.setBase(this.base);
  }

  private endWithZeros(): void {
    this.memory.fill(0, this.filled, this.filled + PADDING);
  }

  private grow(size: number): void {
    growTo(this.scanner.memory, size);
    if (this.memory.buffer !== this.scanner.memory.buffer) this.renewViews();
  }

  private renewViews(): void {
    this.memory = Buffer.from(this.scanner.memory.buffer);
    this.words = new Uint32Array(this.scanner.memory.buffer);
    this.texts.renew();
    this.rows.renew();
  }
}

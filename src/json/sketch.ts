import { TextDecoder } from 'node:util';
import { jsonParser, type Token } from 'stream-json/core/parser.js';
import { type CleanToken, readClean } from './clean-json.ts';

/** The beginning of a document: enough of its shape to tell what it is, never all of it. */
export type Sketch =
  | { readonly kind: 'object'; readonly members: ReadonlyMap<string, Sketch> }
  | { readonly kind: 'array'; readonly items: readonly Sketch[] }
  /** Cut to 200 characters. */
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'number' | 'boolean' | 'null' };

export interface PrefixSketch {
  /** The first documents; the last one may be incomplete. Empty when the text does not begin with JSON. */
  readonly documents: readonly Sketch[];
  /** True when documents stand on one line each, as far as can be seen. */
  readonly lines: boolean;
}

/** Bytes of a file that a sketch is made of. */
export const SKETCH_BYTES = 128 * 1024;

const PIECE = 1024;
const WHOLE_PIECE = 64 * 1024;
/** Characters parsed line by line: what follows the JSON on a line of its own spoils nothing before it. */
const BY_LINES = 16 * 1024;
const MAX_LINES_TRIED = 5;
const MAX_DOCUMENTS = 3;
const MAX_ITEMS = 4;
const MAX_MEMBERS = 256;
/** Of a document that is sketched from its beginning to its end. */
const MAX_MEMBERS_WHOLE = 4096;
/** Bytes without the end of a string or number, after which a document is not sketched further. */
const MAX_VALUE = 32 * 1024 * 1024;
const MAX_SKETCH_DEPTH = 10;
const MAX_TEXT = 200;

/** Sketches text that begins with JSON; when its first line is broken, by the first of the next lines that is not. */
export function sketchPrefix(prefix: Uint8Array): PrefixSketch {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(prefix).trimStart();
  const whole = sketchText(text);
  if (whole.broken) {
    for (const line of text.split('\n', MAX_LINES_TRIED)) {
      const alone = sketchText(line);
      if (!alone.broken && alone.firstEnd !== null && isContainer(alone.documents[0])) {
        return { documents: alone.documents, lines: true };
      }
    }
  }
  const feed = text.indexOf('\n');
  const lines = feed < 0 || (whole.firstEnd !== null && whole.firstEnd <= feed + 1);
  return { documents: whole.documents.some(isContainer) ? whole.documents : [], lines };
}

/**
 * Searches the objects of a sketch, outermost first, through members and items down to `depth` levels.
 *
 * @returns the first object that `test` accepts
 */
export function findObject(
  sketch: Sketch,
  test: (members: ReadonlyMap<string, Sketch>) => boolean,
  depth = 4,
): ReadonlyMap<string, Sketch> | null {
  if (sketch.kind === 'object' && test(sketch.members)) return sketch.members;
  if (depth === 0) return null;
  const below =
    sketch.kind === 'object' ? sketch.members.values() : sketch.kind === 'array' ? sketch.items : [];
  for (const value of below) {
    const found = findObject(value, test, depth - 1);
    if (found !== null) return found;
  }
  return null;
}

export interface TextSketch {
  readonly documents: readonly Sketch[];
  /** Index of a character after the first document and not after its line; null when the document has no end. */
  readonly firstEnd: number | null;
  readonly broken: boolean;
}

function sketchText(text: string): TextSketch {
  return sketchClean(text) ?? sketchAny(text);
}

/** The same, sooner; null when the text has to be looked at more closely. */
export function sketchClean(text: string): TextSketch | null {
  const builder = new SketchBuilder();
  let firstEnd: number | null = null;
  let pieceEnd = 0;
  const isClean = readClean(text, (token, from, to) => {
    const completed = builder.completed;
    builder.acceptClean(token, text, from, to);
    if (builder.completed === completed) return text.length;
    while (pieceEnd < to) pieceEnd = endOfPiece(text, pieceEnd);
    firstEnd ??= pieceEnd;
    return builder.completed >= MAX_DOCUMENTS ? pieceEnd : text.length;
  });
  return isClean ? { documents: builder.documents, firstEnd, broken: false } : null;
}

/** Where the piece ends that begins here: a piece goes no further than its line, as long as lines are looked at. */
function endOfPiece(text: string, from: number): number {
  const feed = from < BY_LINES ? text.indexOf('\n', from) : -1;
  return Math.min(from + PIECE, feed < 0 ? text.length : feed + 1);
}

export function sketchAny(text: string): TextSketch {
  const parse = jsonParser({ packValues: true, streamValues: false, jsonStreaming: true });
  const builder = new SketchBuilder();
  let firstEnd: number | null = null;
  let from = 0;
  while (from < text.length) {
    const to = endOfPiece(text, from);
    try {
      const tokens = parse(text.slice(from, to));
      if (typeof tokens === 'object') for (const token of tokens.values) builder.accept(token);
    } catch {
      return { documents: builder.documents, firstEnd, broken: true };
    }
    if (firstEnd === null && builder.completed > 0) firstEnd = to;
    if (builder.completed >= MAX_DOCUMENTS) break;
    from = to;
  }
  return { documents: builder.documents, firstEnd, broken: false };
}

/** Sketches every document of a text from its beginning to its end, in any pieces, holding one sketch at a time. */
export class DocumentSketches {
  private readonly parse = jsonParser({ packValues: true, streamValues: false, jsonStreaming: true });
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  private builder = new SketchBuilder(MAX_MEMBERS_WHOLE);
  private stopped = false;
  private silent = 0;

  /** The documents that end in these bytes. Behind an error in the text there are none. */
  push(bytes: Uint8Array): readonly Sketch[] {
    const found: Sketch[] = [];
    for (let from = 0; from < bytes.length && !this.stopped; from += WHOLE_PIECE) {
      this.pushPiece(this.decoder.decode(bytes.subarray(from, from + WHOLE_PIECE), { stream: true }), found);
    }
    return found;
  }

  /** The document that has no end. */
  end(): readonly Sketch[] {
    return this.builder.documents;
  }

  private pushPiece(text: string, found: Sketch[]): void {
    try {
      const tokens = this.parse(text);
      const values = typeof tokens === 'object' ? tokens.values : [];
      this.silent = values.length === 0 ? this.silent + text.length : 0;
      this.stopped = this.silent > MAX_VALUE;
      for (const token of values) {
        this.builder.accept(token);
        if (this.builder.completed === 0) continue;
        found.push(...this.builder.documents);
        this.builder = new SketchBuilder(MAX_MEMBERS_WHOLE);
      }
    } catch {
      this.stopped = true;
    }
  }
}

interface OpenNode {
  readonly sketch: { kind: 'object'; members: Map<string, Sketch> } | { kind: 'array'; items: Sketch[] };
  key: string;
}

class SketchBuilder {
  readonly documents: Sketch[] = [];
  completed = 0;
  private readonly open: OpenNode[] = [];
  private skipping = 0;
  private readonly maxMembers: number;

  constructor(maxMembers = MAX_MEMBERS) {
    this.maxMembers = maxMembers;
  }

  accept(token: Token): void {
    switch (token.name) {
      case 'keyValue': {
        const node = this.open.at(-1);
        if (this.skipping === 0 && node !== undefined) node.key = token.value;
        return;
      }
      case 'startObject':
        this.start({ kind: 'object', members: new Map() });
        return;
      case 'startArray':
        this.start({ kind: 'array', items: [] });
        return;
      case 'endObject':
      case 'endArray':
        if (this.skipping > 0) this.skipping--;
        else this.open.pop();
        break;
      case 'stringValue':
        this.add({ kind: 'string', text: token.value.slice(0, MAX_TEXT) });
        break;
      case 'numberValue':
        this.add({ kind: 'number' });
        break;
      case 'nullValue':
        this.add({ kind: 'null' });
        break;
      default:
        this.add({ kind: 'boolean' });
    }
    if (this.open.length === 0 && this.skipping === 0) this.completed++;
  }

  /** The same; the value of the token lies between these places. */
  acceptClean(token: CleanToken, text: string, from: number, to: number): void {
    switch (token) {
      case 'key':
        if (this.skipping === 0) this.accept({ name: 'keyValue', value: text.slice(from, to) });
        return;
      case 'string':
        if (this.skipping === 0) this.accept({ name: 'stringValue', value: text.slice(from, to) });
        return;
      case 'number':
      case 'boolean':
      case 'null':
        this.add({ kind: token });
        return;
      default:
        this.accept({ name: token });
    }
  }

  private start(sketch: OpenNode['sketch']): void {
    if (this.skipping > 0 || this.open.length >= MAX_SKETCH_DEPTH || !this.add(sketch)) this.skipping++;
    else this.open.push({ sketch, key: '' });
  }

  /** Returns false when there is no room for the value. */
  private add(sketch: Sketch): boolean {
    if (this.skipping > 0) return false;
    const parent = this.open.at(-1);
    if (parent === undefined) {
      if (this.documents.length >= MAX_DOCUMENTS) return false;
      this.documents.push(sketch);
    } else if (parent.sketch.kind === 'array') {
      if (parent.sketch.items.length >= MAX_ITEMS) return false;
      parent.sketch.items.push(sketch);
    } else {
      const { members } = parent.sketch;
      if (members.size >= this.maxMembers || members.has(parent.key)) return false;
      members.set(parent.key, sketch);
    }
    return true;
  }
}

function isContainer(sketch: Sketch | undefined): boolean {
  return sketch?.kind === 'object' || sketch?.kind === 'array';
}

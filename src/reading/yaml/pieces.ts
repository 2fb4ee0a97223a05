/** A piece of YAML that can be read on its own, in the order of the text. */
export interface YamlPiece {
  /**
   * `member`: a key of the outermost mapping with all of its value. `key`: one whose value is a list, of which each
   * item follows as an `item`. `end`: the end of an item of an outermost list, or of a document (`document-end`).
   * `outside`: a line that is indented as nothing around it is, without its text.
   */
  readonly kind: 'member' | 'key' | 'item' | 'end' | 'document-end' | 'outside';
  /** An item's is without the dash. */
  readonly text: string;
  readonly offset: number;
  readonly line: number;
}

const DASH = 0x2d;
const BLANK = 0x20;
const [TAB, FEED, RETURN, COMMENT, DIRECTIVE] = [0x09, 0x0a, 0x0d, 0x23, 0x25];
/** What lines begin with that say nothing. */
const SILENT: ReadonlySet<number> = new Set([FEED, RETURN, COMMENT]);
/** What lines begin with that go on with a value, or say nothing: blanks, line ends, comments and directives. */
const CONTINUING: ReadonlySet<number> = new Set([BLANK, TAB, DIRECTIVE, ...SILENT]);

/** Longest piece, in bytes: the tree of a YAML text takes many times its size. */
export const MAX_PIECE = 1024 * 1024;

/**
 * Cuts block-style YAML at the lines that begin in the first column, as the AWS CLI writes them: keys of the outermost
 * mapping and, unindented below them, the items of their lists. A value is never in that column, whatever it holds.
 * Where the outermost node is a list, as in `yaml-stream`, each of its items counts as a document, whose first column is
 * the one of its first key, mostly the third.
 */
export class YamlPieces {
  /** Set when a piece is longer than MAX_PIECE; further bytes are ignored. */
  tooLong = false;
  /** False when the text does not end with a line end. */
  ended = true;
  private readonly take: (piece: YamlPiece) => void;
  private rest: Buffer = Buffer.alloc(0);
  private lines: Buffer[] = [];
  private size = 0;
  private offset: number;
  private begin = 0;
  private line = 0;
  /** Whether the document is a list; null before its first line. */
  private isList: boolean | null = null;
  private beginLine = 0;
  /** Columns in front of all of an item of an outermost list; null before its first key. */
  private indent: number | null = null;

  /** @param start offset of the first byte pushed */
  constructor(take: (piece: YamlPiece) => void, start: number) {
    this.take = take;
    this.offset = start;
  }

  /** The bytes are not kept. */
  push(bytes: Uint8Array): void {
    if (this.tooLong) return;
    const data = this.rest.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.rest, bytes]);
    let from = 0;
    for (let feed = data.indexOf(0x0a); feed >= 0 && !this.tooLong; feed = data.indexOf(0x0a, from)) {
      this.addLine(data.subarray(from, feed + 1));
      from = feed + 1;
    }
    this.rest = data.subarray(from);
    if (this.rest.length > MAX_PIECE) this.tooLong = true;
  }

  end(): void {
    if (this.tooLong) return;
    if (this.rest.length > 0) {
      this.ended = false;
      this.addLine(this.rest);
    }
    this.flush(null);
  }

  private addLine(line: Buffer): void {
    this.line++;
    const mark = line.toString('latin1', 0, 4).trimEnd();
    if (mark === '---' || mark === '...') {
      this.endDocument('document-end');
      this.isList = null;
    } else if (line[0] === DASH && this.isList !== false) {
      this.isList = true;
      this.endDocument('end');
      this.indent = null;
      this.addNested(line, 1);
    } else if (this.isList === true) this.addNested(line, 0);
    else this.addContent(line);
    this.offset += line.length;
  }

  /** @param from 1 behind the dash of the list */
  private addNested(line: Buffer, from: number): void {
    let at = from;
    while (line[at] === BLANK || line[at] === TAB) at++;
    const isSilent = at === line.length || SILENT.has(line[at] as number);
    if (!isSilent) this.indent ??= at;
    const indent = Math.min(this.indent ?? at, at);
    if (isSilent || indent === this.indent) this.addContent(line.subarray(indent));
    else this.outside();
  }

  private outside(): void {
    this.take({ kind: 'outside', text: '', offset: this.offset, line: this.line });
  }

  /** @param line without the indentation that all of the document has */
  private addContent(line: Buffer): void {
    const first = line[0];
    if (first !== undefined && !CONTINUING.has(first)) {
      this.isList ??= false;
      this.flush(first);
      this.begin = this.offset;
      this.beginLine = this.line;
      this.keep(line);
    } else if (this.size > 0) {
      this.keep(line);
    } else if (first === BLANK || first === TAB) {
      if (!/^\s*(?:#|$)/.test(line.toString('latin1'))) this.outside();
    }
  }

  private endDocument(kind: 'end' | 'document-end'): void {
    this.flush(null);
    this.take({ kind, text: '', offset: this.offset, line: this.line });
  }

  private keep(line: Buffer): void {
    this.lines.push(line);
    this.size += line.length;
    if (this.size > MAX_PIECE) this.tooLong = true;
  }

  /** @param next the first byte of the piece that follows; null when none does */
  private flush(next: number | null): void {
    if (this.size === 0 || this.tooLong) return;
    const text = Buffer.concat(this.lines).toString('utf8');
    this.lines = [];
    this.size = 0;
    const place = { offset: this.begin, line: this.beginLine };
    if (/^-(?:\s|$)/.test(text)) {
      this.take({ kind: 'item', text: ` ${text.slice(1)}`, ...place });
    } else {
      const opensList = next === DASH && /^[^#\n]*:\s*(?:#[^\n]*)?\s*$/.test(text);
      this.take({ kind: opensList ? 'key' : 'member', text, ...place });
    }
  }
}

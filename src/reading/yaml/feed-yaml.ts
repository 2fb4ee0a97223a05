import type { FormatSession } from '../../formats/shared/format.ts';
import type { Sink } from '../../formats/shared/sink.ts';
import type { ElementSource, JsonReader, ReaderFactory } from '../../json/reader.ts';
import { type PrefixSketch, SKETCH_BYTES, sketchPrefix } from '../../json/sketch.ts';
import { excerpt } from '../../model/role-arn.ts';
import { jsonValueAt } from '../element-window.ts';
import { HeldElements } from '../held-elements.ts';
import type { RoleDetails } from '../role-details.ts';
import { YamlDocuments } from './document.ts';
import { MAX_PIECE, YamlPieces } from './pieces.ts';

/** How a text begins that may be block-style YAML with something in it. */
const BEGINNING = /^(?:[^\S\n]*(?:#[^\n]*|%[^\n]*|---[^\n]*)?\n)*(?:-\s|["']?[A-Za-z_][\w ]*["']?:\s)/;

/**
 * Sketches YAML text by the JSON it stands for.
 *
 * @param prefix the first bytes of text
 * @returns null when it is no YAML
 */
export function sketchYaml(prefix: Uint8Array): PrefixSketch | null {
  const bytes = Buffer.from(prefix.buffer, prefix.byteOffset, prefix.length);
  if (!BEGINNING.test(bytes.toString('latin1', 0, 4096))) return null;
  let json = '';
  const documents = new YamlDocuments((part) => {
    // Aliases may stand for much more than a sketch needs.
    if (json.length < SKETCH_BYTES) json += part.slice(0, SKETCH_BYTES);
  });
  const pieces = new YamlPieces((piece) => documents.take(piece), 0);
  // A piece that is cut between two lines is mostly sound.
  pieces.push(bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1));
  pieces.end();
  documents.close(0);
  const sketch = sketchPrefix(Buffer.from(json));
  return sketch.documents.length > 0 ? { documents: sketch.documents, lines: false } : null;
}

/** Blanks behind which a reader that looks at many bytes at once has handed out all that stands in front of them. */
const FLUSH = ' '.repeat(128);

interface Piece {
  readonly json: string;
  readonly offset: number;
}

/**
 * Hands what YAML holds to a format, as if it were JSON. Records have the offset of the piece of YAML they stand in,
 * which is their own in the AWS CLI's output; their pointers count the items of an outermost list as documents.
 */
export class YamlFeed {
  missing: 'truncated' | null = null;
  private readonly reader: JsonReader;
  private readonly session: FormatSession;
  private readonly sink: Sink;
  private readonly pieces: YamlPieces;
  private readonly documents: YamlDocuments;
  /** Takes up what is not handed on yet; null while all is. */
  private held: Piece[] | null = null;
  private readonly elements: HeldElements | null;
  /** Bytes of JSON given to the reader. */
  private given = 0;

  /**
   * @param start offset of the first byte pushed
   * @param details told of what the YAML holds; null where nobody asks
   */
  constructor(
    createReader: ReaderFactory,
    session: FormatSession,
    sink: Sink,
    start: number,
    details: RoleDetails | null,
  ) {
    this.elements = details?.lookInto(new HeldElements()) ?? null;
    // One by one: rows would have the offsets of the JSON.
    const sources = session.plan.sources.map(({ row: _, ...source }) => source);
    this.reader = createReader({ ...session.plan, sources, framing: 'stream' });
    this.session = session;
    this.sink = sink;
    this.documents = new YamlDocuments((json, offset) => this.take(json, offset));
    this.pieces = new YamlPieces((piece) => this.documents.take(piece), start);
  }

  get stopped(): boolean {
    return this.missing !== null;
  }

  push(bytes: Uint8Array): void {
    this.pieces.push(bytes);
    this.check();
  }

  end(): void {
    if (this.stopped) return;
    const last: Piece[] = [];
    this.held = last;
    this.pieces.end();
    this.held = null;
    this.check();
    if (this.stopped) return;
    const { lastKey, lastItemKey, endsWithItem } = this.documents;
    const isOpen = ({ at, fields }: ElementSource): boolean =>
      at.length === 0 || (fields.length > 1 && at.at(-1) === lastKey);
    const { sources } = this.session.plan;
    // Half of what is said aside would be said wrongly, so its last item is left out.
    if (endsWithItem && sources.some((source) => source.aside === true && isOpen(source))) last.pop();
    const open = sources.find((source) => source.aside !== true && isOpen(source));
    const lastField = open?.at.length === 0 ? lastKey : lastItemKey;
    if (open?.fields.some(([key]) => key === lastField) === true) {
      // Its policy may go on where the file was cut, and read differently without the rest.
      const place = { offset: last.at(-1)?.offset ?? 0, pointer: '' };
      this.sink.reject(place, 'yaml-end-unknown', 'nothing shows that the last role of the YAML is whole');
    } else {
      for (const { json, offset } of last) this.take(json, offset);
      if (open === undefined || open.at.length === 0) this.documents.close(last.at(-1)?.offset ?? 0);
    }
    // YAML has no closing bracket: where a list of records comes last, nothing shows that it is whole.
    if (this.pieces.ended && open === undefined) return;
    this.missing = 'truncated';
    const message =
      'the YAML ends where nothing shows that no roles are missing; export with `--output json`';
    this.sink.problem('yaml-end-unknown', message);
  }

  private check(): void {
    for (const { anchor, reason, line } of this.documents.aliasProblems.splice(0)) {
      const message = `line ${line} of the YAML has the alias \`*${excerpt(anchor)}\`, which cannot be resolved: ${reason}; write the YAML without aliases, such as with \`yq 'explode(.)'\``;
      this.sink.problem('yaml-alias', message);
    }
    const { fault } = this.documents;
    if (fault !== null) {
      this.missing = 'truncated';
      const place = `at byte ${fault.offset} (line ${fault.line})`;
      this.sink.problem('yaml-malformed', `the YAML breaks off ${place}: ${excerpt(fault.reason)}`);
    } else if (this.pieces.tooLong) {
      this.missing = 'truncated';
      const held = MAX_PIECE / 1024 / 1024;
      const message = `a page or list of the YAML is longer than ${held} MiB; export with \`--output json\``;
      this.sink.problem('yaml-too-long', message);
    }
  }

  private take(json: string, offset: number): void {
    if (this.held !== null) {
      this.held.push({ json, offset });
      return;
    }
    // Every record is to come out with the piece that ends it, so that the piece's offset is the record's.
    const text = Buffer.from(json + FLUSH);
    const begin = this.given;
    this.given += text.length;
    for (const event of this.reader.push(text)) {
      if (event.kind === 'element') {
        // One that began in an earlier piece is not looked at again.
        const at = event.offset - begin;
        const value = () => (at < 0 ? undefined : jsonValueAt(text, at));
        this.sink.place = this.elements?.hold(value) ?? null;
        this.session.element({ ...event, offset });
      } else if (event.kind === 'scope-end') this.session.scopeEnd(event);
    }
  }
}

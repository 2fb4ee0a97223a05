/** Most bytes of JSON that are kept for aliases of one document, and that the aliases of one piece may stand for. */
const MAX_KEPT = 4 * 1024 * 1024;
const MAX_PIECE_EXPANSION = 4 * 1024 * 1024;
/** Bytes that all aliases of a file may stand for: so many, and for each byte of its text so many. */
const FREE_EXPANSION = 64 * 1024 * 1024;
const EXPANSION_PER_BYTE = 100;

/** Why an alias cannot be resolved. */
export class AliasFault extends Error {}

export interface Anchored {
  readonly json: string;
  /** Levels of arrays and objects in it. */
  readonly depth: number;
}

/**
 * What the anchors of a YAML document stand for. A few aliases of aliases can stand for a text without end, so what they
 * expand to is bounded: by piece, and for the file by the length of its text.
 */
export class YamlAliases {
  private readonly known = new Map<string, Anchored | null>();
  private kept = 0;
  private pieceExpansion = 0;
  private expansion = 0;
  private allowed = FREE_EXPANSION;

  /** Anchors hold to the end of their document. */
  clear(): void {
    this.known.clear();
    this.kept = 0;
  }

  /** @param length of the piece's text */
  beginPiece(length: number): void {
    this.pieceExpansion = 0;
    this.allowed += length * EXPANSION_PER_BYTE;
  }

  /** An anchor holds from the end of its node: inside of it, it would stand for a value without end. */
  begin(anchor: string): void {
    this.kept -= this.known.get(anchor)?.json.length ?? 0;
    this.known.delete(anchor);
  }

  set(anchor: string, value: Anchored): void {
    const fits = this.kept + value.json.length <= MAX_KEPT;
    if (fits) this.kept += value.json.length;
    this.known.set(anchor, fits ? value : null);
  }

  /** @throws AliasFault */
  resolve(anchor: string): Anchored {
    const value = this.known.get(anchor);
    if (value === undefined) throw new AliasFault('nothing before it has that anchor');
    if (value === null) throw new AliasFault('the document anchors more than can be kept');
    this.pieceExpansion += value.json.length;
    this.expansion += value.json.length;
    if (this.pieceExpansion > MAX_PIECE_EXPANSION || this.expansion > this.allowed) {
      throw new AliasFault('the aliases stand for far more text than there is');
    }
    return value;
  }
}

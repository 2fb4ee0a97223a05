import { YamlAliases } from './aliases.ts';
import type { YamlPiece } from './pieces.ts';
import { type AliasProblem, yamlToJson } from './yaml-to-json.ts';

/** Why the YAML cannot be read further. */
export interface YamlFault {
  readonly reason: string;
  readonly offset: number;
  readonly line: number;
}

/** Puts the pieces of YAML documents together as JSON text, each document on its own line. */
export class YamlDocuments {
  fault: YamlFault | null = null;
  readonly aliasProblems: AliasProblem[] = [];
  /** The key read last in an outermost mapping. */
  lastKey: string | null = null;
  /** The key read last in an item of a list. */
  lastItemKey: string | null = null;
  /** What was read last is an item of a list. */
  endsWithItem = false;
  private readonly aliases = new YamlAliases();
  private readonly emit: (json: string, offset: number) => void;
  /** Of the document that is open. */
  private readonly keys = new Set<string>();
  /** True in a list below a key. */
  private inList = false;
  private empty = true;

  /** @param emit gets pieces of JSON text and the offset of the YAML that they stand for */
  constructor(emit: (json: string, offset: number) => void) {
    this.emit = emit;
  }

  take(piece: YamlPiece): void {
    if (this.fault !== null) return;
    if (piece.kind === 'end' || piece.kind === 'document-end') {
      this.close(piece.offset);
      if (piece.kind === 'document-end') this.aliases.clear();
      return;
    }
    if (piece.kind === 'outside') {
      this.fail(piece, 'it is indented as nothing around it is');
      return;
    }
    const result = yamlToJson(piece.text, this.aliases);
    if (!result.ok) {
      this.fail(piece, result.reason);
      return;
    }
    for (const { anchor, reason, line } of result.faults) {
      this.aliasProblems.push({ anchor, reason, line: piece.line + line });
    }
    if (piece.kind === 'item') this.item(piece, result);
    else if (result.lastKey === null) this.fail(piece, 'there is no key');
    else if (piece.kind === 'key') this.member(piece, result.lastKey, `${JSON.stringify(result.lastKey)}:[`);
    else this.member(piece, result.lastKey, result.json.slice(1, -1));
  }

  /** Ends the document that is open. */
  close(offset: number): void {
    if (this.keys.size > 0) this.emit(this.inList ? ']}\n' : '}\n', offset);
    this.inList = false;
    this.endsWithItem = false;
    this.keys.clear();
  }

  private item(piece: YamlPiece, { json, lastKey }: { json: string; lastKey: string | null }): void {
    if (!this.inList) {
      this.fail(piece, 'an item stands outside a list');
      return;
    }
    this.lastItemKey = lastKey;
    this.endsWithItem = true;
    this.emit(this.empty ? json : `,${json}`, piece.offset);
    this.empty = false;
  }

  private member(piece: YamlPiece, key: string, json: string): void {
    // Output of several commands in one file has nothing between them.
    if (this.keys.has(key)) this.close(piece.offset);
    const before = this.keys.size === 0 ? '{' : this.inList ? '],' : ',';
    this.keys.add(key);
    this.lastKey = key;
    this.endsWithItem = false;
    this.inList = piece.kind === 'key';
    this.empty = true;
    this.emit(before + json, piece.offset);
  }

  private fail({ offset, line }: YamlPiece, reason: string): void {
    this.fault = { reason, offset, line };
  }
}

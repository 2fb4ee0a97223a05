import { plainJson } from '../scalar-json.ts';
import { isBracket, readFlow } from './plain-flow.ts';
import { FEED, NotPlain, PlainLines, SPACE } from './plain-lines.ts';
import { isQuote, readBlockScalar, readPlain, readQuoted } from './plain-scalars.ts';

/** Levels of mappings and lists. */
const MAX_DEPTH = 50;
/** Longest key; the library's limit is 1,024 characters. */
const MAX_KEY = 1000;
const COLON = 0x3a;
const BAR = 0x7c;
const GREATER = 0x3e;
/** Anchors, aliases and tags are found where they stand; these may stand anywhere. */
const ODD = /[\t\r\0\uFEFF]/;

/** A YAML node as JSON. */
export interface PlainYaml {
  readonly json: string;
  /** Of a mapping; null for everything else. */
  readonly lastKey: string | null;
}

/**
 * Writes YAML as JSON where it is as the AWS CLI and other programs write it: mappings and lists by indentation or in
 * brackets, scalars plain, in quotes or in blocks, comments. The result is that of the library, which takes thirty times
 * as long.
 *
 * @returns null for everything that is not understood, errors included: that is for the library
 */
export function readPlainYaml(text: string): PlainYaml | null {
  if (ODD.test(text) || !text.endsWith('\n')) return null;
  try {
    const lines = new PlainLines(text);
    const blocks = new Blocks(lines);
    const json = blocks.node(-1, MAX_DEPTH);
    return lines.indent < 0 ? { json, lastKey: blocks.lastKey } : null;
  } catch (error) {
    if (error instanceof NotPlain) return null;
    throw error;
  }
}

/** Reads nodes that stand below each other, each up to the line behind it. */
class Blocks {
  /** Of the mapping that ended last: at the end, of the outermost one. */
  lastKey: string | null = null;
  private readonly lines: PlainLines;

  constructor(lines: PlainLines) {
    this.lines = lines;
  }

  /**
   * Reads the node that begins here.
   *
   * @param outer the indentation of what it belongs to
   * @param room levels that it may have
   */
  node(outer: number, room: number): string {
    const { lines } = this;
    if (lines.indent < 0 || room <= 0) throw new NotPlain();
    if (lines.isDash) return this.list(room);
    const key = this.key();
    return key === null ? this.value(outer, room) : this.mapping(key, room);
  }

  private list(room: number): string {
    const { lines } = this;
    const { indent } = lines;
    let json = '';
    while (lines.indent === indent && lines.isDash) {
      json += json === '' ? '[' : ',';
      json += lines.skipDash() ? this.node(indent, room - 1) : this.below(indent, room - 1);
    }
    if (lines.indent > indent) throw new NotPlain();
    this.lastKey = null;
    return `${json}]`;
  }

  private mapping(firstKey: string, room: number): string {
    const { lines } = this;
    const { indent } = lines;
    let key = firstKey;
    let json = '{';
    for (;;) {
      json += `${JSON.stringify(key)}:`;
      if (lines.skipSpaces()) json += this.value(indent, room);
      else json += this.member(indent, room - 1);
      if (lines.indent !== indent) break;
      const next = lines.isDash ? null : this.key();
      if (next === null) throw new NotPlain();
      key = next;
      json += ',';
    }
    if (lines.indent > indent) throw new NotPlain();
    this.lastKey = key;
    return `${json}}`;
  }

  /** The value of a key behind which nothing stands: a list may be as far to the left as the key. */
  private member(indent: number, room: number): string {
    const { lines } = this;
    lines.nextLine();
    if (lines.indent === indent && lines.isDash) return this.list(room);
    return lines.indent > indent ? this.node(indent, room) : 'null';
  }

  private below(indent: number, room: number): string {
    this.lines.nextLine();
    return this.lines.indent > indent ? this.node(indent, room) : 'null';
  }

  /** Reads a key and the colon behind it; null, having read nothing, where no key stands. */
  private key(): string | null {
    const { lines } = this;
    const { at } = lines;
    let key: string | null = null;
    if (isQuote(lines.code())) {
      key = readQuoted(lines, 0);
    } else if (isBracket(lines.code()) || lines.code() === BAR || lines.code() === GREATER) {
      return null;
    } else {
      const end = lines.plainEnd(false);
      key = lines.text.slice(at, end);
      lines.at = end;
    }
    const next = lines.code(1);
    if (lines.code() !== COLON || (next !== SPACE && next !== FEED)) {
      lines.at = at;
      return null;
    }
    if (lines.at - at > MAX_KEY || lines.text.slice(at, lines.at).includes('\n')) throw new NotPlain();
    lines.at++;
    return key;
  }

  /** Reads what is neither a mapping nor a list by indentation. */
  private value(outer: number, room: number): string {
    const { lines } = this;
    const code = lines.code();
    this.lastKey = null;
    if (code === BAR || code === GREATER) return JSON.stringify(readBlockScalar(lines, outer));
    if (!isQuote(code) && !isBracket(code)) return plainJson(readPlain(lines, outer));
    // Its keys are of interest where it is all there is.
    if (outer < 0 && isBracket(code)) throw new NotPlain();
    const json = isQuote(code) ? JSON.stringify(readQuoted(lines, outer)) : readFlow(lines, outer, room);
    lines.endLine();
    return json;
  }
}

import type { Range } from './edits.ts';

/** A value of JSON text and where it stands, in bytes. Written apart from the readers that are tried. */
export interface Place extends Range {
  readonly kind: 'object' | 'array' | 'string' | 'scalar';
  readonly members: readonly MemberPlace[];
  readonly items: readonly Place[];
}

export interface MemberPlace extends Range {
  readonly key: Range;
  readonly name: string;
  readonly value: Place;
}

/** Deeper text is not taken apart: the readers refuse it as well. */
const MAX_DEPTH = 600;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * The documents of a text, one or several behind each other, with white space between them alone.
 *
 * @returns null for what is not JSON. Bytes that are not UTF-8 may stand in strings: they are read in another charset
 */
export function jsonPlaces(bytes: Buffer): readonly Place[] | null {
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  try {
    const parser = new Parser(bytes, marked ? 3 : 0);
    const documents: Place[] = [];
    for (parser.blank(); !parser.ended; parser.blank()) documents.push(parser.value(0));
    return documents.length > 0 ? documents : null;
  } catch {
    return null;
  }
}

class Parser {
  private readonly bytes: Buffer;
  private at: number;

  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  get ended(): boolean {
    return this.at >= this.bytes.length;
  }

  blank(): void {
    for (;;) {
      const byte = this.bytes[this.at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
      this.at++;
    }
  }

  value(depth: number): Place {
    if (depth > MAX_DEPTH) throw new Error('too deep');
    const from = this.at;
    switch (this.bytes[from]) {
      case 0x7b:
        return this.object(from, depth);
      case 0x5b:
        return this.array(from, depth);
      case 0x22:
        this.string();
        return { kind: 'string', from, to: this.at, members: [], items: [] };
    }
    while (/[-+.\w]/.test(String.fromCharCode(this.bytes[this.at] ?? 0))) this.at++;
    const text = this.bytes.toString('latin1', from, this.at);
    if (!['true', 'false', 'null'].includes(text) && !NUMBER.test(text)) throw new Error('no value');
    return { kind: 'scalar', from, to: this.at, members: [], items: [] };
  }

  private object(from: number, depth: number): Place {
    const members: MemberPlace[] = [];
    this.list(0x7d, () => {
      const key = { from: this.at, to: this.string() };
      const name = JSON.parse(this.bytes.toString('utf8', key.from, key.to)) as string;
      this.blank();
      this.take(0x3a);
      this.blank();
      const value = this.value(depth + 1);
      members.push({ from: key.from, to: value.to, key, name, value });
    });
    return { kind: 'object', from, to: this.at, members, items: [] };
  }

  private array(from: number, depth: number): Place {
    const items: Place[] = [];
    this.list(0x5d, () => items.push(this.value(depth + 1)));
    return { kind: 'array', from, to: this.at, members: [], items };
  }

  private list(close: number, one: () => void): void {
    this.at++;
    this.blank();
    if (this.bytes[this.at] === close) {
      this.at++;
      return;
    }
    for (;;) {
      one();
      this.blank();
      if (this.bytes[this.at] === close) break;
      this.take(0x2c);
      this.blank();
    }
    this.at++;
  }

  private string(): number {
    const from = this.at;
    this.take(0x22);
    for (; this.bytes[this.at] !== 0x22; this.at++) {
      if (this.ended) throw new Error('ends in a string');
      if (this.bytes[this.at] === 0x5c) this.at++;
    }
    this.at++;
    // Escapes and control characters are looked at by the engine's own parser.
    JSON.parse(this.bytes.toString('utf8', from, this.at));
    return this.at;
  }

  private take(byte: number): void {
    if (this.bytes[this.at] !== byte) throw new Error('not here');
    this.at++;
  }
}

/** All values below and with `place`, and all members. */
export function everyPlace(place: Place): { readonly values: Place[]; readonly members: MemberPlace[] } {
  const values: Place[] = [];
  const members: MemberPlace[] = [];
  const visit = (one: Place): void => {
    values.push(one);
    for (const item of one.items) visit(item);
    for (const member of one.members) {
      members.push(member);
      visit(member.value);
    }
  };
  visit(place);
  return { values, members };
}

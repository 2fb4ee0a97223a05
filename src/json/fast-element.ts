import type { FieldNode } from './plan-index.ts';
import type { JsonElement, JsonType } from './reader.ts';

/** The fields of one source by number. */
export class FieldNames {
  readonly names: readonly string[];
  readonly numbers: ReadonlyMap<string, number>;

  /** @param nodes the source's root and all nodes below it, in the order of their numbers */
  constructor(nodes: readonly FieldNode[]) {
    this.names = nodes.map(({ name }) => name);
    this.numbers = new Map(this.names.map((name, number) => [name, number]));
  }
}

/** Texts by number instead of a Map: most of what the reader allocates were Maps. */
export class FieldMap implements ReadonlyMap<string, string> {
  private readonly of: FieldNames;
  private readonly texts: (string | undefined)[] = [];

  constructor(of: FieldNames) {
    this.of = of;
  }

  put(number: number, text: string): void {
    while (this.texts.length < number) this.texts.push(undefined);
    this.texts[number] = text;
  }

  holds(number: number): boolean {
    return this.texts[number] !== undefined;
  }

  get(name: string): string | undefined {
    const number = this.of.numbers.get(name);
    return number === undefined ? undefined : this.texts[number];
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  get size(): number {
    return this.texts.reduce((size, text) => (text === undefined ? size : size + 1), 0);
  }

  *entries(): MapIterator<[string, string]> {
    for (const [number, text] of this.texts.entries())
      if (text !== undefined) yield [this.of.names[number] as string, text];
  }

  *keys(): MapIterator<string> {
    for (const [name] of this.entries()) yield name;
  }

  *values(): MapIterator<string> {
    for (const [, text] of this.entries()) yield text;
  }

  [Symbol.iterator](): MapIterator<[string, string]> {
    return this.entries();
  }

  forEach(visit: (text: string, name: string, map: ReadonlyMap<string, string>) => void): void {
    for (const [name, text] of this.entries()) visit(text, name, this);
  }
}

/** Where an element stands, until somebody asks for it in words. */
export interface Whereabouts {
  readonly scope: number;
  readonly facts: ReadonlyMap<string, string>;
  /** Pointer of what holds the element; or the number of its document, where nothing does. */
  readonly within: string | number;
  /** Index or key there; null where the element is the document. */
  readonly step: string | number | null;
}

/** An element as the fast reader hands it out. The reader completes it while it reads. */
export class FastElement implements JsonElement {
  readonly kind = 'element';
  readonly source: number;
  readonly type: JsonType;
  readonly offset: number;
  readonly scope: number;
  readonly facts: ReadonlyMap<string, string>;
  readonly fields: FieldMap;
  repeated: readonly string[] = NONE;
  tooLarge: readonly string[] = NONE;
  private readonly within: string | number;
  private readonly step: string | number | null;

  constructor(source: number, type: JsonType, offset: number, names: FieldNames, at: Whereabouts) {
    this.source = source;
    this.type = type;
    this.offset = offset;
    this.scope = at.scope;
    this.facts = at.facts;
    this.fields = new FieldMap(names);
    this.within = at.within;
    this.step = at.step;
  }

  get pointer(): string {
    const within = typeof this.within === 'number' ? `#${this.within}` : this.within;
    if (this.step === null) return within;
    return `${within}/${typeof this.step === 'number' ? this.step : escapePointer(this.step)}`;
  }
}

const NONE: readonly string[] = [];

/** RFC 6901, section 3. */
export function escapePointer(key: string): string {
  return key.includes('~') || key.includes('/') ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key;
}

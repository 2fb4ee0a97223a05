import type { FieldNode } from '../plan-index.ts';
import type { JsonElement } from '../reader.ts';

/** The fields of one source by number. */
export class NumberedFields {
  readonly names: readonly string[];
  readonly numbers: ReadonlyMap<string, number>;

  /** @param nodes the source's root and all nodes below it, in the order of their numbers */
  constructor(nodes: readonly FieldNode[]) {
    this.names = nodes.map(({ name }) => name);
    this.numbers = new Map(this.names.map((name, number) => [name, number]));
  }
}

/** Texts by number instead of a Map: most of what the reader allocates were Maps. */
class FieldMap implements ReadonlyMap<string, string> {
  private readonly of: NumberedFields;
  private readonly texts: (string | undefined)[] = [];

  constructor(of: NumberedFields) {
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

/** An element as the fast reader hands it out. The reader completes it while it reads. */
export interface FastElement extends JsonElement {
  readonly fields: FieldMap;
  repeated: readonly string[];
  tooLarge: readonly string[];
  holdsRole?: true;
}

export function openElement(
  names: NumberedFields,
  at: Pick<JsonElement, 'source' | 'type' | 'offset' | 'pointer' | 'scope' | 'facts'>,
): FastElement {
  const { source, type, offset, pointer, scope, facts } = at;
  const fields = new FieldMap(names);
  return {
    kind: 'element',
    source,
    type,
    offset,
    pointer,
    scope,
    facts,
    fields,
    repeated: NONE,
    tooLarge: NONE,
  };
}

const NONE: readonly string[] = [];

import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  Scalar,
} from 'yaml';
import { AliasFault, type Anchored, type YamlAliases } from './aliases.ts';
import { readPlainYaml } from './plain/plain-yaml.ts';
import { plainJson } from './scalar-json.ts';

/** YAML as JSON text, or why it cannot be that. */
export type YamlResult =
  | {
      readonly ok: true;
      readonly json: string;
      /** Of a mapping; null for everything else. */
      readonly lastKey: string | null;
      /** Aliases that cannot be resolved; for each a string stands in the place of the outermost value around it. */
      readonly faults: readonly AliasProblem[];
    }
  | { readonly ok: false; readonly reason: string };

/** An alias that cannot be resolved. */
export interface AliasProblem {
  readonly anchor: string;
  readonly reason: string;
  /** Line feeds in front of it, in the text at hand. */
  readonly line: number;
}

const MAX_DEPTH = 100;
/** Brackets without their partners, which may stand in strings. */
const MOST_OPEN = 5_000;
const [OPEN_LIST, CLOSE_LIST, OPEN_MAP, CLOSE_MAP] = [0x5b, 0x5d, 0x7b, 0x7d];
/** No ARN, policy or list can be taken for it. */
const UNRESOLVED = JSON.stringify('a YAML alias that cannot be resolved');

/**
 * Writes one YAML node as JSON. Members keep their order and repeated keys stay. A number stays as it was written, and
 * one that JSON would write otherwise, such as an account number with a leading zero, becomes a string.
 *
 * @param aliases takes up the anchors of the text for the aliases in it and in what follows
 */
export function yamlToJson(text: string, aliases: YamlAliases): YamlResult {
  const plain = readPlainYaml(text);
  if (plain === null) return libraryToJson(text, aliases);
  aliases.beginPiece(text.length);
  return { ok: true, ...plain, faults: [] };
}

/** The same of any YAML, by means of the library. */
export function libraryToJson(text: string, aliases: YamlAliases): YamlResult {
  if (opensTooMany(text)) return { ok: false, reason: 'it is nested too deeply' };
  try {
    const document = parseDocument(text, {
      schema: 'failsafe',
      uniqueKeys: false,
      logLevel: 'silent',
      prettyErrors: false,
      stringKeys: false,
    });
    const [error] = document.errors;
    if (error !== undefined) return { ok: false, reason: error.message.split('\n', 1)[0] as string };
    const root = document.contents as Node | null;
    const last = isMap(root) ? root.items.at(-1)?.key : undefined;
    const writer = new Writer(text, aliases);
    const { json } = writer.root(root);
    return { ok: true, json, lastKey: isScalar(last) ? String(last.value) : null, faults: writer.faults };
  } catch (error) {
    // A parser that descends meets the end of its stack before ours is reached.
    const deep = error instanceof RangeError;
    return { ok: false, reason: deep ? 'it is nested too deeply' : describe(error) };
  }
}

/** True of text with brackets in each other by the thousand: the library would keep kilobytes for each before it fails. */
function opensTooMany(text: string): boolean {
  let open = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === OPEN_LIST || code === OPEN_MAP) open++;
    else if ((code === CLOSE_LIST || code === CLOSE_MAP) && open > 0) open--;
    if (open > MOST_OPEN) return true;
  }
  return false;
}

class Writer {
  readonly faults: AliasProblem[] = [];
  private readonly text: string;
  private readonly aliases: YamlAliases;

  constructor(text: string, aliases: YamlAliases) {
    this.text = text;
    this.aliases = aliases;
    aliases.beginPiece(text.length);
  }

  root(node: Node | null): Anchored {
    if (!isMap(node)) return this.guarded(() => this.write(node, 0));
    return this.anchored(node, () => {
      // An alias that cannot be resolved spoils the member it stands in, and no other.
      const members = node.items.map((pair) => {
        const value = this.guarded(() => this.member(pair, 1));
        return value.json === UNRESOLVED ? { json: `${this.key(pair.key)}:${UNRESOLVED}`, depth: 0 } : value;
      });
      return { json: `{${members.map(({ json }) => json).join(',')}}`, depth: 1 + deepest(members) };
    });
  }

  private member({ key, value }: Pair, depth: number): Anchored {
    const name = this.key(key);
    if (name === '"<<"' && isAlias(value)) {
      throw new LocatedFault(value.source, 'it merges mappings (`<<`)', value.range?.[0] ?? 0);
    }
    const written = this.write(value, depth);
    return { json: `${name}:${written.json}`, depth: written.depth };
  }

  private guarded(write: () => Anchored): Anchored {
    try {
      return write();
    } catch (error) {
      if (!(error instanceof LocatedFault)) throw error;
      const { anchor, message: reason, at } = error;
      this.faults.push({ anchor, reason, line: this.text.slice(0, at).split('\n').length - 1 });
      return { json: UNRESOLVED, depth: 0 };
    }
  }

  private write(node: unknown, depth: number): Anchored {
    if (depth > MAX_DEPTH) throw new Error(`it is nested deeper than ${MAX_DEPTH} levels`);
    if (node === null || node === undefined) return { json: 'null', depth: 0 };
    if (isScalar(node)) return this.anchored(node, () => ({ json: writeScalar(node), depth: 0 }));
    if (isSeq(node)) {
      return this.anchored(node, () => {
        const items = node.items.map((item) => this.write(item, depth + 1));
        return { json: `[${items.map(({ json }) => json).join(',')}]`, depth: 1 + deepest(items) };
      });
    }
    if (isMap(node)) {
      return this.anchored(node, () => {
        const members = node.items.map((pair) => this.member(pair, depth + 1));
        return { json: `{${members.map(({ json }) => json).join(',')}}`, depth: 1 + deepest(members) };
      });
    }
    if (isAlias(node)) return this.resolve(node, depth);
    throw new Error('it holds a node of an unknown kind');
  }

  private resolve({ source, range }: Alias, depth: number): Anchored {
    try {
      const value = this.aliases.resolve(source);
      if (depth + value.depth <= MAX_DEPTH) return value;
      throw new AliasFault(`it is nested deeper than ${MAX_DEPTH} levels`);
    } catch (error) {
      if (!(error instanceof AliasFault)) throw error;
      throw new LocatedFault(source, error.message, range?.[0] ?? 0);
    }
  }

  private anchored(node: Node & { anchor?: string }, write: () => Anchored): Anchored {
    const { anchor } = node;
    if (anchor === undefined) return write();
    this.aliases.begin(anchor);
    const value = write();
    this.aliases.set(anchor, value);
    return value;
  }

  private key(key: unknown): string {
    if (isScalar(key)) {
      return this.anchored(key, () => ({ json: JSON.stringify(String(key.value ?? '')), depth: 0 })).json;
    }
    throw new Error('a key is not a text');
  }
}

/** An alias that cannot be resolved, and where it stands. */
class LocatedFault extends Error {
  readonly anchor: string;
  readonly at: number;

  constructor(anchor: string, reason: string, at: number) {
    super(reason);
    this.anchor = anchor;
    this.at = at;
  }
}

function deepest(values: readonly Anchored[]): number {
  return values.reduce((most, { depth }) => Math.max(most, depth), 0);
}

function writeScalar({ value, type }: Scalar): string {
  const text = String(value ?? '');
  if (type !== Scalar.PLAIN && type !== undefined) return JSON.stringify(text);
  return plainJson(text);
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 200) : String(error);
}

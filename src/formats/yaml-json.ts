import { isAlias, isMap, isScalar, isSeq, type Node, parseDocument, Scalar } from 'yaml';

/** YAML as JSON text, or why it cannot be that. */
export type YamlResult =
  | {
      readonly ok: true;
      readonly json: string;
      /** Of a mapping; null for everything else. */
      readonly lastKey: string | null;
    }
  | { readonly ok: false; readonly reason: string };

const MAX_DEPTH = 100;
const LITERALS: ReadonlyMap<string, string> = new Map([
  ['true', 'true'],
  ['True', 'true'],
  ['TRUE', 'true'],
  ['false', 'false'],
  ['False', 'false'],
  ['FALSE', 'false'],
  ['null', 'null'],
  ['Null', 'null'],
  ['NULL', 'null'],
  ['~', 'null'],
  ['', 'null'],
]);
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * Writes one YAML node as JSON. Members keep their order and repeated keys stay. A number stays as it was written, and
 * one that JSON would write otherwise, such as an account number with a leading zero, becomes a string. Aliases are
 * refused: the AWS CLI writes none, and a few of them can stand for a text without end.
 */
export function yamlToJson(text: string): YamlResult {
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
    return { ok: true, json: write(root, 0), lastKey: isScalar(last) ? String(last.value) : null };
  } catch (error) {
    // A parser that descends meets the end of its stack before ours is reached.
    const deep = error instanceof RangeError;
    return { ok: false, reason: deep ? 'it is nested too deeply' : describe(error) };
  }
}

function write(node: unknown, depth: number): string {
  if (depth > MAX_DEPTH) throw new Error(`it is nested deeper than ${MAX_DEPTH} levels`);
  if (node === null || node === undefined) return 'null';
  if (isScalar(node)) return writeScalar(node);
  if (isSeq(node)) return `[${node.items.map((item) => write(item, depth + 1)).join(',')}]`;
  if (isMap(node)) {
    const members = node.items.map(({ key, value }) => `${writeKey(key)}:${write(value, depth + 1)}`);
    return `{${members.join(',')}}`;
  }
  if (isAlias(node)) throw new Error('it holds an alias, which no export has');
  throw new Error('it holds a node of an unknown kind');
}

function writeKey(key: unknown): string {
  if (isScalar(key)) return JSON.stringify(String(key.value ?? ''));
  throw new Error('a key is not a text');
}

function writeScalar({ value, type }: Scalar): string {
  const text = String(value ?? '');
  if (type !== Scalar.PLAIN && type !== undefined) return JSON.stringify(text);
  return LITERALS.get(text) ?? (NUMBER.test(text) ? text : JSON.stringify(text));
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 200) : String(error);
}

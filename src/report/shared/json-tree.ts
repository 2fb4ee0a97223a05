/** JSON as written: member order, repeated names and number spellings survive. */
export type JsonNode =
  /** `text` is the JSON token, quotes included. */
  | { readonly kind: 'scalar'; readonly text: string }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'object'; readonly members: readonly JsonMember[] };

export interface JsonMember {
  /** The decoded name. */
  readonly name: string;
  readonly value: JsonNode;
}

export type ObjectNode = Extract<JsonNode, { kind: 'object' }>;

const TOKEN = /\s*(?:([{}[\],:])|("[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*|true|false|null))/y;
/** Far deeper than any policy; keeps hostile nesting from exhausting the stack. */
const MAX_DEPTH = 64;

interface Token {
  /** One of `{ } [ ] , :`, or empty. */
  readonly mark: string;
  /** A string, number, `true`, `false` or `null` as written, or empty. Both are empty where JSON ends. */
  readonly scalar: string;
}

type NextToken = () => Token;

/** Null when the text is not JSON or nests too deeply. */
export function parseJson(text: string): JsonNode | null {
  const tokens = new RegExp(TOKEN);
  let end = 0;
  const next: NextToken = () => {
    const match = tokens.exec(text);
    end = tokens.lastIndex;
    return { mark: match?.[1] ?? '', scalar: match?.[2] ?? '' };
  };
  const value = readValue(next(), next, 0);
  return value !== null && text.slice(end).trim() === '' ? value : null;
}

function readValue(token: Token, next: NextToken, depth: number): JsonNode | null {
  if (depth > MAX_DEPTH) return null;
  if (token.mark === '[') return readArray(next, depth + 1);
  if (token.mark === '{') return readObject(next, depth + 1);
  return token.scalar === '' ? null : { kind: 'scalar', text: token.scalar };
}

function readArray(next: NextToken, depth: number): JsonNode | null {
  const items: JsonNode[] = [];
  let token = next();
  if (token.mark === ']') return { kind: 'array', items };
  for (;;) {
    const item = readValue(token, next, depth);
    if (item === null) return null;
    items.push(item);
    const { mark } = next();
    if (mark === ']') return { kind: 'array', items };
    if (mark !== ',') return null;
    token = next();
  }
}

function readObject(next: NextToken, depth: number): JsonNode | null {
  const members: JsonMember[] = [];
  let token = next();
  if (token.mark === '}') return { kind: 'object', members };
  for (;;) {
    const name = decodeString(token.scalar);
    if (name === null || next().mark !== ':') return null;
    const value = readValue(next(), next, depth);
    if (value === null) return null;
    members.push({ name, value });
    const { mark } = next();
    if (mark === '}') return { kind: 'object', members };
    if (mark !== ',') return null;
    token = next();
  }
}

function decodeString(token: string): string | null {
  if (!token.startsWith('"')) return null;
  try {
    const value: unknown = JSON.parse(token);
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}

/** The members of that exact name, in order: none, one, or several when a name is repeated. */
export function membersNamed(node: ObjectNode, name: string): readonly JsonNode[] {
  return node.members.filter((member) => member.name === name).map((member) => member.value);
}

export function scalarNode(value: string): JsonNode {
  return { kind: 'scalar', text: JSON.stringify(value) };
}

/** Compact JSON text. */
export function compactJson(node: JsonNode): string {
  switch (node.kind) {
    case 'scalar':
      return node.text;
    case 'array':
      return `[${node.items.map(compactJson).join(',')}]`;
    case 'object':
      return `{${node.members.map((m) => `${JSON.stringify(m.name)}:${compactJson(m.value)}`).join(',')}}`;
  }
}

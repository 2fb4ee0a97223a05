/**
 * A JSON reader for policy documents that keeps every member of an object, repeated keys included.
 *
 * `JSON.parse` keeps the last of two members with the same name; a trust policy could hide a statement or a
 * condition that way, so the analysis must see both. IAM itself refuses such documents
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html).
 */
export type Json = null | boolean | string | JsonNumber | readonly Json[] | JsonObject;

/** A number as written, so that `012` style account ids or large integers are never rounded. */
export class JsonNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Members in source order; the same key may occur more than once. */
export class JsonObject {
  readonly members: readonly (readonly [string, Json])[];
  /** Keys that occur more than once. */
  readonly repeated: ReadonlySet<string>;
  constructor(members: readonly (readonly [string, Json])[]) {
    this.members = members;
    this.repeated = repeatedKeys(members);
  }
  /** The values of every member with this key. */
  all(key: string): readonly Json[] {
    return this.members.filter(([name]) => name === key).map(([, value]) => value);
  }
}

export class JsonSyntaxError extends Error {
  /** Character offset in the text. */
  readonly offset: number;
  constructor(expected: string, offset: number) {
    super(`expected ${expected} at character ${offset}`);
    this.name = 'JsonSyntaxError';
    this.offset = offset;
  }
}

/** Deeper nesting than any policy has; bounds recursion on hostile text. */
const MAX_DEPTH = 64;

export class JsonDepthError extends JsonSyntaxError {
  constructor(offset: number) {
    super(`at most ${MAX_DEPTH} levels of nesting`, offset);
    this.name = 'JsonDepthError';
  }
}

const NO_KEYS: ReadonlySet<string> = new Set();

function repeatedKeys(members: readonly (readonly [string, Json])[]): ReadonlySet<string> {
  if (members.length < 2) return NO_KEYS;
  const seen = new Set<string>();
  let repeated: Set<string> | null = null;
  for (const [key] of members) {
    if (seen.has(key)) {
      repeated ??= new Set();
      repeated.add(key);
    }
    seen.add(key);
  }
  return repeated ?? NO_KEYS;
}

/** Parses one JSON value that fills the whole text. Throws JsonSyntaxError. */
export function parseJson(text: string): Json {
  let at = 0;

  function blank(): void {
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === 32 || code === 10 || code === 13 || code === 9) at++;
      else return;
    }
  }

  function string(): string {
    const start = at;
    at++;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === 34) break;
      if (code === 92) at += 2;
      else if (code < 32 || Number.isNaN(code)) throw new JsonSyntaxError('a string character', at);
      else at++;
      if (at >= text.length) throw new JsonSyntaxError('the end of a string', text.length);
    }
    at++;
    const literal = text.slice(start, at);
    if (!literal.includes('\\')) return literal.slice(1, -1);
    try {
      return JSON.parse(literal) as string;
    } catch {
      throw new JsonSyntaxError('a valid escape sequence', start);
    }
  }

  function word(expected: string, value: Json): Json {
    if (!text.startsWith(expected, at)) throw new JsonSyntaxError('a JSON value', at);
    at += expected.length;
    return value;
  }

  const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
  function number(): Json {
    numberPattern.lastIndex = at;
    const found = numberPattern.exec(text);
    if (found === null) throw new JsonSyntaxError('a JSON value', at);
    at += found[0].length;
    return new JsonNumber(found[0]);
  }

  function array(depth: number): Json {
    const items: Json[] = [];
    at++;
    blank();
    if (text.charCodeAt(at) === 93) {
      at++;
      return items;
    }
    for (;;) {
      items.push(value(depth + 1));
      blank();
      const code = text.charCodeAt(at);
      at++;
      if (code === 93) return items;
      if (code !== 44) throw new JsonSyntaxError('`,` or `]`', at - 1);
    }
  }

  function object(depth: number): Json {
    const members: [string, Json][] = [];
    at++;
    blank();
    if (text.charCodeAt(at) === 125) {
      at++;
      return new JsonObject(members);
    }
    for (;;) {
      blank();
      if (text.charCodeAt(at) !== 34) throw new JsonSyntaxError('a member name', at);
      const key = string();
      blank();
      if (text.charCodeAt(at) !== 58) throw new JsonSyntaxError('`:`', at);
      at++;
      members.push([key, value(depth + 1)]);
      blank();
      const code = text.charCodeAt(at);
      at++;
      if (code === 125) return new JsonObject(members);
      if (code !== 44) throw new JsonSyntaxError('`,` or `}`', at - 1);
    }
  }

  function value(depth: number): Json {
    if (depth > MAX_DEPTH) throw new JsonDepthError(at);
    blank();
    switch (text.charCodeAt(at)) {
      case 123:
        return object(depth);
      case 91:
        return array(depth);
      case 34:
        return string();
      case 116:
        return word('true', true);
      case 102:
        return word('false', false);
      case 110:
        return word('null', null);
      default:
        return number();
    }
  }

  const result = value(0);
  blank();
  if (at !== text.length) throw new JsonSyntaxError('the end of the document', at);
  return result;
}

/** Compact JSON with members in source order, repeated ones included. */
export function printJson(value: Json): string {
  if (value instanceof JsonNumber) return value.text;
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(printJson).join(',')}]`;
  if (value instanceof JsonObject) {
    return `{${value.members.map(([key, member]) => `${JSON.stringify(key)}:${printJson(member)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

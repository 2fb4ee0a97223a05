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

/** The keys that more than one of the members has, each as `fold` writes it. */
export function repeatedKeys(
  members: readonly (readonly [string, Json])[],
  fold: (key: string) => string = String,
): ReadonlySet<string> {
  if (members.length < 2) return NO_KEYS;
  const seen = new Set<string>();
  let repeated: Set<string> | null = null;
  for (const [name] of members) {
    const key = fold(name);
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
  return new JsonParser(text).document();
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** Reads a text from front to back, once. */
class JsonParser {
  private readonly text: string;
  /** How far it is read. */
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  document(): Json {
    const result = this.value(0);
    this.blank();
    if (this.at !== this.text.length) throw new JsonSyntaxError('the end of the document', this.at);
    return result;
  }

  private blank(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code === 32 || code === 10 || code === 13 || code === 9) this.at++;
      else return;
    }
  }

  private string(): string {
    const { text, at: start } = this;
    let at = start + 1;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === 34) break;
      if (code === 92) at += 2;
      else if (code < 32 || Number.isNaN(code)) throw new JsonSyntaxError('a string character', at);
      else at++;
      if (at >= text.length) throw new JsonSyntaxError('the end of a string', text.length);
    }
    this.at = at + 1;
    const literal = text.slice(start, this.at);
    if (!literal.includes('\\')) return literal.slice(1, -1);
    try {
      return JSON.parse(literal) as string;
    } catch {
      throw new JsonSyntaxError('a valid escape sequence', start);
    }
  }

  private word(expected: string, value: Json): Json {
    if (!this.text.startsWith(expected, this.at)) throw new JsonSyntaxError('a JSON value', this.at);
    this.at += expected.length;
    return value;
  }

  private number(): Json {
    NUMBER.lastIndex = this.at;
    const found = NUMBER.exec(this.text);
    if (found === null) throw new JsonSyntaxError('a JSON value', this.at);
    this.at += found[0].length;
    return new JsonNumber(found[0]);
  }

  private array(depth: number): Json {
    const items: Json[] = [];
    this.at++;
    this.blank();
    if (this.text.charCodeAt(this.at) === 93) {
      this.at++;
      return items;
    }
    for (;;) {
      items.push(this.value(depth + 1));
      this.blank();
      const code = this.text.charCodeAt(this.at);
      this.at++;
      if (code === 93) return items;
      if (code !== 44) throw new JsonSyntaxError('`,` or `]`', this.at - 1);
    }
  }

  private object(depth: number): Json {
    const members: [string, Json][] = [];
    this.at++;
    this.blank();
    if (this.text.charCodeAt(this.at) === 125) {
      this.at++;
      return new JsonObject(members);
    }
    for (;;) {
      this.blank();
      if (this.text.charCodeAt(this.at) !== 34) throw new JsonSyntaxError('a member name', this.at);
      const key = this.string();
      this.blank();
      if (this.text.charCodeAt(this.at) !== 58) throw new JsonSyntaxError('`:`', this.at);
      this.at++;
      members.push([key, this.value(depth + 1)]);
      this.blank();
      const code = this.text.charCodeAt(this.at);
      this.at++;
      if (code === 125) return new JsonObject(members);
      if (code !== 44) throw new JsonSyntaxError('`,` or `}`', this.at - 1);
    }
  }

  private value(depth: number): Json {
    if (depth > MAX_DEPTH) throw new JsonDepthError(this.at);
    this.blank();
    switch (this.text.charCodeAt(this.at)) {
      case 123:
        return this.object(depth);
      case 91:
        return this.array(depth);
      case 34:
        return this.string();
      case 116:
        return this.word('true', true);
      case 102:
        return this.word('false', false);
      case 110:
        return this.word('null', null);
      default:
        return this.number();
    }
  }
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

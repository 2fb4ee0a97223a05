import { jsonParser, type Token } from 'stream-json/core/parser.js';
import { errorText } from '../text/error-text.ts';

/** White space that makes the parser finish a number or literal it holds back at the end of its input. */
export const END_PADDING = '\n'.repeat(32);

/**
 * Writes the tokens of one value as compact JSON. Members keep their order and duplicates stay, which no
 * JavaScript object would allow.
 */
export class CompactWriter {
  text = '';
  depth = 0;
  /** True when the text was cut for being longer than the limit. */
  overflow = false;
  private comma = false;
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Returns true when the value is complete. */
  accept(token: Token): boolean {
    switch (token.name) {
      case 'startObject':
        return this.open('{');
      case 'startArray':
        return this.open('[');
      case 'endObject':
        return this.close('}');
      case 'endArray':
        return this.close(']');
      case 'keyValue':
        this.append(`${JSON.stringify(token.value)}:`);
        this.comma = false;
        return false;
      case 'stringValue':
        return this.scalar(JSON.stringify(token.value));
      case 'numberValue':
        return this.scalar(token.value);
      case 'nullValue':
      case 'trueValue':
      case 'falseValue':
        return this.scalar(String(token.value));
      default:
        return false;
    }
  }

  private open(bracket: string): false {
    this.append(bracket);
    this.comma = false;
    this.depth++;
    return false;
  }

  private close(bracket: string): boolean {
    this.comma = false;
    this.append(bracket);
    this.comma = true;
    this.depth--;
    return this.depth === 0;
  }

  private scalar(text: string): boolean {
    this.append(text);
    this.comma = true;
    return this.depth === 0;
  }

  private append(text: string): void {
    if (this.overflow) return;
    if (this.text.length + text.length + 1 > this.limit) {
      this.overflow = true;
      this.text = '';
      return;
    }
    this.text += this.comma ? `,${text}` : text;
  }
}

export type CompactResult =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: string };

/**
 * Checks that `text` is one JSON value and writes it compactly, duplicates kept.
 *
 * @param maxDepth deepest nesting accepted
 */
export function compactJson(text: string, maxDepth: number): CompactResult {
  const writer = new CompactWriter(Number.POSITIVE_INFINITY);
  let complete = false;
  try {
    for (const token of parseWhole(text)) {
      complete = writer.accept(token);
      if (writer.depth > maxDepth) return { ok: false, reason: `nested deeper than ${maxDepth} levels` };
    }
  } catch (error) {
    return { ok: false, reason: describeSyntax(error) };
  }
  return complete ? { ok: true, text: writer.text } : { ok: false, reason: 'the JSON ends too early' };
}

/**
 * Writes JSON again with its keys replaced.
 *
 * @param json valid JSON
 * @param rename gets a key and the keys of the objects around it, outermost first (arrays do not count)
 */
export function renameKeys(json: string, rename: (key: string, path: readonly string[]) => string): string {
  const writer = new CompactWriter(Number.POSITIVE_INFINITY);
  // One entry per open container: the key read last in an object, null for an array.
  const keys: (string | null)[] = [];
  for (const token of parseWhole(json)) {
    let written: Token = token;
    if (token.name === 'startObject') keys.push('');
    else if (token.name === 'startArray') keys.push(null);
    else if (token.name === 'endObject' || token.name === 'endArray') keys.pop();
    else if (token.name === 'keyValue') {
      const path = keys.slice(0, -1).filter((key) => key !== null);
      written = { name: 'keyValue', value: rename(token.value, path) };
      keys[keys.length - 1] = token.value;
    }
    writer.accept(written);
  }
  return writer.text;
}

/** The parser's complaint without its preamble, such as `expected a value`. */
export function describeSyntax(error: unknown): string {
  const text = errorText(error);
  const cut = text.replace(/^(ERROR at .*?: )?(Parser|Verifier) (cannot parse input: |has )/, '');
  return cut === 'escaped characters' ? 'a control character or a bad escape in a string' : cut;
}

function parseWhole(text: string): readonly Token[] {
  const parse = jsonParser({ packValues: true, streamValues: false });
  const tokens = parse(text + END_PADDING);
  return typeof tokens === 'object' ? tokens.values : [];
}

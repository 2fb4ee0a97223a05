import { plainJson } from '../scalar-json.ts';
import { FEED, NotPlain, type PlainLines, SPACE } from './plain-lines.ts';
import { isQuote, readQuoted } from './plain-scalars.ts';

const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_MAP = 0x7b;
const CLOSE_MAP = 0x7d;

/** True where a list or mapping in brackets begins. */
export function isBracket(code: number): boolean {
  return code === OPEN_LIST || code === OPEN_MAP;
}

/**
 * Reads a list or mapping in brackets, which may be JSON, stops behind it and gives it as JSON.
 *
 * @param outer the indentation that its further lines have to exceed
 * @param room levels that it may have
 */
export function readFlow(lines: PlainLines, outer: number, room: number): string {
  if (room <= 0) throw new NotPlain();
  const isMap = lines.code() === OPEN_MAP;
  const close = isMap ? CLOSE_MAP : CLOSE_LIST;
  let json = isMap ? '{' : '[';
  lines.at++;
  skipBlank(lines, outer);
  while (lines.code() !== close) {
    if (isMap) json += `${readKey(lines, outer)}:`;
    json += readValue(lines, outer, room - 1);
    skipBlank(lines, outer);
    if (lines.code() === close) break;
    if (lines.code() !== COMMA) throw new NotPlain();
    lines.at++;
    skipBlank(lines, outer);
    // A comma behind the last one is left to the library.
    if (lines.code() === close) throw new NotPlain();
    json += ',';
  }
  lines.at++;
  return json + (isMap ? '}' : ']');
}

function readKey(lines: PlainLines, outer: number): string {
  const isQuoted = isQuote(lines.code());
  const key = isQuoted ? readQuoted(lines, null) : readPlain(lines);
  if (lines.code() !== COLON || (!isQuoted && lines.code(1) !== SPACE && lines.code(1) !== FEED))
    throw new NotPlain();
  lines.at++;
  skipBlank(lines, outer);
  return JSON.stringify(key);
}

function readValue(lines: PlainLines, outer: number, room: number): string {
  if (isBracket(lines.code())) return readFlow(lines, outer, room);
  if (isQuote(lines.code())) return JSON.stringify(readQuoted(lines, null));
  return plainJson(readPlain(lines));
}

function readPlain(lines: PlainLines): string {
  const { text, at } = lines;
  lines.at = lines.plainEnd(true);
  return text.slice(at, lines.at);
}

/** Steps over blanks and line ends; comments are left to the library. */
function skipBlank(lines: PlainLines, outer: number): void {
  for (;;) {
    while (lines.code() === SPACE) lines.at++;
    if (lines.code() !== FEED) return;
    lines.nextLine();
    if (lines.indent <= Math.max(outer, 0)) throw new NotPlain();
  }
}

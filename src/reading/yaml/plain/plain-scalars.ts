import { FEED, NotPlain, type PlainLines, SPACE } from './plain-lines.ts';

const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const HASH = 0x23;

/** Escapes in double quotes that stand for one character (https://yaml.org/spec/1.2.2/#57-escaped-characters). */
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  [' ', ' '],
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['b', '\b'],
  ['f', '\f'],
  ['v', '\v'],
  ['0', '\0'],
  ['a', '\x07'],
  ['e', '\x1b'],
]);
const HEX_DIGITS: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
]);

/** True where a quoted scalar begins. */
export function isQuote(code: number): boolean {
  return code === QUOTE || code === APOSTROPHE;
}

/**
 * Reads a scalar in quotes and stops behind it.
 *
 * @param outer the indentation that its further lines have to exceed; null when it has to end in its line
 */
export function readQuoted(lines: PlainLines, outer: number | null): string {
  const { text, at } = lines;
  const isDouble = text.charCodeAt(at) === QUOTE;
  const end = isDouble ? endOfDouble(text, at + 1) : endOfSingle(text, at + 1);
  lines.at = end + 1;
  const written = text.slice(at + 1, end);
  if (written.includes('\n')) {
    if (outer === null) throw new NotPlain();
    return isDouble ? foldEscaped(written, outer) : undouble(fold(written, outer));
  }
  return isDouble ? resolveEscapes(written) : undouble(written);
}

function endOfSingle(text: string, from: number): number {
  for (let at = text.indexOf("'", from); at >= 0; at = text.indexOf("'", at + 2)) {
    if (text.charCodeAt(at + 1) !== APOSTROPHE) return at;
  }
  throw new NotPlain();
}

function endOfDouble(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at++;
  }
  throw new NotPlain();
}

function undouble(written: string): string {
  return written.includes("'") ? written.replaceAll("''", "'") : written;
}

function resolveEscapes(written: string): string {
  let from = written.indexOf('\\');
  if (from < 0) return written;
  let value = written.slice(0, from);
  while (from >= 0) {
    const letter = written.charAt(from + 1);
    let next = from + 2;
    const digits = HEX_DIGITS.get(letter);
    if (digits === undefined) {
      const character = ESCAPES.get(letter);
      if (character === undefined) throw new NotPlain();
      value += character;
    } else {
      const hex = written.slice(next, next + digits);
      if (hex.length < digits || /[^\dA-Fa-f]/.test(hex)) throw new NotPlain();
      value += String.fromCharCode(Number.parseInt(hex, 16));
      next += digits;
    }
    from = written.indexOf('\\', next);
    value += written.slice(next, from < 0 ? undefined : from);
  }
  return value;
}

/** Puts the lines of a scalar together: a line end is a blank, and as many as there are empty lines where there are any. */
function fold(written: string, outer: number): string {
  const [first = '', ...rest] = written.split('\n');
  let value = first.trimEnd();
  let empty = 0;
  for (const [index, line] of rest.entries()) {
    const content = trimSpaces(line);
    const isLast = index === rest.length - 1;
    if (isLast || content !== '') checkIndent(line, outer);
    if (content === '' && !isLast) {
      empty++;
      continue;
    }
    value += empty === 0 ? ' ' : '\n'.repeat(empty);
    value += isLast ? line.slice(indentOf(line)) : content;
    empty = 0;
  }
  return value;
}

/** The same in double quotes, where a backslash at the end of a line joins it with the next. */
function foldEscaped(written: string, outer: number): string {
  const lines = written.split('\n');
  let value = '';
  for (const [index, line] of lines.entries()) {
    if (index > 0) checkIndent(line, outer);
    const content = index > 0 ? line.slice(indentOf(line)) : line;
    const isJoined = (/\\*$/.exec(content)?.[0].length ?? 0) % 2 === 1;
    const isFolded = index < lines.length - 1 && !isJoined;
    // Empty lines, and blanks in front of a line end, are rare here.
    if (content === '' || (isFolded && content.endsWith(' '))) throw new NotPlain();
    value += resolveEscapes(isJoined ? content.slice(0, -1) : content);
    if (isFolded) value += ' ';
  }
  return value;
}

/**
 * Reads a plain scalar, with the lines that go on with it, and ends its last line.
 *
 * @param outer the indentation that its further lines have to exceed
 */
export function readPlain(lines: PlainLines, outer: number): string {
  let value = readPlainLine(lines);
  // A comment behind it ends it.
  while (lines.code() === FEED) {
    const next = lines.at + 1;
    lines.nextLine();
    if (lines.indent <= Math.max(outer, 0)) return value;
    // Empty lines and comments in it are left to the library.
    if (lines.at - lines.indent !== next) throw new NotPlain();
    value += ` ${readPlainLine(lines)}`;
  }
  lines.endLine();
  return value;
}

function readPlainLine(lines: PlainLines): string {
  const { text, at } = lines;
  const end = lines.plainEnd(false);
  if (text.charCodeAt(end) === COLON) throw new NotPlain();
  lines.at = end;
  // Only blanks in front of a line end can be stepped over without looking further.
  while (lines.code() === SPACE && lines.code(1) !== HASH) lines.at++;
  return text.slice(at, end);
}

/**
 * Reads a block scalar and ends its last line.
 *
 * @param outer the indentation that its lines have to exceed
 */
export function readBlockScalar(lines: PlainLines, outer: number): string {
  const { text } = lines;
  const header = /^([|>])([-+]?) *(?: #.*)?$/.exec(text.slice(lines.at, text.indexOf('\n', lines.at)));
  if (header === null) throw new NotPlain();
  let begin = text.indexOf('\n', lines.at) + 1;
  const content: string[] = [];
  let indent = -1;
  while (begin < text.length) {
    const end = text.indexOf('\n', begin);
    let at = begin;
    while (text.charCodeAt(at) === SPACE) at++;
    const isEmpty = at === end;
    // Empty lines in front are left to the library, and so are lines of blanks that are longer than the indentation.
    if (isEmpty && (indent < 0 || at - begin > indent)) throw new NotPlain();
    if (indent < 0) indent = at - begin;
    if (indent <= Math.max(outer, 0)) throw new NotPlain();
    if (!isEmpty && at - begin < indent) break;
    content.push(isEmpty ? '' : text.slice(begin + indent, end));
    begin = end + 1;
  }
  if (indent < 0) throw new NotPlain();
  lines.seek(begin);
  // A line between the two indentations, if only with a comment, is odd.
  if (lines.indent > outer && lines.indent >= 0) throw new NotPlain();
  return chomp(content, header[1] === '>', header[2] ?? '');
}

function chomp(lines: readonly string[], isFolded: boolean, mark: string): string {
  let last = lines.length;
  while (lines[last - 1] === '') last--;
  const body = lines.slice(0, last);
  const end = mark === '-' ? '' : '\n'.repeat(mark === '+' ? lines.length - last + 1 : 1);
  if (!isFolded) return body.join('\n') + end;
  if (body.some((line) => line.startsWith(' '))) throw new NotPlain();
  let value = '';
  let empty = 0;
  for (const [index, line] of body.entries()) {
    if (line === '') {
      empty++;
      continue;
    }
    if (index > 0) value += empty === 0 ? ' ' : '\n'.repeat(empty);
    value += line;
    empty = 0;
  }
  return value + end;
}

function checkIndent(line: string, outer: number): void {
  if (indentOf(line) <= Math.max(outer, 0)) throw new NotPlain();
}

function indentOf(line: string): number {
  let at = 0;
  while (line.charCodeAt(at) === SPACE) at++;
  return at;
}

function trimSpaces(line: string): string {
  let end = line.length;
  while (line.charCodeAt(end - 1) === SPACE) end--;
  return line.slice(indentOf(line), Math.max(end, 0));
}

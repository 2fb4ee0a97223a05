import {
  type CharSet,
  charSet,
  closeOverCase,
  complement,
  DIGITS,
  LINE_ENDS,
  onlyUnit,
  SPACE,
  WORD,
} from './char-set.ts';

/** What a regular expression means. Groups are gone: nothing is captured. */
export type Node =
  | { readonly kind: 'set'; readonly set: CharSet }
  | { readonly kind: 'sequence'; readonly items: readonly Node[] }
  | { readonly kind: 'choice'; readonly items: readonly Node[] }
  /** `max` null: without end. */
  | { readonly kind: 'repeat'; readonly item: Node; readonly min: number; readonly max: number | null }
  | { readonly kind: 'assert'; readonly what: Assertion };

export type Assertion = 'start' | 'end' | 'boundary' | 'no-boundary';

export class PatternError extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const MAX_GROUPS_DEEP = 50;
const MAX_REPEAT = 1000;

interface Cursor {
  readonly source: string;
  readonly ignoreCase: boolean;
  at: number;
  depth: number;
}

/**
 * Parses the part of the common regular-expression syntax that can be matched in linear time: no look-around,
 * no back-references. Throws PatternError.
 */
export function parsePattern(source: string, ignoreCase: boolean): Node {
  const cursor: Cursor = { source, ignoreCase, at: 0, depth: 0 };
  const node = parseChoice(cursor);
  if (cursor.at < source.length) throw new PatternError('`)` closes nothing', cursor.at);
  return node;
}

function parseChoice(cursor: Cursor): Node {
  const items = [parseSequence(cursor)];
  while (take(cursor, '|')) items.push(parseSequence(cursor));
  return items.length === 1 ? items[0]! : { kind: 'choice', items };
}

function parseSequence(cursor: Cursor): Node {
  const items: Node[] = [];
  for (let char = peek(cursor); char !== '' && char !== '|' && char !== ')'; char = peek(cursor)) {
    items.push(parseRepeat(cursor));
  }
  return items.length === 1 ? items[0]! : { kind: 'sequence', items };
}

const ANCHOR = /^(?:\^|\$|\\[bB])/;
const COUNT = /\{(\d{1,6})(?:(,)(\d{1,6})?)?\}/y;

function parseRepeat(cursor: Cursor): Node {
  const start = cursor.at;
  const item = parseAtom(cursor);
  const bounds = parseQuantifier(cursor);
  if (bounds === null) return item;
  if (ANCHOR.test(cursor.source.slice(start, start + 2))) {
    throw new PatternError('an anchor cannot be repeated', start);
  }
  take(cursor, '?'); // Lazy or greedy: whether there is a match is the same.
  if (parseQuantifier(cursor) !== null) {
    throw new PatternError('a quantifier cannot follow a quantifier', cursor.at);
  }
  return { kind: 'repeat', item, ...bounds };
}

function parseQuantifier(cursor: Cursor): { readonly min: number; readonly max: number | null } | null {
  if (take(cursor, '*')) return { min: 0, max: null };
  if (take(cursor, '+')) return { min: 1, max: null };
  if (take(cursor, '?')) return { min: 0, max: 1 };
  COUNT.lastIndex = cursor.at;
  const match = COUNT.exec(cursor.source);
  if (match === null) return null;
  const min = Number(match[1]);
  const max = match[2] === undefined ? min : match[3] === undefined ? null : Number(match[3]);
  if (Math.max(min, max ?? 0) > MAX_REPEAT)
    throw new PatternError(`a count is over ${MAX_REPEAT}`, cursor.at);
  if (max !== null && max < min) throw new PatternError('the counts are in the wrong order', cursor.at);
  cursor.at = COUNT.lastIndex;
  return { min, max };
}

function parseAtom(cursor: Cursor): Node {
  const start = cursor.at;
  const char = next(cursor);
  switch (char) {
    case '(':
      return parseGroup(cursor, start);
    case '[':
      return { kind: 'set', set: parseClass(cursor, start) };
    case '{':
      cursor.at = start;
      if (parseQuantifier(cursor) !== null) throw new PatternError('nothing to repeat before `{`', start);
      cursor.at = start + 1;
      return literal(cursor, char);
    case '.':
      return { kind: 'set', set: complement(LINE_ENDS) };
    case '^':
      return { kind: 'assert', what: 'start' };
    case '$':
      return { kind: 'assert', what: 'end' };
    case '*':
    case '+':
    case '?':
      throw new PatternError(`nothing to repeat before \`${char}\``, start);
    case '\\':
      return parseEscape(cursor, start);
    default:
      return literal(cursor, char);
  }
}

function literal(cursor: Cursor, char: string): Node {
  return { kind: 'set', set: folded(cursor, single(char.charCodeAt(0))) };
}

function folded(cursor: Cursor, set: CharSet): CharSet {
  return cursor.ignoreCase ? closeOverCase(set) : set;
}

function parseGroup(cursor: Cursor, start: number): Node {
  if (++cursor.depth > MAX_GROUPS_DEEP) throw new PatternError('groups nest too deeply', start);
  if (take(cursor, '?')) {
    const name = /(?::|<[A-Za-z_]\w*>)/y;
    name.lastIndex = cursor.at;
    if (!name.test(cursor.source))
      throw new PatternError('look-around and inline options are not supported', start);
    cursor.at = name.lastIndex;
  }
  const node = parseChoice(cursor);
  if (!take(cursor, ')')) throw new PatternError('the group is not closed', start);
  cursor.depth--;
  return node;
}

function parseEscape(cursor: Cursor, start: number): Node {
  if (take(cursor, 'b')) return { kind: 'assert', what: 'boundary' };
  if (take(cursor, 'B')) return { kind: 'assert', what: 'no-boundary' };
  return { kind: 'set', set: folded(cursor, escapedSet(cursor, start)) };
}

const SETS: ReadonlyMap<string, CharSet> = new Map([
  ['d', DIGITS],
  ['D', complement(DIGITS)],
  ['w', WORD],
  ['W', complement(WORD)],
  ['s', SPACE],
  ['S', complement(SPACE)],
  ...(['t\t', 'n\n', 'r\r', 'f\f', 'v\v'] as const).map((pair): [string, CharSet] => [
    pair.charAt(0),
    single(pair.charCodeAt(1)),
  ]),
]);

/** The set an escape stands for; the backslash is already read. */
function escapedSet(cursor: Cursor, start: number): CharSet {
  const char = next(cursor);
  const known = SETS.get(char);
  if (known !== undefined) return known;
  if (char === 'x' || char === 'u') {
    const digits = char === 'x' ? 2 : 4;
    const hex = cursor.source.slice(cursor.at, cursor.at + digits);
    if (hex.length !== digits || !/^[0-9A-Fa-f]+$/.test(hex))
      throw new PatternError('incomplete escape', start);
    cursor.at += digits;
    return single(Number.parseInt(hex, 16));
  }
  if (/^[1-9k]$/.test(char)) throw new PatternError('back-references are not supported', start);
  if (char === '' || /^[A-Za-z0-9]$/.test(char))
    throw new PatternError(`unsupported escape \`\\${char}\``, start);
  return single(char.charCodeAt(0));
}

/** The inside of `[...]`; the opening bracket is already read. */
function parseClass(cursor: Cursor, start: number): CharSet {
  const negated = take(cursor, '^');
  const ranges: (readonly [number, number])[] = [];
  if (peek(cursor) === ']') throw new PatternError('empty character class', start);
  while (!take(cursor, ']')) {
    if (cursor.at >= cursor.source.length) throw new PatternError('the character class is not closed', start);
    const at = cursor.at;
    refuseSubtraction(cursor);
    const low = parseClassItem(cursor);
    refuseSubtraction(cursor);
    if (
      peek(cursor) !== '-' ||
      cursor.source[cursor.at + 1] === ']' ||
      cursor.at + 1 >= cursor.source.length
    ) {
      ranges.push(...low);
      continue;
    }
    cursor.at++;
    const from = onlyUnit(low);
    const to = onlyUnit(parseClassItem(cursor));
    if (from === null || to === null || from > to) {
      throw new PatternError('invalid range in character class', at);
    }
    ranges.push([from, to]);
  }
  // Case is folded before the complement is taken: `[^a]` with the flag i matches neither `a` nor `A`.
  const set = folded(cursor, charSet(ranges));
  return negated ? complement(set) : set;
}

/** `[a-z-[aeiou]]` means one thing to .NET and another to JavaScript. */
function refuseSubtraction(cursor: Cursor): void {
  if (!cursor.source.startsWith('-[', cursor.at)) return;
  throw new PatternError('class subtraction is not supported', cursor.at);
}

function parseClassItem(cursor: Cursor): CharSet {
  const start = cursor.at;
  const char = next(cursor);
  if (char !== '\\') return single(char.charCodeAt(0));
  return take(cursor, 'b') ? single(8) : escapedSet(cursor, start);
}

function single(unit: number): CharSet {
  return [[unit, unit]];
}

function peek(cursor: Cursor): string {
  return cursor.source.charAt(cursor.at);
}

function next(cursor: Cursor): string {
  return cursor.source.charAt(cursor.at++);
}

function take(cursor: Cursor, char: string): boolean {
  if (peek(cursor) !== char) return false;
  cursor.at++;
  return true;
}

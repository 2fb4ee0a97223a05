import { parseAddressRange, parseBoolean, parseDate, parseNumber } from '../values.ts';

/** The comparisons of condition operators, for `conditions.ts` alone; the search has its own. */

/** Null: AWS does not define it. */
export type Answer = true | false | null;

export function any(answers: readonly Answer[]): Answer {
  if (answers.includes(true)) return true;
  return answers.includes(null) ? null : false;
}

/** Pieces of a condition value; wildcards in a literal piece stand for themselves. */
export type Pattern = readonly { readonly text: string; readonly literal: boolean }[];

/** Puts the values of policy variables in; null when one has none. */
export function substitute(
  text: string,
  context: ReadonlyMap<string, string | readonly string[]>,
): Pattern | null {
  const pieces: { text: string; literal: boolean }[] = [];
  let from = 0;
  for (const found of text.matchAll(/\$\{([^{}]*)\}/g)) {
    pieces.push({ text: text.slice(from, found.index), literal: false });
    from = found.index + found[0].length;
    const inside = found[1] as string;
    if (/^[*?$]$/.test(inside)) {
      pieces.push({ text: inside, literal: true });
      continue;
    }
    const [, name, fallback] = /^\s*([^,]*?)\s*(?:,\s*'([^']*)'\s*)?$/.exec(inside) ?? [];
    const value = context.get((name ?? inside).toLowerCase());
    const filled = typeof value === 'string' ? value : fallback;
    if (filled === undefined) return null;
    pieces.push({ text: filled, literal: true });
  }
  pieces.push({ text: text.slice(from), literal: false });
  return pieces;
}

function plain(pattern: Pattern): string {
  return pattern.map(({ text }) => text).join('');
}

/** Private-use stand-ins for `*` and `?` that are meant literally. */
function guarded(pattern: Pattern): string {
  return pattern
    .map(({ text, literal }) => (literal ? text.replaceAll('*', '\uE000').replaceAll('?', '\uE001') : text))
    .join('');
}

/** `*` is any run of characters, `?` exactly one. */
export function like(pattern: string, text: string): boolean {
  let reachable = new Set([0]);
  const close = (positions: Set<number>): Set<number> => {
    for (const position of positions) if (pattern[position] === '*') positions.add(position + 1);
    return positions;
  };
  close(reachable);
  for (const char of text) {
    const next = new Set<number>();
    for (const position of reachable) {
      const wanted = pattern[position];
      if (wanted === '*') next.add(position);
      else if (wanted === '?' || wanted === char) next.add(position + 1);
    }
    reachable = close(next);
  }
  return reachable.has(pattern.length);
}

function likeGuarded(pattern: Pattern, text: string): boolean {
  return like(guarded(pattern), text.replaceAll('*', '\uE000').replaceAll('?', '\uE001'));
}

function arnLike(pattern: Pattern, text: string): Answer {
  const wanted = sixParts(guarded(pattern));
  if (wanted === null) return null;
  const given = sixParts(text.replaceAll('*', '\uE000').replaceAll('?', '\uE001'));
  return given !== null && wanted.every((part, index) => like(part, given[index] as string));
}

function sixParts(text: string): readonly string[] | null {
  const parts = text.split(':');
  return parts.length < 6 ? null : [...parts.slice(0, 5), parts.slice(5).join(':')];
}

type Compare = (pattern: Pattern, value: string) => Answer;

function ordered(
  parse: (text: string) => number | null,
  holds: (given: number, wanted: number) => boolean,
): Compare {
  return (pattern, value) => {
    const [wanted, given] = [parse(plain(pattern)), parse(value)];
    return wanted === null || given === null ? null : holds(given, wanted);
  };
}

function orderedFamily(prefix: string, parse: (text: string) => number | null): Record<string, Compare> {
  return {
    [`${prefix}Equals`]: ordered(parse, (given, wanted) => given === wanted),
    [`${prefix}NotEquals`]: ordered(parse, (given, wanted) => given === wanted),
    [`${prefix}LessThan`]: ordered(parse, (given, wanted) => given < wanted),
    [`${prefix}LessThanEquals`]: ordered(parse, (given, wanted) => given <= wanted),
    [`${prefix}GreaterThan`]: ordered(parse, (given, wanted) => given > wanted),
    [`${prefix}GreaterThanEquals`]: ordered(parse, (given, wanted) => given >= wanted),
  };
}

const equals: Compare = (pattern, value) => plain(pattern) === value;
const equalsIgnoreCase: Compare = (pattern, value) => plain(pattern).toLowerCase() === value.toLowerCase();
const inRange: Compare = (pattern, value) => {
  const [range, given] = [parseAddressRange(plain(pattern)), parseAddressRange(value)];
  if (range === null) return null;
  return (
    given !== null && given.bits === range.bits && given.first >= range.first && given.last <= range.last
  );
};

/** By operator name; a negated operator has the comparison of its positive twin. */
export const OPERATORS: ReadonlyMap<string, Compare> = new Map(
  Object.entries({
    StringEquals: equals,
    StringNotEquals: equals,
    StringEqualsIgnoreCase: equalsIgnoreCase,
    StringNotEqualsIgnoreCase: equalsIgnoreCase,
    StringLike: likeGuarded,
    StringNotLike: likeGuarded,
    ArnEquals: arnLike,
    ArnLike: arnLike,
    ArnNotEquals: arnLike,
    ArnNotLike: arnLike,
    Bool: (pattern, value) => {
      const wanted = parseBoolean(plain(pattern));
      return wanted === null ? null : parseBoolean(value) === wanted;
    },
    BinaryEquals: equals,
    IpAddress: inRange,
    NotIpAddress: inRange,
    ...orderedFamily('Numeric', parseNumber),
    ...orderedFamily('Date', parseDate),
  }),
);

/** A set of UTF-16 code units: sorted, disjoint, non-adjacent ranges, both ends included. */
export type CharSet = readonly (readonly [number, number])[];

const LAST = 0xffff;
const LAST_ASCII = 0x7f;

export function charSet(ranges: Iterable<readonly [number, number]>): CharSet {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

export function complement(set: CharSet): CharSet {
  const out: [number, number][] = [];
  let from = 0;
  for (const [low, high] of set) {
    if (low > from) out.push([from, low - 1]);
    from = high + 1;
  }
  if (from <= LAST) out.push([from, LAST]);
  return out;
}

export function isEverything(set: CharSet): boolean {
  return set[0]?.[0] === 0 && set[0][1] === LAST;
}

export function contains(set: CharSet, code: number): boolean {
  let low = 0;
  let high = set.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = set[middle]!;
    if (code < range[0]) high = middle - 1;
    else if (code > range[1]) low = middle + 1;
    else return true;
  }
  return false;
}

/** The code unit of a set with one member only; else null. */
export function onlyUnit(set: CharSet): number | null {
  const [range] = set;
  return set.length === 1 && range !== undefined && range[0] === range[1] ? range[0] : null;
}

const code = (char: string): number => char.charCodeAt(0);

export const DIGITS: CharSet = [[code('0'), code('9')]];
export const WORD: CharSet = charSet([
  ...DIGITS,
  [code('A'), code('Z')],
  [code('_'), code('_')],
  [code('a'), code('z')],
]);
export const SPACE: CharSet = charSet([
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
]);
/** What `.` does not match. */
export const LINE_ENDS: CharSet = charSet([
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
]);

/** Adds every code unit that differs from a member in case only, by simple upper-case mapping as JavaScript's `/i`. */
export function closeOverCase(set: CharSet): CharSet {
  const [from, to] = set.at(-1) ?? [0, 0];
  const extra: (readonly [number, number])[] = [];
  // No character beyond ASCII folds to an ASCII one, so the large table is only needed for a part of those beyond.
  const allOrNoneBeyond = to <= LAST_ASCII || (from <= LAST_ASCII + 1 && to === LAST);
  for (const family of allOrNoneBeyond ? asciiFamilies() : allFamilies()) {
    if (family.some((member) => contains(set, member)))
      for (const member of family) extra.push([member, member]);
  }
  return charSet([...set, ...extra]);
}

type Family = readonly number[];

function asciiFamilies(): readonly Family[] {
  return Array.from({ length: 26 }, (_, letter) => [code('A') + letter, code('a') + letter]);
}

let families: readonly Family[] | null = null;

/** Groups of code units that are one letter in different cases. Built once, when first needed. */
function allFamilies(): readonly Family[] {
  if (families !== null) return families;
  const byUpper = new Map<number, number[]>();
  for (let unit = 0; unit <= LAST; unit++) {
    const upper = upperOf(unit);
    const family = byUpper.get(upper);
    if (family === undefined) byUpper.set(upper, [unit]);
    else family.push(unit);
  }
  families = [...byUpper.values()].filter((family) => family.length > 1);
  return families;
}

function upperOf(unit: number): number {
  const upper = String.fromCharCode(unit).toUpperCase();
  if (upper.length !== 1) return unit;
  const mapped = upper.charCodeAt(0);
  return unit >= 0x80 && mapped < 0x80 ? unit : mapped;
}

import { ESCAPES, EVENTS_END, MAX_DEPTH, TYPES } from './layout';
import { eventsAt } from './fields';
import { closeInLevel, closeLevel, levelDepth, openInLevel, readLevel } from './levels';
import { bytesEqual, joinMasks, prefixXor, upTo } from './masks';
import { areHexDigits, isScalar } from './scalars';
import * as state from './state';

/** Why scanning stopped. */
export const DONE: u32 = 0;
/** Events must be taken before more find room. */
export const FULL: u32 = 1;
/** The block at `at` holds something that is not JSON as far as the scanner can tell; nothing of it was taken. */
export const SUSPECT: u32 = 2;

/** Bytes behind a block that must be there before it is scanned: a `\uXXXX` may reach into them. */
export const LOOK_AHEAD: usize = 8;
const MAX_EVENTS_OF_BLOCK: usize = 80 * 16;
const ODD: u64 = 0xaaaaaaaaaaaaaaaa;
const ALL: u64 = 0xffffffffffffffff;

/** True when every line is a document of its own. */
let lines: bool = false;
export function setLines(value: bool): void {
  lines = value;
}

/**
 * Scans whole blocks as long as LOOK_AHEAD bytes follow them before `end`.
 *
 * Each block is first proved to be JSON, given what stands before it, and only then looked into. The proof rests on
 * tokens and what may follow what: `F` are the tokens that directly follow `{`, `[`, `:` or `,`.
 *
 * - A value begins only in F. A colon or comma never stands in F, a closing bracket only behind an opening one.
 * - A colon directly follows a string that itself follows something else than a colon.
 * - In an object, what follows `{` or `,` is such a string, and a colon follows it. In an array there is no colon.
 * - Closing brackets fit the opening ones. Numbers, literals, escapes and control characters are checked alone.
 *
 * @param limit where to stop looking; below it errors are ignored, because something else has proved the bytes
 */
export function scanBlocks(end: usize, limit: usize): u32 {
  const lenient = limit != 0;
  let base = state.at;
  let depth = state.depth;
  let inString = state.inString;
  let escaped = state.escaped;
  let operator = state.operator;
  let colon = state.colon;
  let separator = state.separator;
  let candidate = state.candidate;
  let afterCandidate = state.afterCandidate;
  let inScalar = state.inScalar;
  let status = DONE;

  for (; base + 64 + LOOK_AHEAD <= end; base += 64) {
    if (eventsAt + MAX_EVENTS_OF_BLOCK > EVENTS_END) {
      status = FULL;
      break;
    }
    const a = v128.load(base);
    const b = v128.load(base, 16);
    const c = v128.load(base, 32);
    const d = v128.load(base, 48);
    let bad: u64 = 0;

    // Strings.
    let quotes = bytesEqual(a, b, c, d, 0x22);
    let nextEscaped: u64 = 0;
    let slashes: u64 = 0;
    const slash = i8x16.splat(0x5c);
    const slashA = i8x16.eq(a, slash);
    const slashB = i8x16.eq(b, slash);
    const slashC = i8x16.eq(c, slash);
    const slashD = i8x16.eq(d, slash);
    const anySlash = v128.any_true(v128.or(v128.or(slashA, slashB), v128.or(slashC, slashD)));
    if (anySlash || escaped != 0) {
      slashes = joinMasks(slashA, slashB, slashC, slashD);
      // Every second backslash of a run escapes; runs begin at odd and even places.
      const shifted = (slashes & ~escaped) << 1;
      const codes = ((shifted | ODD) - (slashes & ~escaped)) ^ ODD;
      const targets = codes ^ (slashes | escaped);
      nextEscaped = (codes & slashes) >> 63;
      quotes &= ~targets;
      for (let rest = targets; rest != 0; rest &= rest - 1) {
        const place = ctz(rest) as i32;
        const byte = load<u8>(base + place);
        if (load<u8>(ESCAPES + byte) == 0) bad |= rest & -rest;
        if (byte == 0x75 && !areHexDigits(base + place + 1)) bad |= rest & -rest;
      }
    }
    const strings = prefixXor(quotes) ^ inString;
    const nextInString = ((strings as i64) >> 63) as u64;
    const opening = quotes & strings;
    let closing = quotes & ~strings;
    const outside = ~(strings | quotes);
    bad |= slashes & ~strings;

    // Everything else.
    const fold = i8x16.splat(0x20);
    const foldA = v128.or(a, fold);
    const foldB = v128.or(b, fold);
    const foldC = v128.or(c, fold);
    const foldD = v128.or(d, fold);
    let openers = bytesEqual(foldA, foldB, foldC, foldD, 0x7b) & outside;
    let closers = bytesEqual(foldA, foldB, foldC, foldD, 0x7d) & outside;
    let colons = bytesEqual(a, b, c, d, 0x3a) & outside;
    let commas = bytesEqual(a, b, c, d, 0x2c) & outside;
    const blanks = bytesEqual(a, b, c, d, 0x20);
    let feeds = bytesEqual(a, b, c, d, 0x0a);
    const limit20 = i8x16.splat(0x1f);
    const controls = joinMasks(
      i8x16.le_u(a, limit20),
      i8x16.le_u(b, limit20),
      i8x16.le_u(c, limit20),
      i8x16.le_u(d, limit20),
    );
    bad |= controls & ~outside;
    for (let rest = controls & ~feeds & outside; rest != 0; rest &= rest - 1) {
      const byte = load<u8>(base + (ctz(rest) as usize));
      if (byte != 0x0d && byte != 0x09) bad |= rest & -rest;
    }
    // Where a parser still waits for the end of something faulty, nothing behind counts.
    let waits: usize = bad != 0 ? base + (ctz(bad) as usize) : usize.MAX_VALUE;
    const spaces = (controls | blanks) & outside;
    const operators = openers | colons | commas;
    const scalar = outside & ~(spaces | operators | closers);
    const scalarStarts = scalar & ~((scalar << 1) | inScalar);
    let values = opening | scalarStarts | openers;

    // What follows what, across white space: adding carries a bit through a run of spaces to the byte behind it.
    let from: u64 = (operators << 1) | operator;
    let sum = spaces + (from & spaces);
    const follows = (from | sum) & ~spaces;
    const nextOperator = (sum < spaces ? 1 : 0) | (operators >> 63);
    from = (colons << 1) | colon;
    sum = spaces + (from & spaces);
    const followsColon = (from | sum) & ~spaces;
    const nextColon = (sum < spaces ? 1 : 0) | (colons >> 63);
    const candidates = opening & follows & ~followsColon;
    sum = strings + (candidates | candidate);
    const candidateEnds = sum & closing;
    const nextCandidate: u64 = sum < strings ? 1 : 0;
    from = (candidateEnds << 1) | afterCandidate;
    sum = spaces + (from & spaces);
    const afterCandidates = (from | sum) & ~spaces;
    const nextAfterCandidate = (sum < spaces ? 1 : 0) | (candidateEnds >> 63);

    bad |= (colons | commas) & follows;
    bad |= colons & ~afterCandidates;
    const lineEnds = lines ? feeds : 0;
    const anywhere = (values & ~follows) | lineEnds;
    const badInObject = anywhere | (afterCandidates & ~colons) | (follows & ~followsColon & ~opening & ~closers);
    const badInArray = anywhere | colons;
    const badOnTop = colons | commas | (values & ~openers);

    let scalarStart = state.scalarStart;
    if ((scalar | inScalar) != 0) {
      let starts = scalarStarts;
      for (let rest = ((scalar << 1) | inScalar) & ~scalar; rest != 0; rest &= rest - 1) {
        let start = scalarStart;
        const bit = rest & -rest;
        const before = starts & (bit - 1);
        if (before != 0) {
          start = base + (ctz(before) as usize);
          starts &= starts - 1;
        }
        if (isScalar(start, base + (ctz(rest) as usize))) continue;
        bad |= bit;
        waits = min(waits, start);
      }
      if (starts != 0) scalarStart = base + (ctz(starts) as usize);
    }

    if (lenient) {
      limit = min(limit, waits);
      const within = belowLimit(base, limit);
      openers &= within;
      closers &= within;
      colons &= within;
      commas &= within;
      values &= within;
      closing &= within;
      feeds &= within;
    }

    // Brackets.
    const depthBefore = depth;
    let lowest = depth;
    let type = load<u8>(TYPES + depth);
    let rest: u64 = ALL;
    let brackets = openers | closers;
    const separators = colons | commas;
    let pendingSeparator = operator != 0 && separator;
    for (; brackets != 0; brackets &= brackets - 1) {
      const reach = upTo(brackets);
      const part = reach & rest;
      rest = ~reach;
      bad |= part & (type == state.OBJECT ? badInObject : type == state.ARRAY ? badInArray : badOnTop);
      const bit = brackets & -brackets;
      const here: u8 = 1 + ((load<u8>(base + (ctz(brackets) as usize)) >> 5) & 1);
      if ((openers & bit) != 0) {
        if (depth == MAX_DEPTH) {
          bad |= bit;
          break;
        }
        depth++;
        type = here;
        store<u8>(TYPES + depth, type);
      } else {
        if (here != type) {
          bad |= bit;
          break;
        }
        if ((follows & bit) != 0 && (pendingSeparator || (separators & part) != 0)) bad |= bit;
        depth--;
        type = load<u8>(TYPES + depth);
        lowest = min(lowest, depth);
      }
      pendingSeparator = false;
    }
    bad |= rest & (type == state.OBJECT ? badInObject : type == state.ARRAY ? badInArray : badOnTop);

    if (bad != 0 && !lenient) {
      restoreTypes(base, depth, (openers | closers) & (brackets != 0 ? (brackets & -brackets) - 1 : ALL), openers);
      depth = depthBefore;
      status = SUSPECT;
      break;
    }

    if (lowest <= levelDepth) {
      look(base, depthBefore, openers, closers, colons, values, opening, closing, scalar, feeds, lenient ? limit : base + 64);
    }

    // Accepted.
    state.lastOpen = opening != 0 ? base + 63 - (clz(opening) as usize) : state.lastOpen;
    state.lastClose = closing != 0 ? base + 63 - (clz(closing) as usize) : state.lastClose;
    state.line += popcnt(feeds) as u32;
    state.lastFeed = feeds != 0 ? base + 63 - (clz(feeds) as usize) : state.lastFeed;
    state.scalarStart = scalarStart;
    inScalar = scalar >> 63;
    inString = nextInString;
    escaped = nextEscaped;
    separator = operators != 0 ? separators > openers : separator;
    operator = nextOperator;
    colon = nextColon;
    candidate = nextCandidate;
    afterCandidate = nextAfterCandidate;
    if (lenient) {
      base += 64;
      if (limit == waits) status = SUSPECT;
      break;
    }
  }

  state.at = base;
  state.depth = depth;
  state.inString = inString;
  state.escaped = escaped;
  state.operator = operator;
  state.colon = colon;
  state.separator = separator;
  state.candidate = candidate;
  state.afterCandidate = afterCandidate;
  state.inScalar = inScalar;
  return status;
}

/** The part of a block that lies below `limit`. */
@inline
function belowLimit(base: usize, limit: usize): u64 {
  return limit >= base + 64 ? ALL : limit <= base ? 0 : ((1 as u64) << ((limit - base) as u64)) - 1;
}

/** Brings back the types that the brackets of a refused block have overwritten: each closed what fits it. */
function restoreTypes(base: usize, depth: i32, brackets: u64, openers: u64): void {
  while (brackets != 0) {
    const place: u64 = 63 - clz(brackets);
    const bit: u64 = (1 as u64) << place;
    if ((openers & bit) != 0) {
      depth--;
    } else {
      depth++;
      store<u8>(TYPES + depth, 1 + ((load<u8>(base + (place as usize)) >> 5) & 1));
    }
    brackets ^= bit;
  }
}

/** Walks through a proved block and reads the parts of it that lie in the innermost level. */
function look(
  base: usize,
  depth: i32,
  openers: u64,
  closers: u64,
  colons: u64,
  values: u64,
  opening: u64,
  closing: u64,
  scalar: u64,
  feeds: u64,
  limit: usize,
): void {
  let rest: u64 = belowLimit(base, limit);
  let brackets = openers | closers;
  for (;;) {
    const reach = brackets != 0 ? upTo(brackets) : ALL;
    if (depth == levelDepth) {
      readLevel(base, rest & reach, openers, colons, values, opening, closing, scalar, feeds);
    }
    if (brackets == 0) return;
    const bit = brackets & -brackets;
    const at = base + (ctz(brackets) as usize);
    if ((openers & bit) != 0) {
      if (depth == levelDepth) openInLevel(at, state.line + (popcnt(feeds & (bit - 1)) as u32));
      depth++;
    } else {
      depth--;
      if (depth == levelDepth) closeInLevel(at + 1);
      else if (depth < levelDepth) closeLevel();
    }
    brackets &= brackets - 1;
    rest &= ~reach;
  }
}

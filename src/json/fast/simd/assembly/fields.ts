import { ARENA, ARENA_END, EVENTS, MAX_SHORT, MEMO, MEMO_END, MEMO_SLOTS, SCRATCH } from './layout';

/** What an event speaks of; the node, where there is one, stands above bit 8. */
export const ELEMENT: u32 = 1;
export const FIELD: u32 = 2;
export const ELEMENT_END: u32 = 3;
export const BRANCH: u32 = 4;
export const KEY: u32 = 5;

/** How a field's bytes become its text; a slot of the memo, where there is one, stands above bit 8. */
export const ASCII: u32 = 0;
export const UTF8: u32 = 1;
export const COMPACT: u32 = 2;
export const KNOWN: u32 = 3;
/** As KNOWN, but the reader has yet to make the text. */
export const FRESH: u32 = 4;
/** The value is longer than the window may hold; the reader has taken its beginning. */
export const REST: u32 = 8;

/** Longest value that is remembered: there are MEMO_SLOTS texts of them at most. */
const MAX_KNOWN: u32 = 16384;
/** A node of the plan: children (address, count, mask of key lengths), what it is, and what its memo is worth. */
export const NODE_SIZE: usize = 32;
const TRIES: usize = 16;
const HITS: usize = 20;
const PAUSE: usize = 24;
const TRIAL_TRIES: u32 = 64;
const PAUSE_LENGTH: u32 = 4096;

/** Where the next event goes. */
export let eventsAt: usize = EVENTS;
let arenaAt: usize = ARENA;

@inline
export function emit(kind: u32, a: usize, b: usize, c: u32): void {
  const to = eventsAt;
  store<u32>(to, kind);
  store<u32>(to, a as u32, 4);
  store<u32>(to, b as u32, 8);
  store<u32>(to, c, 12);
  eventsAt = to + 16;
}

/** The reader has taken the events. */
export function clearEvents(): void {
  eventsAt = EVENTS;
}

export function resetMemo(): void {
  memory.fill(MEMO, 0, MEMO_END - MEMO);
  arenaAt = ARENA;
}

/**
 * Hands out a field. Values that recur (trust policies above all) are looked up by their bytes, so that the reader
 * makes their text once. Strings are looked up only where that pays: most names are unique.
 *
 * @param node address of the field's node
 */
export function emitField(node: usize, index: u32, start: usize, end: usize): void {
  const kind = FIELD | (index << 8);
  const first = load<u8>(start);
  if (first != 0x22 && first != 0x7b && first != 0x5b) {
    emit(kind, start, end, ASCII);
    return;
  }
  const length = (end - start) as u32;
  let slot: i32 = -1;
  if (length <= MAX_KNOWN && (first != 0x22 || worthTrying(node))) {
    const found = lookUp(start, length);
    if (found >= 0) {
      store<u32>(node, load<u32>(node, HITS) + 1, HITS);
      emit(kind, start, end, KNOWN | ((found as u32) << 8));
      return;
    }
    slot = ~found;
  }
  const how = slot >= 0 ? FRESH | ((slot as u32) << 8) : first == 0x22 ? inspectString(start, end) : COMPACT;
  emit(kind, start, end, how);
}

function worthTrying(node: usize): bool {
  const pause = load<u32>(node, PAUSE);
  if (pause > 0) {
    store<u32>(node, pause - 1, PAUSE);
    return false;
  }
  const tries = load<u32>(node, TRIES) + 1;
  if (tries < TRIAL_TRIES) {
    store<u32>(node, tries, TRIES);
    return true;
  }
  if (load<u32>(node, HITS) * 2 < tries) store<u32>(node, PAUSE_LENGTH, PAUSE);
  store<u32>(node, 0, TRIES);
  store<u32>(node, 0, HITS);
  return true;
}

/** How a string without white space to remove is to be written. */
export function inspectString(start: usize, end: usize): u32 {
  const backslash = i8x16.splat(0x5c);
  let high = i8x16.splat(0);
  let slash = i8x16.splat(0);
  let at = start;
  for (; at + 16 <= end; at += 16) {
    const bytes = v128.load(at);
    high = v128.or(high, bytes);
    slash = v128.or(slash, i8x16.eq(bytes, backslash));
  }
  if (v128.any_true(slash)) return COMPACT;
  let above = i8x16.bitmask(high) != 0;
  for (; at < end; at++) {
    const byte = load<u8>(at);
    if (byte == 0x5c) return COMPACT;
    above = above || byte >= 0x80;
  }
  return above ? UTF8 : ASCII;
}

/** The slot that holds these bytes, or the complement of the slot that has just been given to them. */
function lookUp(start: usize, length: u32): i32 {
  const hash = hashOf(start, length);
  const index = (hash ^ (hash >> 32)) as u32 & (MEMO_SLOTS - 1);
  for (let probe: u32 = 0; probe < 2; probe++) {
    const slot = MEMO + (((index + probe) & (MEMO_SLOTS - 1)) << 4);
    if (load<u64>(slot) != hash || load<u32>(slot, 12) != length) continue;
    if (equalBytes(load<u32>(slot, 8), start, length)) return ((slot - MEMO) >> 4) as i32;
  }
  if (arenaAt + length > ARENA_END) resetMemo();
  const second = MEMO + (((index + 1) & (MEMO_SLOTS - 1)) << 4);
  let slot = MEMO + (index << 4);
  if (load<u32>(slot, 12) != 0 && load<u32>(second, 12) == 0) slot = second;
  memory.copy(arenaAt, start, length);
  store<u64>(slot, hash);
  store<u32>(slot, arenaAt as u32, 8);
  store<u32>(slot, length, 12);
  arenaAt += length;
  return ~(((slot - MEMO) >> 4) as i32);
}

const PRIME: u64 = 0x9e3779b97f4a7c15;

/** Mixes well enough for a table whose hits are compared byte by byte. */
export function hashOf(start: usize, length: u32): u64 {
  let a: u64 = length;
  let b: u64 = PRIME;
  let at = start;
  const end = start + length;
  for (; at + 16 <= end; at += 16) {
    a = rotl(a ^ load<u64>(at), 29) * PRIME;
    b = rotl(b ^ load<u64>(at, 8), 31) * PRIME;
  }
  for (; at < end; at++) a = (a ^ load<u8>(at)) * PRIME;
  a ^= rotl(b, 32);
  a *= PRIME;
  return a ^ (a >> 29);
}

export function equalBytes(left: usize, right: usize, length: u32): bool {
  let at: usize = 0;
  for (; at + 16 <= length; at += 16) {
    if (!i8x16.all_true(i8x16.eq(v128.load(left + at), v128.load(right + at)))) return false;
  }
  for (; at < length; at++) if (load<u8>(left + at) != load<u8>(right + at)) return false;
  return true;
}

/**
 * Writes a value to SCRATCH without the white space outside its strings.
 *
 * @returns its length, or the complement of it when there are backslashes; bit 30 when there are bytes above ASCII
 */
export function compact(start: usize, end: usize): i32 {
  let to: usize = SCRATCH;
  let quoted = false;
  let slash = false;
  let high: u8 = 0;
  if (end - start > MAX_SHORT) return 0;
  for (let from = start; from < end; from++) {
    const byte = load<u8>(from);
    high |= byte;
    if (byte == 0x5c) {
      slash = true;
      store<u8>(to++, byte);
      store<u8>(to++, load<u8>(++from));
      continue;
    }
    if (byte == 0x22) quoted = !quoted;
    if (byte > 0x20 || quoted) store<u8>(to++, byte);
  }
  const length = ((to - SCRATCH) as i32) | (high >= 0x80 ? 1 << 30 : 0);
  return slash ? ~length : length;
}

/**
 * The tokens of JSON (RFC 8259). Each is proved byte by byte, and none is taken in part. Behind the bytes that are there
 * stand zeros, at which every token ends.
 */
import * as state from './state';

/** The first byte that is no white space. */
@inline
export function blanks(at: usize): usize {
  return load<u8>(at) > 0x20 ? at : moreBlanks(at);
}

function moreBlanks(at: usize): usize {
  const space = i8x16.splat(0x20);
  for (;;) {
    const byte = load<u8>(at);
    if (byte > 0x20) return at;
    if (byte == 0x0a) {
      if (state.feedEnds) return at;
      state.line++;
      state.lastFeed = at;
    } else if (byte != 0x20 && byte != 0x0d && byte != 0x09) {
      return at;
    }
    at++;
    for (;;) {
      const others = i8x16.bitmask(i8x16.ne(v128.load(at), space));
      if (others != 0) {
        at += ctz(others) as usize;
        break;
      }
      at += 16;
    }
  }
  return 0;
}

/** Backslashes read so far. */
export let escapes: u32 = 0;

/** From inside a string to its closing quote; 0 when it has none, and `stop` says where it could not go on. */
@inline
export function string(at: usize): usize {
  const quote = i8x16.splat(0x22);
  const slash = i8x16.splat(0x5c);
  const control = i8x16.splat(0x20);
  for (;;) {
    const bytes = v128.load(at);
    const found = i8x16.bitmask(
      v128.or(v128.or(i8x16.eq(bytes, quote), i8x16.eq(bytes, slash)), i8x16.lt_u(bytes, control)),
    );
    if (found == 0) {
      at += 16;
      continue;
    }
    at += ctz(found) as usize;
    const byte = load<u8>(at);
    if (byte == 0x22) return at;
    const next = byte == 0x5c ? escape(at) : 0;
    if (next == 0) {
      state.stop = at;
      return 0;
    }
    at = next;
  }
  return 0;
}

function escape(at: usize): usize {
  escapes++;
  const byte = load<u8>(at, 1);
  if (byte == 0x75) return areHexDigits(at + 2) ? at + 6 : 0;
  const known =
    byte == 0x22 || byte == 0x5c || byte == 0x2f || byte == 0x62 || byte == 0x66 || byte == 0x6e || byte == 0x72 || byte == 0x74;
  return known ? at + 2 : 0;
}

function areHexDigits(at: usize): bool {
  for (let index: usize = 0; index < 4; index++) {
    const byte = load<u8>(at + index);
    const letter = byte | 0x20;
    if (((byte - 0x30) as u8) > 9 && ((letter - 0x61) as u8) > 5) return false;
  }
  return true;
}

@inline
function isDigit(byte: u8): bool {
  return ((byte - 0x30) as u8) <= 9;
}

/** From the first byte of a number or literal to the byte behind it; 0 when it is neither. */
export function scalar(at: usize): usize {
  state.stop = at;
  let byte = load<u8>(at);
  if (byte == 0x74) return load<u32>(at) == 0x65757274 ? wordEnd(at + 4) : 0;
  if (byte == 0x6e) return load<u32>(at) == 0x6c6c756e ? wordEnd(at + 4) : 0;
  if (byte == 0x66) return load<u32>(at + 1) == 0x65736c61 ? wordEnd(at + 5) : 0;
  if (byte == 0x2d) byte = load<u8>(++at);
  if (byte == 0x30) {
    at++;
  } else {
    if (!isDigit(byte)) return refuse(at);
    at = digits(at);
  }
  if (load<u8>(at) == 0x2e) {
    if (!isDigit(load<u8>(++at))) return refuse(at);
    at = digits(at);
  }
  if ((load<u8>(at) | 0x20) == 0x65) {
    byte = load<u8>(++at);
    if (byte == 0x2b || byte == 0x2d) at++;
    if (!isDigit(load<u8>(at))) return refuse(at);
    at = digits(at);
  }
  return at;
}

/** The address behind a literal; 0 when a word goes on there, such as `truex`, which is no literal at all. */
function wordEnd(behind: usize): usize {
  const byte = load<u8>(behind);
  return isDigit(byte) || (((byte | 0x20) - 0x61) as u8) <= 25 || byte == 0x5f ? 0 : behind;
}

function refuse(at: usize): usize {
  state.stop = at;
  return 0;
}

@inline
function digits(at: usize): usize {
  while (isDigit(load<u8>(at))) at++;
  return at;
}

import { noteKey } from './inner-roles';
import { MAX_DEPTH, TYPES } from './layout';
import * as state from './state';
import { blanks, scalar, string } from './tokens';

/**
 * Passes the value that begins at `at`, whatever it holds.
 *
 * @param end the bytes that are there end before it
 * @param base depth of the element, or of what is looked into of it
 * @returns the address behind the value; 0 when it is not whole or not JSON: `state` is then that of the first token that
 *   could not be taken, and `state.stop` says where that token broke off
 */
export function skip(at: usize, end: usize, base: i32): usize {
  const floor = state.depth;
  let depth = floor;
  let byte = load<u8>(at);
  // What may stand in the place of the value that begins; at the floor `state` knows.
  let place = state.expect;
  for (;;) {
    if (byte == 0x22) {
      const close = string(at + 1);
      if (close == 0) return breakInString(at, depth, place);
      at = close + 1;
    } else if (byte == 0x7b) {
      if (depth == MAX_DEPTH) return breakAt(at, depth, place, at);
      store<u8>(TYPES + (++depth as usize), state.OBJECT);
      at = blanks(at + 1);
      byte = load<u8>(at);
      if (byte == 0x7d) {
        at++;
        depth--;
      } else {
        if (byte != 0x22) return breakAt(at, depth, state.FIRST_KEY, at);
        const close = string(at + 1);
        if (close == 0) return breakInString(at, depth, state.FIRST_KEY);
        noteKey(at + 1, close, depth - base);
        at = blanks(close + 1);
        if (load<u8>(at) != 0x3a) return breakAt(at, depth, state.COLON, at);
        at = blanks(at + 1);
        byte = load<u8>(at);
        place = state.VALUE;
        continue;
      }
    } else if (byte == 0x5b) {
      if (depth == MAX_DEPTH) return breakAt(at, depth, place, at);
      store<u8>(TYPES + (++depth as usize), state.ARRAY);
      at = blanks(at + 1);
      byte = load<u8>(at);
      if (byte != 0x5d) {
        place = state.FIRST_ITEM;
        continue;
      }
      at++;
      depth--;
    } else {
      const behind = scalar(at);
      if (behind == 0) return breakAt(at, depth, place, state.stop);
      // A number may go on behind the bytes that are there.
      if (behind >= end) return breakAt(at, depth, place, behind);
      at = behind;
    }
    for (;;) {
      if (depth == floor) return at;
      at = blanks(at);
      byte = load<u8>(at);
      const isObject = load<u8>(TYPES + (depth as usize)) == state.OBJECT;
      if (byte == 0x2c) {
        at = blanks(at + 1);
        byte = load<u8>(at);
        if (!isObject) {
          place = state.ITEM;
          break;
        }
        if (byte != 0x22) return breakAt(at, depth, state.KEY, at);
        const close = string(at + 1);
        if (close == 0) return breakInString(at, depth, state.KEY);
        noteKey(at + 1, close, depth - base);
        at = blanks(close + 1);
        if (load<u8>(at) != 0x3a) return breakAt(at, depth, state.COLON, at);
        at = blanks(at + 1);
        byte = load<u8>(at);
        place = state.VALUE;
        break;
      }
      if (byte != (isObject ? 0x7d : 0x5d)) return breakAt(at, depth, state.AFTER, at);
      at++;
      depth--;
    }
  }
  return 0;
}

function breakAt(at: usize, depth: i32, expect: u32, stop: usize): usize {
  state.at = at;
  state.depth = depth;
  state.expect = expect;
  state.stop = stop;
  return 0;
}

/** In the string that opens at `quote`; `stop` is where it could not go on. */
export function breakInString(quote: usize, depth: i32, expect: u32): usize {
  state.inString = true;
  state.lastOpen = quote;
  return breakAt(state.stop, depth, expect, state.stop);
}

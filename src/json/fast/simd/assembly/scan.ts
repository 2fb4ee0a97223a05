import { noteKey } from './inner-roles';
import { EVENTS, EVENTS_END, MAX_DEPTH, TYPES } from './layout';
import { eventsAt } from './fields';
import { beginScalar, closeInLevel, closeLevel, endScalar, levelDepth, openInLevel, readKey, rowRoot } from './levels';
import { areRowsFull, count, INCOMPLETE, row } from './rows';
import { breakInString, skip } from './skip';
import * as state from './state';
import { blanks, scalar, string } from './tokens';

/** Why scanning stopped. */
export const DONE: u32 = 0;
/** Events or rows must be taken before more find room. */
export const FULL: u32 = 1;
/** The token at `at` is not JSON as far as the scanner can tell; nothing of it was taken. */
export const SUSPECT: u32 = 2;

/** The token was taken. */
const TAKEN: u32 = 3;

/** What one token can add to the events. */
const MAX_EVENTS: usize = 4 * 16;
/** A token that breaks off so near the end of the bytes may go on behind it. */
const LONGEST_ESCAPE: usize = 6;
/** An element longer than this is read piece by piece. */
const MAX_ROW_ELEMENT: usize = 262144;

/** True when every line is a document of its own. */
let lines: bool = false;
export function setLines(value: bool): void {
  lines = value;
}

/** Reads token by token; what no level wants is skipped value by value, and elements that can become rows are read whole. */
export function scanTokens(end: usize, final: bool): u32 {
  if (state.inString) {
    const close = string(state.at);
    if (close == 0) {
      state.at = state.stop;
      return pause(end);
    }
    state.inString = false;
    closeString(close);
  }
  for (;;) {
    if (eventsAt + MAX_EVENTS > EVENTS_END) return FULL;
    const at = blanks(state.at);
    state.at = at;
    if (at >= end) return DONE;
    state.stop = at;
    const byte = load<u8>(at);
    switch (state.expect) {
      case state.DOCUMENT: {
        if (byte != 0x7b && byte != 0x5b) return pause(end);
        state.feedEnds = lines;
        const status = open(at, end, byte, final);
        if (status != TAKEN) return status;
        break;
      }
      case state.FIRST_KEY:
        if (byte == 0x7d) {
          close(at);
          break;
        }
      case state.KEY:
        if (byte != 0x22) return pause(end);
        if (!readString(at)) return pause(end);
        break;
      case state.COLON:
        if (byte != 0x3a) return pause(end);
        state.at = at + 1;
        state.expect = state.VALUE;
        break;
      case state.AFTER: {
        const isObject = load<u8>(TYPES + (state.depth as usize)) == state.OBJECT;
        if (byte == 0x2c) {
          state.at = at + 1;
          state.expect = isObject ? state.KEY : state.ITEM;
        } else {
          if (byte != (isObject ? 0x7d : 0x5d)) return pause(end);
          close(at);
        }
        break;
      }
      case state.FIRST_ITEM:
        if (byte == 0x5d) {
          close(at);
          break;
        }
      default: {
        const isInLevel = state.depth == levelDepth;
        if (byte == 0x7b || byte == 0x5b) {
          const status = open(at, end, byte, final);
          if (status != TAKEN) return status;
        } else if (isInLevel && count != 0) {
          // It may be an element: the rows before it come first.
          return FULL;
        } else if (byte == 0x22) {
          if (isInLevel) beginScalar(at);
          if (!readString(at)) return pause(end);
        } else {
          const behind = scalar(at);
          if (behind == 0) return pause(end);
          if (behind >= end || !endsScalar(behind)) {
            state.stop = behind;
            return pause(end);
          }
          if (isInLevel) {
            beginScalar(at);
            endScalar(behind);
          }
          valueDone(behind);
        }
      }
    }
  }
  return DONE;
}

/**
 * A parser hands out a number or literal when it has seen what follows: where that is at fault, and where the line ends
 * before, it never does.
 */
function endsScalar(behind: usize): bool {
  const byte = load<u8>(behind);
  if (byte == 0x2c || byte == 0x20 || byte == 0x0d || byte == 0x09) return true;
  if (byte == 0x0a) return !state.feedEnds;
  return byte == (load<u8>(TYPES + (state.depth as usize)) == state.OBJECT ? 0x7d : 0x5d);
}

/** The next token cannot be taken: more bytes may help, or it is not JSON. */
function pause(end: usize): u32 {
  return state.stop + LONGEST_ESCAPE > end ? DONE : SUSPECT;
}

@inline
function valueDone(behind: usize): void {
  state.at = behind;
  if (state.depth == 0) {
    state.expect = state.DOCUMENT;
    state.feedEnds = false;
  } else {
    state.expect = state.AFTER;
  }
}

/** False when the string that opens at `quote` does not end within the bytes that are there. */
function readString(quote: usize): bool {
  state.lastOpen = quote;
  const end = string(quote + 1);
  if (end == 0) {
    breakInString(quote, state.depth, state.expect);
    return false;
  }
  closeString(end);
  return true;
}

/** The string that opened at `lastOpen` has its closing quote at `quote`. */
function closeString(quote: usize): void {
  const isKey = state.expect == state.KEY || state.expect == state.FIRST_KEY;
  const isInLevel = state.depth == levelDepth;
  if (isKey) {
    if (isInLevel) readKey(state.lastOpen + 1, quote);
    else noteKey(state.lastOpen + 1, quote, state.depth - levelDepth);
    state.at = quote + 1;
    state.expect = state.COLON;
  } else {
    if (isInLevel) endScalar(quote + 1);
    valueDone(quote + 1);
  }
}

/** An array or object begins at `at`. TAKEN, or why scanning stops. */
function open(at: usize, end: usize, byte: u8, final: bool): u32 {
  const isInLevel = state.depth == levelDepth;
  if (isInLevel) {
    const root = byte == 0x7b ? rowRoot() : -1;
    if (root >= 0) {
      // Only rows or only events are waiting to be taken, so that elements keep their order.
      if (eventsAt != EVENTS || areRowsFull()) return FULL;
      const behind = row(at, end, root);
      if (behind > INCOMPLETE) {
        valueDone(behind);
        return TAKEN;
      }
      if (behind == INCOMPLETE && !final && end - at < MAX_ROW_ELEMENT) return DONE;
      if (count != 0) return FULL;
    }
    if (state.depth == MAX_DEPTH) return SUSPECT;
    openInLevel(at);
    if (levelDepth > state.depth) {
      store<u8>(TYPES + (++state.depth as usize), byte == 0x7b ? state.OBJECT : state.ARRAY);
      state.at = at + 1;
      state.expect = byte == 0x7b ? state.FIRST_KEY : state.FIRST_ITEM;
      return TAKEN;
    }
  }
  const behind = skip(at, end, levelDepth);
  if (behind == 0) return pause(end);
  if (isInLevel) closeInLevel(behind);
  valueDone(behind);
  return TAKEN;
}

/** The array or object that was opened last ends at `at`. */
function close(at: usize): void {
  if (state.depth == levelDepth) {
    closeLevel();
    state.depth--;
  } else if (--state.depth == levelDepth) {
    closeInLevel(at + 1);
  }
  valueDone(at + 1);
}

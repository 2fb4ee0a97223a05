import { ESCAPES, EVENTS, HEX, MAX_SHORT, PLAN, SCRATCH, TYPES } from './layout';
import * as fields from './fields';
import * as levels from './levels';
import { scanBlocks, setLines } from './scan';
import * as state from './state';

/** Begins a text: `root` is the node of elements that are whole documents, or -1. */
export function begin(at: usize, byLines: bool, root: i32): void {
  setLines(byLines);
  levels.documentRoot = root;
  fields.resetMemo();
  fields.clearEvents();
  state.line = 0;
  state.lastFeed = NO_FEED;
  store<u8>(TYPES, state.TOP);
  for (let index: usize = 0; index < 256; index++) {
    const byte = index as u8;
    const letter = byte | 0x20;
    const hex = ((byte - 0x30) as u8) < 10 || ((letter - 0x61) as u8) < 6;
    store<u8>(HEX + index, hex ? 1 : 0);
    const escape =
      byte == 0x22 || byte == 0x5c || byte == 0x2f || byte == 0x62 || byte == 0x66 || byte == 0x6e || byte == 0x72 || byte == 0x74 || byte == 0x75;
    store<u8>(ESCAPES + index, escape ? 1 : 0);
  }
  restart(at);
}

/** Goes on at `at` with nothing open. */
export function restart(at: usize): void {
  state.at = at;
  state.depth = 0;
  state.inString = 0;
  state.escaped = 0;
  state.operator = 0;
  state.colon = 0;
  state.separator = false;
  state.candidate = 0;
  state.afterCandidate = 0;
  state.inScalar = 0;
  levels.resetLevels();
}

export function scan(end: usize): u32 {
  return scanBlocks(end, 0);
}

/** Takes one block as it is, up to `limit`. */
export function scanTo(end: usize, limit: usize): u32 {
  return scanBlocks(end, limit);
}

/** First address whose bytes are still needed. */
export function neededFrom(): usize {
  let from = state.at;
  if (state.inScalar != 0) from = min(from, state.scalarStart);
  if (levels.keepsValue()) from = min(from, levels.valueStart);
  const reading = state.depth == levels.levelDepth && levels.readsKeys();
  if (reading && (state.candidate | state.afterCandidate) != 0) from = min(from, state.lastOpen);
  return from;
}

/** The window's bytes have moved towards its beginning. */
export function moved(by: usize): void {
  state.at -= by;
  state.scalarStart -= by;
  state.lastOpen -= by;
  state.lastClose -= by;
  levels.valueStart -= by;
}

/** Start of a field's value that goes on behind `at`, or 0. */
export function openField(): usize {
  return levels.collectsField() ? levels.valueStart : 0;
}

/** The reader has taken what there is of that value. */
export function takeOpenField(): void {
  levels.valueTaken = true;
  levels.valueStart = state.at;
}

/** `lastFeed` when the reader has taken note of it. */
export const NO_FEED: usize = usize.MAX_VALUE;

export { compact, clearEvents } from './fields';
export { eventsAt } from './fields';
export { at, depth, inString, escaped, operator, colon, separator, candidate, afterCandidate, inScalar, scalarStart, lastOpen, line, lastFeed } from './state';
export const TYPES_AT: usize = TYPES;
export const EVENTS_AT: usize = EVENTS;
export const SCRATCH_AT: usize = SCRATCH;
export const SHORT: u32 = MAX_SHORT;
export const PLAN_AT: usize = PLAN;

import { EVENTS, GROUP, GROUP_SIZE, MAX_SHORT, NEWS, PLAN, ROW_SIZE, ROWS, SCRATCH, TEXTS, TYPES } from './layout';
import * as fields from './fields';
import { mayBeTrustKey } from './inner-roles';
import * as levels from './levels';
import * as rows from './rows';
import { scanTokens, setLines } from './scan';
import * as state from './state';

/** Begins a text: `root` is the node of elements that are whole documents, or -1. */
export function begin(at: usize, byLines: bool, root: i32): void {
  setLines(byLines);
  levels.documentRoot = root;
  fields.resetMemo();
  fields.clearEvents();
  rows.resetRows();
  state.line = 0;
  state.lastFeed = NO_FEED;
  store<u8>(TYPES, state.TOP);
  restart(at);
}

/** Goes on at `at` with nothing open. */
export function restart(at: usize): void {
  state.at = at;
  state.depth = 0;
  state.expect = state.DOCUMENT;
  state.inString = false;
  state.feedEnds = false;
  levels.resetLevels();
}

/**
 * Reads the bytes before `end`, behind which at least 32 zeros stand.
 *
 * @param final true when nothing follows them
 */
export function scan(end: usize, final: bool): u32 {
  return scanTokens(end, final);
}

/** First address whose bytes are still needed. */
export function neededFrom(): usize {
  let from = state.at;
  if (levels.keepsValue()) from = min(from, levels.valueStart);
  if (state.inString && isKeyOpen()) from = min(from, state.lastOpen);
  return from;
}

/** True when the string that is read may be a key that is looked at. */
function isKeyOpen(): bool {
  return state.depth == levels.levelDepth ? levels.readsKeys() : mayBeTrustKey(state.lastOpen, state.at);
}

/** The window's bytes have moved towards its beginning. */
export function moved(by: usize): void {
  state.at -= by;
  state.lastOpen -= by;
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
export { arePoliciesForgotten, clearNews, clearRows, count, last, newsAt, rowsAt, setBase, textsAt } from './rows';
export { at, depth, expect, inString, lastOpen, line, lastFeed } from './state';
export const TYPES_AT: usize = TYPES;
export const EVENTS_AT: usize = EVENTS;
export const SCRATCH_AT: usize = SCRATCH;
export const SHORT: u32 = MAX_SHORT;
export const ROWS_AT: usize = ROWS;
export const ROW_BYTES: usize = ROW_SIZE;
export const TEXTS_AT: usize = TEXTS;
export const NEWS_AT: usize = NEWS;
export const GROUP_AT: usize = GROUP;
export const GROUP_BYTES: usize = GROUP_SIZE;
export const PLAN_AT: usize = PLAN;

import {
  COLUMN_SIZE,
  COLUMNS,
  GROUP,
  GROUP_SIZE,
  MAX_COLUMNS,
  MAX_GROUP_TEXT,
  NEWS,
  NEWS_END,
  PLAN,
  POLICIES,
  POLICY_BYTES,
  POLICY_BYTES_END,
  POLICY_SIZE,
  POLICY_SLOTS,
  ROW_SIZE,
  ROWS,
  ROWS_END,
  TEXTS,
  TEXTS_END,
} from './layout';
import { equalBytes, hashOf, NODE_SIZE } from './fields';
import { childEntry } from './levels';
import { skip } from './skip';
import * as state from './state';
import { blanks, escapes, string } from './tokens';

/**
 * Elements as rows: an element that is as nearly all are is read whole, and leaves as 24 bytes and its texts. Any other
 * is read field by field.
 */

/** Tells the reader of a new group. Answers 1 when its elements may be rows. */
@external('reader', 'group')
declare function onGroup(root: u32): i32;

// What `row` says instead of an address.
/** The element must be read field by field. */
export const ODD: usize = 0;
/** More bytes are needed. */
export const INCOMPLETE: usize = 1;

// Columns, by the number that the plan gives a field.
const ARN: u32 = 0;
const ID: u32 = 1;
const TRUST: u32 = 2;
/** A field that no row has. */
const NONE: u32 = 3;
const FIRST_OF_GROUP: u32 = 4;

const MAX_ARN: u32 = 2048;
const MAX_ID: u32 = 128;
/** Longest policy that is remembered. */
const MAX_POLICY: u32 = 16384;
/** Policies that are numbered before numbers begin anew, so that what is remembered of them stays bounded. */
const MAX_POLICIES: u32 = 8192;
const MAX_PROBES: u32 = 64;

/** Elements read since the rows were taken. */
export let count: u32 = 0;
/** Offset of the last of them. */
export let last: f64 = 0;
/** Behind the last row, text and new policy. */
export let rowsAt: usize = ROWS;
export let textsAt: usize = TEXTS;
export let newsAt: usize = NEWS;
/** What an address is short of the offset in the evidence. */
let base: f64 = 0;
let groupRoot: i32 = -1;
let isGroupWanted: bool = false;
let policyBytesAt: usize = POLICY_BYTES;
let policies: u32 = 0;

export function setBase(value: f64): void {
  base = value;
}

export function resetRows(): void {
  groupRoot = -1;
  forgetPolicies();
  clearRows();
}

/** The reader has taken the rows. */
export function clearRows(): void {
  count = 0;
  rowsAt = ROWS;
  textsAt = TEXTS;
  clearNews();
  if (policies >= MAX_POLICIES || policyBytesAt + MAX_POLICY > POLICY_BYTES_END) forgetPolicies();
}

/** The reader has taken the new policies, whose bytes may move. */
export function clearNews(): void {
  newsAt = NEWS;
}

/** True when numbers of policies begin anew with the next row. */
export function arePoliciesForgotten(): bool {
  return policies == 0;
}

function forgetPolicies(): void {
  memory.fill(POLICIES, 0, POLICY_BYTES - POLICIES);
  policyBytesAt = POLICY_BYTES;
  policies = 0;
}

export function areRowsFull(): bool {
  return (
    rowsAt + ROW_SIZE > ROWS_END ||
    textsAt + MAX_ARN + MAX_ID > TEXTS_END ||
    newsAt + 16 > NEWS_END ||
    policies >= MAX_POLICIES ||
    policyBytesAt + MAX_POLICY > POLICY_BYTES_END
  );
}

/**
 * Reads the object at `at` as an element of the source at `root`.
 *
 * @returns the address behind it; ODD or INCOMPLETE, and nothing of it was taken
 */
export function row(at: usize, end: usize, root: u32): usize {
  const depth = state.depth;
  const expect = state.expect;
  const line = state.line;
  const lastFeed = state.lastFeed;
  state.depth = depth + 1;
  state.expect = state.VALUE;
  state.holdsRole = false;
  let behind = members(at, end, root);
  if (behind > INCOMPLETE && (state.holdsRole || !emitRow(at, root))) behind = ODD;
  state.depth = depth;
  state.expect = expect;
  state.inString = false;
  if (behind <= INCOMPLETE) {
    state.at = at;
    state.line = line;
    state.lastFeed = lastFeed;
  }
  return behind;
}

@inline
function column(index: u32): usize {
  return COLUMNS + (index as usize) * COLUMN_SIZE;
}

/** Passes the members of an object and notes where the columns are. */
function members(at: usize, end: usize, root: u32): usize {
  for (let index: u32 = 0; index < MAX_COLUMNS; index++) store<u32>(column(index), 0);
  at = blanks(at + 1);
  for (;;) {
    if (load<u8>(at) != 0x22) return brokenAt(at, end);
    const key = at + 1;
    const before = escapes;
    const close = string(key);
    if (close == 0) return brokenAt(state.stop, end);
    if (escapes != before) return ODD;
    const entry = childEntry(root, key, close);
    at = blanks(close + 1);
    if (load<u8>(at) != 0x3a) return brokenAt(at, end);
    const value = blanks(at + 1);
    const escapesBefore = escapes;
    at = skip(value, end, state.depth);
    if (at == 0) return brokenAt(state.stop, end);
    if (entry != 0) {
      const place = column(load<u32>(entry, 12));
      if (load<u32>(place) != 0) return ODD;
      store<u32>(place, value as u32);
      store<u32>(place, at as u32, 4);
      store<u32>(place, escapes - escapesBefore, 8);
    }
    at = blanks(at);
    const byte = load<u8>(at);
    if (byte == 0x7d) return at + 1;
    if (byte != 0x2c) return brokenAt(at, end);
    at = blanks(at + 1);
  }
  return ODD;
}

@inline
function brokenAt(at: usize, end: usize): usize {
  return at + 6 > end ? INCOMPLETE : ODD;
}

/** False when the element is not as rows are. */
function emitRow(at: usize, root: u32): bool {
  if (load<u32>(column(NONE)) != 0 || !isPlainString(ARN)) return false;
  const arn = (load<u32>(column(ARN)) as usize) + 1;
  const arnEnd = (load<u32>(column(ARN), 4) as usize) - 1;
  const arnLength = (arnEnd - arn) as u32;
  if (arnLength > MAX_ARN) return false;
  const columns = columnsOf(root);
  const isRole = (columns & (1 << TRUST)) != 0;
  if (!isInGroup(arn, arnEnd, root, isRole)) return false;
  if (!isGroupWanted) return false;
  if ((columns & (1 << ID)) != 0) {
    if (!isPlainString(ID)) return false;
    const id = (load<u32>(column(ID)) as usize) + 1;
    const idLength = ((load<u32>(column(ID), 4) as usize) - 1 - id) as u32;
    if (idLength > MAX_ID || !isWord(id, idLength)) return false;
    let policy: u32 = 0;
    if (isRole) {
      const trust = load<u32>(column(TRUST)) as usize;
      const trustLength = ((load<u32>(column(TRUST), 4) as usize) - trust) as u32;
      if (load<u8>(arnEnd - 1) == 0x2f || trust == 0) return false;
      if (load<u8>(trust) != 0x7b || trustLength > MAX_POLICY) return false;
      policy = policyNumber(trust, trustLength);
    }
    memory.copy(textsAt, arn, arnLength);
    memory.copy(textsAt + arnLength, id, idLength);
    textsAt += arnLength + idLength;
    store<u32>(rowsAt, arnLength);
    store<u32>(rowsAt, idLength, 4);
    store<u32>(rowsAt, policy, 8);
    store<f64>(rowsAt, base + (at as f64), 16);
    rowsAt += ROW_SIZE;
  }
  count++;
  last = base + (at as f64);
  return true;
}

/** The columns that the plan has for a source, a bit each. */
@inline
function columnsOf(root: u32): u32 {
  return load<u32>(PLAN + (root as usize) * NODE_SIZE, 28);
}

/** True for a string that is there, not empty, and has no backslash. */
function isPlainString(index: u32): bool {
  const place = column(index);
  const start = load<u32>(place) as usize;
  return start != 0 && load<u8>(start) == 0x22 && load<u32>(place, 4) > (start as u32) + 2 && load<u32>(place, 8) == 0;
}

/** Letters, digits and underscores, at least one. */
function isWord(start: usize, length: u32): bool {
  for (let at = start; at < start + length; at++) {
    const byte = load<u8>(at);
    const letter = ((byte | 0x20) - 0x61) as u8;
    if (letter > 25 && ((byte - 0x30) as u8) > 9 && byte != 0x5f) return false;
  }
  return length > 0;
}

/** Printable ASCII without the space, at least one. */
function isPrintable(start: usize, end: usize): bool {
  for (let at = start; at < end; at++) if (((load<u8>(at) - 0x21) as u8) > 0x5d) return false;
  return start < end;
}

@inline
function groupText(index: u32): usize {
  return GROUP + (index as usize) * GROUP_SIZE;
}

/** False when the element can be in no group. */
function isInGroup(arn: usize, arnEnd: usize, root: u32, isRole: bool): bool {
  let isSame = groupRoot == (root as i32);
  const known = load<u32>(GROUP) as usize;
  let prefix = known;
  if (!isSame || arn + known >= arnEnd || !equalBytes(GROUP + 4, arn, known as u32)) {
    prefix = prefixOf(arn, arnEnd, isRole);
    isSame = false;
  }
  if (prefix == 0 || !isPrintable(arn + prefix, arnEnd)) return false;
  const columns = columnsOf(root) >> FIRST_OF_GROUP;
  for (let index: u32 = 0; (columns >> index) != 0; index++) {
    const place = column(FIRST_OF_GROUP + index);
    const start = load<u32>(place) as usize;
    const length = load<u32>(place, 4) - (start as u32);
    if (start == 0 || length > MAX_GROUP_TEXT) return false;
    const text = groupText(index + 1);
    isSame = isSame && load<u32>(text) == length && equalBytes(text + 4, start, length);
  }
  if (isSame) return true;
  groupRoot = root;
  setGroupText(0, arn, prefix as u32);
  for (let index: u32 = 0; (columns >> index) != 0; index++) {
    const place = column(FIRST_OF_GROUP + index);
    const start = load<u32>(place) as usize;
    setGroupText(index + 1, start, load<u32>(place, 4) - (start as u32));
  }
  isGroupWanted = onGroup(root) != 0;
  return true;
}

function setGroupText(index: u32, start: usize, length: u32): void {
  const text = groupText(index);
  store<u32>(text, length);
  memory.copy(text + 4, start, length);
}

/** Length of `arn:PARTITION:iam::ACCOUNT:`, of a role with `role/` behind it; 0 when the ARN does not begin so. */
function prefixOf(arn: usize, end: usize, isRole: bool): usize {
  if (end - arn < 32 || load<u32>(arn) != 0x3a6e7261) return 0;
  let at = arn + 4;
  while (at < end) {
    const byte = load<u8>(at);
    if (((byte - 0x61) as u8) > 25 && ((byte - 0x30) as u8) > 9 && byte != 0x2d) break;
    at++;
  }
  // `:iam::`, 12 digits, a colon.
  if (at == arn + 4 || at + 19 > end || load<u32>(at) != 0x6d61693a || load<u16>(at, 4) != 0x3a3a) return 0;
  at += 6;
  for (let digit: usize = 0; digit < 12; digit++) if (((load<u8>(at + digit) - 0x30) as u8) > 9) return 0;
  at += 12;
  if (load<u8>(at++) != 0x3a) return 0;
  if (isRole) {
    if (load<u32>(at) != 0x656c6f72 || load<u8>(at, 4) != 0x2f) return 0;
    at += 5;
  }
  const length = at - arn;
  return length <= MAX_GROUP_TEXT && at < end ? length : 0;
}

/** The number of a policy by its bytes; one that is new goes to the reader, too. */
function policyNumber(start: usize, length: u32): u32 {
  const hash = hashOf(start, length);
  let index = (hash ^ (hash >> 32)) as u32 & (POLICY_SLOTS - 1);
  let slot: usize = 0;
  for (let probe: u32 = 0; probe < MAX_PROBES; probe++) {
    slot = POLICIES + (index as usize) * POLICY_SIZE;
    const known = load<u32>(slot, 12);
    if (known == 0) break;
    if (known == length && load<u64>(slot) == hash && equalBytes(load<u32>(slot, 8), start, length)) {
      return load<u32>(slot, 16);
    }
    index = (index + 1) & (POLICY_SLOTS - 1);
    slot = 0;
  }
  const number = policies++;
  store<u32>(newsAt, start as u32);
  store<u32>(newsAt, (start as u32) + length, 4);
  store<u32>(newsAt, number, 8);
  newsAt += 16;
  if (slot != 0) {
    memory.copy(policyBytesAt, start, length);
    store<u64>(slot, hash);
    store<u32>(slot, policyBytesAt as u32, 8);
    store<u32>(slot, length, 12);
    store<u32>(slot, number, 16);
    policyBytesAt += length;
  }
  return number;
}

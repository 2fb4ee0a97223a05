import { LEVELS } from './layout';
import { BRANCH, ELEMENT, ELEMENT_END, emit, emitField, equalBytes, FIELD, KEY, NODE_SIZE, REST } from './fields';
import { PLAN } from './layout';
import { lastClose, lastOpen, line } from './state';
import { upTo } from './masks';

/**
 * Looking into the levels that matter. A level is an open container whose members or items are of interest; all that
 * lies deeper is skipped. Outside elements every token goes to the reader, which knows the plan's lists.
 */

@external('reader', 'key')
declare function onKey(start: usize, end: usize): i32;
@external('reader', 'open')
declare function onOpen(at: usize, object: bool, line: u32): i32;
@external('reader', 'close')
declare function onClose(): void;
@external('reader', 'scalar')
declare function onScalar(start: usize, end: usize): void;
@external('reader', 'items')
declare function onItems(count: i32): void;
@external('reader', 'child')
declare function onEscapedKey(start: usize, end: usize, node: u32): i32;

// What a node of the plan is.
const ROOT: u32 = 1;
const WHOLE: u32 = 2;

// Kinds of levels.
export const OUTSIDE_TOP: u32 = 0;
export const OUTSIDE_OBJECT: u32 = 1;
export const OUTSIDE_ARRAY: u32 = 2;
export const LIST: u32 = 3;
export const MAP: u32 = 4;
export const INSIDE: u32 = 5;

// What the level waits for.
const NOTHING: u32 = 0;
const VALUE: u32 = 1;
const STRING_END: u32 = 2;
const SCALAR_END: u32 = 3;
export const CONTAINER_END: u32 = 4;

/** Depth of the innermost level. */
export let levelDepth: i32 = 0;
let kind: u32 = OUTSIDE_TOP;
/** Of LIST and MAP the root of the elements' fields, of INSIDE the object's node. */
let node: u32 = 0;
export let wait: u32 = NOTHING;
let wanted: u32 = 0;
export let valueStart: usize = 0;
/** True while the value waited for is an element that is handed out itself. */
let whole: bool = false;
/** True when the reader has already taken the beginning of the value waited for. */
export let valueTaken: bool = false;
/** Root of the elements that are whole documents, or -1. */
export let documentRoot: i32 = -1;

export function resetLevels(): void {
  levelDepth = 0;
  kind = OUTSIDE_TOP;
  node = 0;
  wait = NOTHING;
  whole = false;
  valueTaken = false;
}

/** True when the bytes from `valueStart` on are still needed. */
export function keepsValue(): bool {
  return wait >= STRING_END && (whole || kind == INSIDE || kind == OUTSIDE_OBJECT);
}

/** True when a value goes to the reader as a field, so that it may be taken piece by piece. */
export function collectsField(): bool {
  return wait >= STRING_END && (whole || kind == INSIDE);
}

/** True when the string or key just read may be a key that is looked at. */
export function readsKeys(): bool {
  return kind == INSIDE || kind == OUTSIDE_OBJECT || kind == MAP;
}

@inline
function nodeAt(index: u32): usize {
  return PLAN + (index as usize) * NODE_SIZE;
}

function push(newKind: u32, newNode: u32): void {
  wait = NOTHING;
  const slot = LEVELS + ((levelDepth as usize) << 3);
  store<u32>(slot, kind);
  store<u32>(slot, node, 4);
  levelDepth++;
  kind = newKind;
  node = newNode;
}

function beginElement(at: usize, root: u32, lineOf: u32): void {
  const first = load<u8>(at);
  emit(ELEMENT, at, first, lineOf);
  whole = (load<u32>(nodeAt(root), 12) & WHOLE) != 0;
  if (first == 0x7b && !whole) {
    push(INSIDE, root);
  } else {
    wanted = root;
    wait = first == 0x5b || first == 0x7b ? CONTAINER_END : first == 0x22 ? STRING_END : SCALAR_END;
    valueStart = at;
  }
}

/** A container opens in the innermost level. */
export function openInLevel(at: usize, lineOf: u32): void {
  const object = load<u8>(at) == 0x7b;
  if (kind == INSIDE) {
    if (wait != VALUE) return;
    if (object && load<u32>(nodeAt(wanted), 4) > 0) {
      emit(BRANCH | (wanted << 8), 0, 0, 0);
      push(INSIDE, wanted);
    } else {
      wait = CONTAINER_END;
      valueStart = at;
    }
  } else if (kind == LIST || kind == MAP) {
    beginElement(at, node, lineOf);
  } else if (kind == OUTSIDE_TOP && documentRoot >= 0 && object) {
    beginElement(at, documentRoot, lineOf);
  } else {
    // -1: a plain container; otherwise the root above the kind.
    const answer = onOpen(at, object, lineOf);
    if (answer < 0) push(object ? OUTSIDE_OBJECT : OUTSIDE_ARRAY, 0);
    else if ((answer & 7) == INSIDE) beginElement(at, answer >> 3, lineOf);
    else push(answer & 7, answer >> 3);
  }
}

/** A container that opened in the innermost level, and is no level itself, has ended before `end`. */
export function closeInLevel(end: usize): void {
  if (wait != CONTAINER_END) return;
  if (kind == INSIDE) endField(end);
  else endElement(end);
  wait = NOTHING;
}

/** The innermost level has ended. */
export function closeLevel(): void {
  const was = kind;
  const root = was == INSIDE && (load<u32>(nodeAt(node), 12) & ROOT) != 0;
  levelDepth--;
  const slot = LEVELS + ((levelDepth as usize) << 3);
  kind = load<u32>(slot);
  node = load<u32>(slot, 4);
  wait = NOTHING;
  if (root) emit(ELEMENT_END, 0, 0, 0);
  else if (was != INSIDE) onClose();
}

function endField(end: usize): void {
  if (valueTaken) {
    emit(FIELD | (wanted << 8), valueStart, end, REST);
    valueTaken = false;
  } else {
    emitField(nodeAt(wanted), wanted, valueStart, end);
  }
}

/** The string, number or literal waited for has ended before `end`. */
function endScalar(end: usize): void {
  wait = NOTHING;
  if (kind == INSIDE) endField(end);
  else if (kind == OUTSIDE_OBJECT) onScalar(valueStart, end);
  else endElement(end);
}

/** An element that was no level has ended. */
function endElement(end: usize): void {
  if (whole) endField(end);
  whole = false;
  emit(ELEMENT_END, 0, 0, 0);
}

/** What the value of a key of an object inside an element is to this plan: a node, or -1. */
function childOf(start: usize, end: usize): i32 {
  const parent = nodeAt(node);
  const length = (end - start) as u32;
  let child: usize = load<u32>(parent);
  const last = child + ((load<u32>(parent, 4) as usize) << 4);
  if (((load<u32>(parent, 8) >> min(length, 31)) & 1) != 0) {
    for (; child < last; child += 16) {
      if (load<u32>(child, 4) == length && equalBytes(load<u32>(child), start, length)) {
        return load<u32>(child, 8) as i32;
      }
    }
  }
  for (let at = start; at < end; at++) if (load<u8>(at) == 0x5c) return onEscapedKey(start, end, node);
  return -1;
}

/**
 * Reads the part of a block that lies directly in the innermost level.
 *
 * @param base address of the block
 * @param part the part
 */
export function readLevel(
  base: usize,
  part: u64,
  openers: u64,
  colons: u64,
  values: u64,
  opening: u64,
  closing: u64,
  scalar: u64,
  feeds: u64,
): void {
  let rest = part;
  for (;;) {
    if (wait == NOTHING) {
      if (kind == LIST) {
        const found = values & rest;
        if (found == 0) return;
        const bit = found & -found;
        if ((openers & bit) != 0) return;
        const at = base + (ctz(found) as usize);
        beginElement(at, node, line + (popcnt(feeds & (bit - 1)) as u32));
        rest &= ~upTo(found);
      } else if (kind == OUTSIDE_ARRAY) {
        const found = values & ~openers & rest;
        if (found != 0) onItems(popcnt(found) as i32);
        return;
      } else if (kind == OUTSIDE_TOP) {
        return;
      } else {
        const found = colons & rest;
        if (found == 0) return;
        const below = (found & -found) - 1;
        rest &= ~upTo(found);
        const starts = opening & below;
        const ends = closing & below;
        const start = starts != 0 ? base + 63 - (clz(starts) as usize) : lastOpen;
        const end = ends != 0 ? base + 63 - (clz(ends) as usize) : lastClose;
        readKey(start + 1, end);
      }
    } else if (wait == VALUE) {
      const found = values & rest;
      if (found == 0) return;
      const bit = found & -found;
      if ((openers & bit) != 0) return;
      const at = base + (ctz(found) as usize);
      rest &= ~upTo(found);
      if (kind == MAP) {
        beginElement(at, node, line + (popcnt(feeds & (bit - 1)) as u32));
      } else {
        valueStart = at;
        wait = (opening & bit) != 0 ? STRING_END : SCALAR_END;
      }
    } else if (wait == STRING_END) {
      const found = closing & rest;
      if (found == 0) return;
      endScalar(base + (ctz(found) as usize) + 1);
      rest &= ~upTo(found);
    } else if (wait == SCALAR_END) {
      const found = ~scalar & rest;
      if (found == 0) return;
      endScalar(base + (ctz(found) as usize));
      rest &= ~((found & -found) - 1);
    } else {
      return;
    }
  }
}

function readKey(start: usize, end: usize): void {
  if (kind == INSIDE) {
    const child = childOf(start, end);
    if (child < 0) return;
    wanted = child as u32;
    wait = VALUE;
  } else if (kind == MAP) {
    emit(KEY, start, end, 0);
    wait = VALUE;
  } else if (onKey(start, end) != 0) {
    wait = VALUE;
  }
}

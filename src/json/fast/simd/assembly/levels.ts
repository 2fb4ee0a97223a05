import { LEVELS, PLAN } from './layout';
import { BRANCH, ELEMENT, ELEMENT_END, emit, emitField, equalBytes, FIELD, KEY, NODE_SIZE, REST } from './fields';
import * as state from './state';

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
/** The root of elements that may become rows. */
const ROW: u32 = 4;

// Kinds of levels.
const OUTSIDE_TOP: u32 = 0;
const OUTSIDE_OBJECT: u32 = 1;
const OUTSIDE_ARRAY: u32 = 2;
const LIST: u32 = 3;
const MAP: u32 = 4;
const INSIDE: u32 = 5;

// What the level waits for.
const NOTHING: u32 = 0;
const VALUE: u32 = 1;
const SCALAR_END: u32 = 2;
const CONTAINER_END: u32 = 3;

/** Depth of the innermost level. */
export let levelDepth: i32 = 0;
let kind: u32 = OUTSIDE_TOP;
/** Of LIST and MAP the root of the elements' fields, of INSIDE the object's node. */
let node: u32 = 0;
let wait: u32 = NOTHING;
let wanted: u32 = 0;
export let valueStart: usize = 0;
/** True while the value waited for is an element that is handed out itself. */
let whole: bool = false;
/** True when the reader has already taken the beginning of the value waited for. */
export let valueTaken: bool = false;
/** Items of the array outside elements that are no arrays or objects, and that the reader was not told of yet. */
let items: i32 = 0;
/** Root of the elements that are whole documents, or -1. */
export let documentRoot: i32 = -1;

export function resetLevels(): void {
  levelDepth = 0;
  kind = OUTSIDE_TOP;
  node = 0;
  wait = NOTHING;
  whole = false;
  valueTaken = false;
  items = 0;
}

/** True when the bytes from `valueStart` on are still needed. */
export function keepsValue(): bool {
  return wait >= SCALAR_END && (whole || kind == INSIDE || kind == OUTSIDE_OBJECT);
}

/** True when a value goes to the reader as a field, so that it may be taken piece by piece. */
export function collectsField(): bool {
  return wait >= SCALAR_END && (whole || kind == INSIDE);
}

/** True when a key in the innermost level is looked at. */
export function readsKeys(): bool {
  return kind == INSIDE || kind == OUTSIDE_OBJECT || kind == MAP;
}

/** The root of the elements that may become rows, should an object begin in the innermost level; -1 when there is none. */
export function rowRoot(): i32 {
  const root = kind == LIST ? (node as i32) : kind == OUTSIDE_TOP ? documentRoot : -1;
  return root >= 0 && (load<u32>(nodeAt(root), 12) & ROW) != 0 ? root : -1;
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

function beginElement(at: usize, root: u32): void {
  const first = load<u8>(at);
  emit(ELEMENT, at, first, state.line);
  state.holdsRole = false;
  whole = (load<u32>(nodeAt(root), 12) & WHOLE) != 0;
  if (first == 0x7b && !whole) {
    push(INSIDE, root);
  } else {
    wanted = root;
    wait = first == 0x5b || first == 0x7b ? CONTAINER_END : SCALAR_END;
    valueStart = at;
  }
}

function flushItems(): void {
  if (items == 0) return;
  onItems(items);
  items = 0;
}

/** A container opens in the innermost level. It is a level itself when `levelDepth` is greater afterwards. */
export function openInLevel(at: usize): void {
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
    beginElement(at, node);
  } else if (kind == OUTSIDE_TOP && documentRoot >= 0 && object) {
    beginElement(at, documentRoot);
  } else {
    flushItems();
    // -1: a plain container; otherwise the root above the kind.
    const answer = onOpen(at, object, state.line);
    if (answer < 0) push(object ? OUTSIDE_OBJECT : OUTSIDE_ARRAY, 0);
    else if ((answer & 7) == INSIDE) beginElement(at, answer >> 3);
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
  flushItems();
  const was = kind;
  const root = was == INSIDE && (load<u32>(nodeAt(node), 12) & ROOT) != 0;
  levelDepth--;
  const slot = LEVELS + ((levelDepth as usize) << 3);
  kind = load<u32>(slot);
  node = load<u32>(slot, 4);
  wait = NOTHING;
  if (root) emit(ELEMENT_END, state.holdsRole ? 1 : 0, 0, 0);
  else if (was != INSIDE) onClose();
}

/** A string, number or literal begins in the innermost level. */
export function beginScalar(at: usize): void {
  if (kind == LIST || kind == MAP) {
    beginElement(at, node);
  } else if (kind == OUTSIDE_ARRAY) {
    items++;
  } else if (wait == VALUE) {
    valueStart = at;
    wait = SCALAR_END;
  }
}

/** It has ended before `end`. */
export function endScalar(end: usize): void {
  if (wait != SCALAR_END) return;
  wait = NOTHING;
  if (kind == INSIDE) endField(end);
  else if (kind == OUTSIDE_OBJECT) onScalar(valueStart, end);
  else endElement(end);
}

function endField(end: usize): void {
  if (valueTaken) {
    emit(FIELD | (wanted << 8), valueStart, end, REST);
    valueTaken = false;
  } else {
    emitField(nodeAt(wanted), wanted, valueStart, end);
  }
}

/** An element that was no level has ended. */
function endElement(end: usize): void {
  const holdsRole = state.holdsRole && !whole;
  if (whole) endField(end);
  whole = false;
  emit(ELEMENT_END, holdsRole ? 1 : 0, 0, 0);
}

/** The entry of a node's child in the plan; 0 when it has none of this name. */
export function childEntry(owner: u32, start: usize, end: usize): usize {
  const parent = nodeAt(owner);
  const length = (end - start) as u32;
  if (((load<u32>(parent, 8) >> min(length, 31)) & 1) == 0) return 0;
  let child: usize = load<u32>(parent);
  const last = child + ((load<u32>(parent, 4) as usize) << 4);
  for (; child < last; child += 16) {
    if (load<u32>(child, 4) == length && equalBytes(load<u32>(child), start, length)) return child;
  }
  return 0;
}

/** What the value of a key of an object inside an element is to this plan: a node, or -1. */
function childOf(start: usize, end: usize): i32 {
  const child = childEntry(node, start, end);
  if (child != 0) return load<u32>(child, 8) as i32;
  for (let at = start; at < end; at++) if (load<u8>(at) == 0x5c) return onEscapedKey(start, end, node);
  return -1;
}

/** A key of the innermost level, without its quotes. */
export function readKey(start: usize, end: usize): void {
  // A value that was wanted and has been passed over is done with.
  wait = NOTHING;
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

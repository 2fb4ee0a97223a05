import { contains } from './char-set.ts';
import type { Program } from './program.ts';

/** What stands before the next character: nothing, a character outside `\w`, or one of `\w`. */
const AT_START = 0;
const AFTER_OTHER = 1;
const AFTER_WORD = 2;
type Before = typeof AT_START | typeof AFTER_OTHER | typeof AFTER_WORD;

interface State {
  /** Instructions that wait for the next character, sorted. */
  readonly waiting: readonly number[];
  readonly before: Before;
  /** By character class; the last entry is for the end of the text. */
  readonly next: (State | null | typeof MATCH)[];
}

const MATCH = 'match';
const MAX_STATES = 1000;
const MAX_TRANSITIONS = 200_000;

/**
 * Unanchored search in time linear in the text, whatever the pattern and the text: the machine is in many
 * states at once instead of trying one after the other. Sets of states met before are remembered (a lazily built
 * deterministic machine); when there are too many of them the search goes on without remembering, each character
 * costing at most one pass over the program.
 */
export function searcher(program: Program): (text: string) => boolean {
  const { code, starts, wordClass, usesBoundaries } = program;
  const classes = starts.length;
  const asciiClass = Uint16Array.from({ length: 128 }, (_, unit) => classOf(starts, unit));
  const maxStates = Math.max(2, Math.min(MAX_STATES, Math.floor(MAX_TRANSITIONS / (classes + 1))));
  const members = starts.map((start) => code.map((i) => i.op === 'set' && contains(i.set, start)));
  const known = new Map<string, State>();
  const seen = new Uint32Array(code.length);
  let round = 0;

  /** Follows one step for a character of class `cls` (`classes`: the end of the text); null waiting list: a match. */
  const step = (waiting: readonly number[], before: Before, cls: number): number[] | null => {
    round++;
    const after: number[] = [];
    const stack = [0, ...waiting];
    const atEnd = cls === classes;
    const wordNext = !atEnd && wordClass[cls] === true;
    const takes = members[cls];
    for (let pc = stack.pop(); pc !== undefined; pc = stack.pop()) {
      if (seen[pc] === round) continue;
      seen[pc] = round;
      const instruction = code[pc]!;
      switch (instruction.op) {
        case 'match':
          return null;
        case 'jump':
          stack.push(instruction.to);
          break;
        case 'split':
          stack.push(instruction.a, instruction.b);
          break;
        case 'set':
          if (!atEnd && takes?.[pc] === true) after.push(pc + 1);
          break;
        case 'assert':
          if (holds(instruction.what, before, atEnd, wordNext)) stack.push(pc + 1);
      }
    }
    return after;
  };

  const beforeNext = (cls: number): Before =>
    usesBoundaries && wordClass[cls] === true ? AFTER_WORD : AFTER_OTHER;

  /** The remembered state, a new one, or null when the memory is full. */
  const stateOf = (waiting: number[], before: Before): State | null => {
    waiting.sort((a, b) => a - b);
    const key = `${before}:${waiting.join()}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    if (known.size >= maxStates) return null;
    const state: State = { waiting, before, next: new Array(classes + 1).fill(null) };
    known.set(key, state);
    return state;
  };

  const first = stateOf([], AT_START)!;

  const slowly = (text: string, from: number, state: State): boolean => {
    let { waiting, before } = state;
    for (let at = from; at <= text.length; at++) {
      const cls = at === text.length ? classes : classAt(text.charCodeAt(at));
      const after = step(waiting, before, cls);
      if (after === null) return true;
      waiting = after;
      before = beforeNext(cls);
    }
    return false;
  };
  const classAt = (unit: number): number => (unit < 128 ? asciiClass[unit]! : classOf(starts, unit));

  return (text) => {
    let state = first;
    for (let at = 0; at <= text.length; at++) {
      const cls = at === text.length ? classes : classAt(text.charCodeAt(at));
      let next = state.next[cls]!;
      if (next === null) {
        const after = step(state.waiting, state.before, cls);
        const found = after === null ? MATCH : stateOf(after, beforeNext(cls));
        if (found === null) return slowly(text, at, state);
        state.next[cls] = found;
        next = found;
      }
      if (next === MATCH) return true;
      state = next;
    }
    return false;
  };
}

function holds(
  what: 'start' | 'end' | 'boundary' | 'no-boundary',
  before: Before,
  atEnd: boolean,
  wordNext: boolean,
): boolean {
  if (what === 'start') return before === AT_START;
  if (what === 'end') return atEnd;
  return ((before === AFTER_WORD) !== wordNext) === (what === 'boundary');
}

function classOf(starts: readonly number[], unit: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= unit) low = middle;
    else high = middle - 1;
  }
  return low;
}

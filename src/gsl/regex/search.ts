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
export class LinearSearch {
  private readonly program: Program;
  private readonly classes: number;
  private readonly asciiClass: Uint16Array;
  /** By character class: which instructions take its characters. */
  private readonly takes: readonly (readonly boolean[])[];
  private readonly maxStates: number;
  private readonly known = new Map<string, State>();
  private readonly first: State;
  /** By instruction: the round in which it was followed last. */
  private readonly seen: Uint32Array;
  private round = 0;

  constructor(program: Program) {
    const { code, starts } = program;
    this.program = program;
    this.classes = starts.length;
    this.asciiClass = Uint16Array.from({ length: 128 }, (_, unit) => classOf(starts, unit));
    this.takes = starts.map((start) => code.map((i) => i.op === 'set' && contains(i.set, start)));
    this.maxStates = Math.max(2, Math.min(MAX_STATES, Math.floor(MAX_TRANSITIONS / (this.classes + 1))));
    this.seen = new Uint32Array(code.length);
    this.first = this.newState([], AT_START);
  }

  finds(text: string): boolean {
    let state = this.first;
    for (let at = 0; at <= text.length; at++) {
      const cls = this.classAt(text, at);
      let next = state.next[cls]!;
      if (next === null) {
        const after = this.step(state.waiting, state.before, cls);
        const found = after === null ? MATCH : this.stateOf(after, this.beforeNext(cls));
        if (found === null) return this.findsSlowly(text, at, state);
        state.next[cls] = found;
        next = found;
      }
      if (next === MATCH) return true;
      state = next;
    }
    return false;
  }

  private findsSlowly(text: string, from: number, state: State): boolean {
    let { waiting, before } = state;
    for (let at = from; at <= text.length; at++) {
      const cls = this.classAt(text, at);
      const after = this.step(waiting, before, cls);
      if (after === null) return true;
      waiting = after;
      before = this.beforeNext(cls);
    }
    return false;
  }

  /** The class of a character; the number of classes stands for the end of the text. */
  private classAt(text: string, at: number): number {
    if (at === text.length) return this.classes;
    const unit = text.charCodeAt(at);
    return unit < 128 ? this.asciiClass[unit]! : classOf(this.program.starts, unit);
  }

  /** Follows one step for a character of the class; null instead of a waiting list: a match. */
  private step(waiting: readonly number[], before: Before, cls: number): number[] | null {
    const { code, wordClass } = this.program;
    const { seen } = this;
    const round = ++this.round;
    const after: number[] = [];
    const stack = [0, ...waiting];
    const atEnd = cls === this.classes;
    const wordNext = !atEnd && wordClass[cls] === true;
    const takes = this.takes[cls];
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
  }

  private beforeNext(cls: number): Before {
    return this.program.usesBoundaries && this.program.wordClass[cls] === true ? AFTER_WORD : AFTER_OTHER;
  }

  /** The remembered state, a new one, or null when the memory is full. */
  private stateOf(waiting: number[], before: Before): State | null {
    waiting.sort((a, b) => a - b);
    const found = this.known.get(keyOf(waiting, before));
    if (found !== undefined) return found;
    return this.known.size >= this.maxStates ? null : this.newState(waiting, before);
  }

  private newState(waiting: readonly number[], before: Before): State {
    const state: State = { waiting, before, next: new Array(this.classes + 1).fill(null) };
    this.known.set(keyOf(waiting, before), state);
    return state;
  }
}

function keyOf(waiting: readonly number[], before: Before): string {
  return `${before}:${waiting.join()}`;
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

import { contains } from './char-set.ts';
import { leadToMatch, type Program } from './program.ts';

/** What stands before the next character: nothing, a character outside `\w`, or one of `\w`. */
const AT_START = 0;
const AFTER_OTHER = 1;
const AFTER_WORD = 2;
type Before = typeof AT_START | typeof AFTER_OTHER | typeof AFTER_WORD;

/** A state of the deterministic machine. */
interface State {
  /** Instructions that wait for the next character, sorted. */
  readonly waiting: readonly number[];
  readonly before: Before;
}

/** Entries of the table that are not the row of the next state. */
const UNKNOWN = -1;
const FOUND = -2;
/** Whatever follows, nothing will be found. */
const HOPELESS = -3;
/** Never in the table: there is no room for the next state. */
const FULL = -4;

const MAX_STATES = 1000;
const MAX_TRANSITIONS = 200_000;
const ASCII = 128;

/**
 * Unanchored search in time linear in the text, whatever the pattern and the text: the machine is in many
 * states at once instead of trying one after the other. Sets of states met before are remembered (a lazily built
 * deterministic machine); when there are too many of them the search goes on without remembering, each character
 * costing at most one pass over the program. It ends as soon as the answer is known.
 */
export class LinearSearch {
  /** Can a match only begin at the start of the text? */
  readonly anchored: boolean;
  private readonly program: Program;
  private readonly classes: number;
  private readonly classOfAscii: Uint16Array;
  /** By instruction: can a match still come of it once a character has been read? */
  private readonly hopeful: readonly boolean[];
  private readonly passages: ReadonlySet<number>;
  private readonly maxStates: number;
  private readonly states: State[] = [];
  private readonly rowOf = new Map<string, number>();
  /** A row for each state, in it by character class the row of the next state; its last entry is for the end of the text. */
  private table: Int32Array;
  /** By instruction: the round in which it was followed last. Rounds may be more than 2^32. */
  private readonly seen: Float64Array;
  private round = 0;

  /** `maxStates`: how many are remembered, less when the pattern tells very many characters apart. */
  constructor(program: Program, maxStates = MAX_STATES) {
    const { code, passages, starts } = program;
    this.program = program;
    this.classes = starts.length;
    this.passages = new Set(passages);
    this.classOfAscii = Uint16Array.from({ length: ASCII }, (_, unit) => classOf(starts, unit));
    this.hopeful = leadToMatch(code);
    this.anchored = this.hopeful[0] !== true;
    this.maxStates = Math.max(2, Math.min(maxStates, Math.floor(MAX_TRANSITIONS / (this.classes + 1))));
    this.seen = new Float64Array(code.length);
    this.table = new Int32Array(4 * (this.classes + 1));
    this.addState([], AT_START);
  }

  finds(text: string): boolean {
    const { classOfAscii } = this;
    const { starts } = this.program;
    const { length } = text;
    let row = 0;
    for (let at = 0; ; at++) {
      // What is known already: the hot loop.
      const { table } = this;
      for (; at < length; at++) {
        const unit = text.charCodeAt(at);
        const next = table[row + (unit < ASCII ? classOfAscii[unit]! : classOf(starts, unit))]!;
        if (next < 0) break;
        row = next;
      }
      const next = this.nextRow(row, this.classAt(text, at));
      if (next === FULL) return this.findsSlowly(text, at, this.stateAt(row));
      if (next < 0) return next === FOUND;
      row = next;
    }
  }

  /** Searches from `from` on without remembering states. */
  private findsSlowly(text: string, from: number, state: State): boolean {
    let { waiting, before } = state;
    for (let at = from; at <= text.length; at++) {
      const cls = this.classAt(text, at);
      const after = this.step(waiting, before, cls);
      if (after === null) return true;
      if (this.isHopeless(after)) return false;
      waiting = after;
      before = this.beforeNext(cls);
    }
    return false;
  }

  /** The class of a character; the number of classes stands for the end of the text. */
  private classAt(text: string, at: number): number {
    return at === text.length ? this.classes : classOf(this.program.starts, text.charCodeAt(at));
  }

  /** What follows on a character of the class: looked up, or found out and entered into the table. */
  private nextRow(row: number, cls: number): number {
    const known = this.table[row + cls]!;
    if (known !== UNKNOWN) return known;
    const { waiting, before } = this.stateAt(row);
    const next = this.entryFor(this.step(waiting, before, cls), cls);
    if (next !== FULL) this.table[row + cls] = next;
    return next;
  }

  private entryFor(after: number[] | null, cls: number): number {
    if (after === null) return FOUND;
    if (cls === this.classes || this.isHopeless(after)) return HOPELESS;
    after.sort((a, b) => a - b);
    const before = this.beforeNext(cls);
    const known = this.rowOf.get(keyOf(after, before));
    if (known !== undefined) return known;
    return this.states.length < this.maxStates ? this.addState(after, before) : FULL;
  }

  private isHopeless(waiting: readonly number[]): boolean {
    return waiting.length === 0 && this.anchored;
  }

  /** Follows one step for a character of the class; null instead of a waiting list: a match. */
  private step(waiting: readonly number[], before: Before, cls: number): number[] | null {
    const { code, starts, wordClass } = this.program;
    const { seen, hopeful } = this;
    const round = ++this.round;
    const after: number[] = [];
    let passed = 0;
    const stack = [...waiting];
    if (before === AT_START || !this.anchored) stack.push(0);
    const atEnd = cls === this.classes;
    const wordNext = !atEnd && wordClass[cls] === true;
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
          if (pc > passed && this.passages.has(pc)) passed = pc;
          break;
        case 'set':
          if (!atEnd && hopeful[pc + 1] === true && contains(instruction.set, starts[cls]!))
            after.push(pc + 1);
          break;
        case 'assert':
          if (holds(instruction.what, before, atEnd, wordNext)) stack.push(pc + 1);
      }
    }
    return passed === 0 ? after : after.filter((pc) => pc >= passed);
  }

  private beforeNext(cls: number): Before {
    return this.program.usesBoundaries && this.program.wordClass[cls] === true ? AFTER_WORD : AFTER_OTHER;
  }

  private stateAt(row: number): State {
    return this.states[row / (this.classes + 1)]!;
  }

  /** Adds a row for a state not met before, and returns it. */
  private addState(waiting: readonly number[], before: Before): number {
    const width = this.classes + 1;
    const row = this.states.length * width;
    if (row + width > this.table.length) {
      const larger = new Int32Array(2 * this.table.length);
      larger.set(this.table);
      this.table = larger;
    }
    this.table.fill(UNKNOWN, row, row + width);
    this.states.push({ waiting, before });
    this.rowOf.set(keyOf(waiting, before), row);
    return row;
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

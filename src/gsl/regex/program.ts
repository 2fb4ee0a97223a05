import { type CharSet, charSet, contains, isEverything, WORD } from './char-set.ts';
import { type Assertion, type Node, PatternError } from './syntax.ts';

/** One instruction of a non-deterministic machine. Targets are indexes into the program. */
export type Instruction =
  | { readonly op: 'set'; readonly set: CharSet }
  | { readonly op: 'split'; readonly a: number; readonly b: number }
  | { readonly op: 'jump'; readonly to: number }
  | { readonly op: 'assert'; readonly what: Assertion }
  | { readonly op: 'match' };

export interface Program {
  readonly code: readonly Instruction[];
  /** Splits all code units into classes that no instruction tells apart: class i begins at `starts[i]`. */
  readonly starts: readonly number[];
  /** By class: are its members word characters? Only kept apart when the program asks for word boundaries. */
  readonly wordClass: readonly boolean[];
  readonly usesBoundaries: boolean;
  /**
   * Where a loop over any characters begins that every match goes through. What is in such a loop can do all that what
   * stands before it could still do, so that no more than the last one reached is followed.
   */
  readonly passages: readonly number[];
}

/** Empty groups emit nothing, so copies of them are counted as work, too. */
const MAX_WORK = 20_000;

/** Compiles a pattern. Throws PatternError when it needs more than `limit` instructions. */
export function buildProgram(pattern: Node, limit: number): Program {
  const code: Instruction[] = [];
  const passages: number[] = [];
  let work = 0;
  const reserve = (): number => {
    if (code.length >= limit) throw tooLarge(limit);
    return code.push({ op: 'match' }) - 1;
  };
  const emit = (node: Node): void => {
    if (++work > MAX_WORK) throw tooLarge(limit);
    switch (node.kind) {
      case 'set':
        code[reserve()] = { op: 'set', set: node.set };
        return;
      case 'assert':
        code[reserve()] = { op: 'assert', what: node.what };
        return;
      case 'sequence':
        for (const item of node.items) {
          emit(item);
          if (node === pattern && isAnyRun(item)) passages.push(code.length - ANY_RUN_LENGTH);
        }
        return;
      case 'choice':
        emitChoice(node.items);
        return;
      case 'repeat':
        emitRepeat(node.item, node.min, node.max);
    }
  };
  const emitChoice = (items: readonly Node[]): void => {
    const exits: number[] = [];
    for (const [index, item] of items.entries()) {
      if (index === items.length - 1) {
        emit(item);
        continue;
      }
      const split = reserve();
      emit(item);
      exits.push(reserve());
      code[split] = { op: 'split', a: split + 1, b: code.length };
    }
    for (const exit of exits) code[exit] = { op: 'jump', to: code.length };
  };
  const emitRepeat = (item: Node, min: number, max: number | null): void => {
    for (let i = 0; i < min; i++) emit(item);
    if (max === null) {
      const split = reserve();
      emit(item);
      code[reserve()] = { op: 'jump', to: split };
      code[split] = { op: 'split', a: split + 1, b: code.length };
      return;
    }
    const splits: number[] = [];
    for (let i = min; i < max; i++) {
      splits.push(reserve());
      emit(item);
    }
    for (const split of splits) code[split] = { op: 'split', a: split + 1, b: code.length };
  };
  emit(pattern);
  code[reserve()] = { op: 'match' };
  return { code, passages, ...classify(code) };
}

/** Split, set and jump. */
const ANY_RUN_LENGTH = 3;

function isAnyRun(node: Node): boolean {
  return (
    node.kind === 'repeat' && node.max === null && node.item.kind === 'set' && isEverything(node.item.set)
  );
}

/**
 * By instruction: can a match be reached from it once a character has been read, so that `^` holds no more? A search
 * drops the others: an anchored one is over when nothing of it is left.
 */
export function leadToMatch(code: readonly Instruction[]): readonly boolean[] {
  const leads = new Array<boolean>(code.length).fill(false);
  const fromHere = (instruction: Instruction, pc: number): boolean => {
    switch (instruction.op) {
      case 'match':
        return true;
      case 'jump':
        return leads[instruction.to] === true;
      case 'split':
        return leads[instruction.a] === true || leads[instruction.b] === true;
      case 'set':
        return instruction.set.length > 0 && leads[pc + 1] === true;
      case 'assert':
        return instruction.what !== 'start' && leads[pc + 1] === true;
    }
  };
  for (let changed = true; changed; ) {
    changed = false;
    // From the end, because nearly all of them lead forward.
    for (let pc = code.length - 1; pc >= 0; pc--) {
      if (leads[pc] === true || !fromHere(code[pc]!, pc)) continue;
      leads[pc] = true;
      changed = true;
    }
  }
  return leads;
}

function classify(code: readonly Instruction[]): Omit<Program, 'code' | 'passages'> {
  const usesBoundaries = code.some(
    (i) => i.op === 'assert' && (i.what === 'boundary' || i.what === 'no-boundary'),
  );
  const edges = new Set<number>([0]);
  const addEdges = (set: CharSet): void => {
    for (const [from, to] of set) {
      edges.add(from);
      if (to < 0xffff) edges.add(to + 1);
    }
  };
  for (const instruction of code) if (instruction.op === 'set') addEdges(instruction.set);
  if (usesBoundaries) addEdges(charSet(WORD));
  const starts = [...edges].sort((a, b) => a - b);
  return { starts, wordClass: starts.map((start) => contains(WORD, start)), usesBoundaries };
}

function tooLarge(limit: number): PatternError {
  return new PatternError(`the pattern is too large (more than ${limit} steps when written out)`, 0);
}

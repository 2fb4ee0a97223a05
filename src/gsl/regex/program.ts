import { type CharSet, charSet, contains, WORD } from './char-set.ts';
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
}

/** Empty groups emit nothing, so copies of them are counted as work, too. */
const MAX_WORK = 20_000;

/** Compiles a pattern. Throws PatternError when it needs more than `limit` instructions. */
export function buildProgram(pattern: Node, limit: number): Program {
  const code: Instruction[] = [];
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
        for (const item of node.items) emit(item);
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
  return { code, ...classify(code) };
}

function classify(code: readonly Instruction[]): Omit<Program, 'code'> {
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

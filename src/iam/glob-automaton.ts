import { ANY_ONE, ANY_RUN, type GlobToken } from './glob.ts';
import { type Budget, type Matcher, type Scope, sixthPart } from './matcher.ts';

/** What working out one position of a new state costs beside looking up a known one. */
const MISS = 2;

/** Characters by number, in the order in which they were met. */
export class Characters {
  private readonly numbers = new Map<string, number>();
  readonly texts: string[] = [];

  numberOf(char: string): number {
    let number = this.numbers.get(char);
    if (number === undefined) {
      number = this.texts.push(char) - 1;
      this.numbers.set(char, number);
    }
    return number;
  }
}

/** Takes in a text, character by character; begins in the state 0. */
export interface Automaton {
  readonly scope: Scope;
  accepts(state: number): boolean;
  /** @param character its number */
  step(state: number, character: number): number;
}

/** What a state takes beside its positions, with the steps from it. */
const STATE_BYTES = 1024;

/**
 * The patterns of a matcher as one deterministic automaton, built on demand: each state is the set of positions reached
 * in them.
 */
export class GlobAutomaton implements Automaton {
  readonly scope: Scope;
  /** All patterns one after the other; null stands for the end of each. */
  private readonly tokens: readonly (GlobToken | null)[];
  private readonly fold: boolean;
  /** Wildcards at these positions stop at a colon. */
  private readonly stops: readonly boolean[];
  /** In numbers of 32 bits: with thousands of patterns, each state has thousands of positions. */
  private readonly states: Int32Array[] = [];
  /** By hash. */
  private readonly ids = new Map<number, number[]>();
  /** By state, then character, as the matcher tells them apart. */
  private readonly steps: (number | undefined)[][] = [];
  private readonly accepting: boolean[] = [];
  private readonly characters: Characters;
  /** By character, the one that the matcher takes it for. */
  private readonly folded: (number | undefined)[] = [];
  private readonly budget: Budget;

  constructor(matcher: Matcher, characters: Characters, budget: Budget) {
    this.characters = characters;
    this.budget = budget;
    this.fold = matcher.ignoreCase;
    const tokens: (GlobToken | null)[] = [];
    const stops: boolean[] = [];
    const starts: number[] = [];
    for (const pattern of matcher.patterns) {
      starts.push(tokens.length);
      const bound = matcher.arn ? sixthPart(pattern) : 0;
      for (const [index, token] of pattern.entries()) {
        tokens.push(this.fold && typeof token === 'string' ? token.toLowerCase() : token);
        stops.push(index < bound);
      }
      tokens.push(null);
      stops.push(false);
    }
    this.scope = matcher.scope;
    this.tokens = tokens;
    this.stops = stops;
    this.intern(this.closure(starts));
  }

  accepts(id: number): boolean {
    return this.accepting[id] as boolean;
  }

  step(id: number, character: number): number {
    const char = this.fold ? this.foldedTo(character) : character;
    const steps = this.steps[id] as (number | undefined)[];
    steps[char] ??= this.stepAnew(this.states[id] as Int32Array, char);
    return steps[char];
  }

  private foldedTo(character: number): number {
    const { characters } = this;
    this.folded[character] ??= characters.numberOf((characters.texts[character] as string).toLowerCase());
    return this.folded[character];
  }

  private stepAnew(positions: Int32Array, character: number): number {
    const char = this.characters.texts[character];
    this.budget.steps -= MISS * positions.length;
    const reached: number[] = [];
    for (const position of positions) {
      const token = this.tokens[position];
      const stopped = char === ':' && this.stops[position];
      if (token === ANY_RUN) {
        if (!stopped) reached.push(position);
      } else if (token === ANY_ONE ? !stopped : token === char) {
        reached.push(position + 1);
      }
    }
    return this.intern(this.closure(reached));
  }

  private closure(positions: readonly number[]): Int32Array {
    const all = new Set(positions);
    for (const position of all) {
      if (this.tokens[position] !== ANY_RUN) continue;
      // One pattern that matches whatever follows makes the others moot.
      if (this.tokens[position + 1] === null && !this.stops[position])
        return Int32Array.of(position, position + 1);
      all.add(position + 1);
    }
    return Int32Array.from(all).sort();
  }

  private intern(positions: Int32Array): number {
    let hash = positions.length;
    for (const position of positions) hash = Math.imul(hash ^ position, 0x01000193) ^ (hash >>> 15);
    const alike = this.ids.get(hash) ?? [];
    const known = alike.find((id) => areEqual(this.states[id] as Int32Array, positions));
    if (known !== undefined) return known;
    const id = this.states.length;
    this.budget.bytes += STATE_BYTES + positions.byteLength;
    this.ids.set(hash, [...alike, id]);
    this.states.push(positions);
    this.steps.push([]);
    this.accepting.push(positions.some((position) => this.tokens[position] === null));
    return id;
  }
}

function areEqual(one: Int32Array, other: Int32Array): boolean {
  return one.length === other.length && one.every((position, index) => position === other[index]);
}

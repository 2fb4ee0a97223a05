import { type Automaton, Characters, GlobAutomaton } from './glob-automaton.ts';
import { LineAutomaton } from './line-automaton.ts';
import { type Budget, BYTE_LIMIT, fullBudget, type Matcher, type Scope, STATE_LIMIT } from './matcher.ts';

/**
 * Which values can a key take, as far as a set of patterns can tell them apart? All patterns run side by side over
 * every string of a grammar (breadth first, so the shortest come first); each combination of patterns that match
 * and patterns that do not is kept once, with one string that shows it. The answer is exact: what no string of the
 * result does, no string of the grammar can do.
 */
export interface ValueClasses {
  readonly values: readonly string[];
  /** False when the limit was reached, so that some combinations may be missing. */
  readonly exhaustive: boolean;
}

/** The strings a value can be, as a deterministic automaton over UTF-16 code units. */
export interface Grammar {
  readonly start: string;
  /** The next state; null when no string goes on like that. */
  next(state: string, char: string): string | null;
  accepts(state: string): boolean;
  /** The only characters that go on from a state; null where most do. Saves trying the others. */
  goesOnWith?(state: string): string | null;
  /** Characters worth trying besides those of the patterns. */
  readonly alphabet: readonly string[];
  /** Splits accepted strings further than the patterns do. */
  kindOf?(state: string): string;
  /** The character to try first, so that shown values look natural. */
  preferred?(state: string): string | null;
  /** What a step does to the matchers of a scope; `feed` when absent. */
  scope?(scope: Scope, state: string, char: string): 'feed' | 'reset' | 'hold';
}

/** Of every automaton. */
const START = 0;

export function valueClasses(
  grammar: Grammar,
  matchers: readonly Matcher[],
  budget: Budget = fullBudget(),
): ValueClasses {
  if (budget.steps < 0) return { values: [], exhaustive: false };
  const characters = new Characters();
  budget.bytes = 0;
  const automata = matchers.map(
    (matcher): Automaton =>
      LineAutomaton.of(matcher, characters) ?? new GlobAutomaton(matcher, characters, budget),
  );
  const alphabet = buildAlphabet(grammar, matchers).map((char) => characters.numberOf(char));
  const states = new GrammarStates(grammar, characters);
  const found = new Map<string, string>();
  const together = new Together(automata.length);
  /** What one step makes of the states of the automata; one for all, because most steps lead where another one did. */
  const advanced = new Int32Array(automata.length).fill(START);
  let layer: Reached[] = [
    {
      text: '',
      state: states.start,
      number: together.see(together.slotOf(states.start, advanced), states.start, advanced),
    },
  ];
  while (layer.length > 0) {
    const next: Reached[] = [];
    for (const { text, state, number } of layer) {
      if (states.accepts(state)) {
        const matched = together.matched(number);
        let outcome = states.kindOf(state);
        for (const [i, automaton] of automata.entries()) {
          outcome += automaton.accepts(matched[i] as number) ? '1' : '0';
        }
        if (!found.has(outcome)) found.set(outcome, text);
      }
      for (const char of states.charactersFrom(state, alphabet)) {
        const to = states.next(state, char);
        if (to === null) continue;
        budget.steps -= automata.length;
        if (budget.steps < 0 || budget.bytes > BYTE_LIMIT)
          return { values: [...found.values()], exhaustive: false };
        const matched = together.matched(number);
        for (let i = 0; i < automata.length; i++) {
          const automaton = automata[i] as Automaton;
          const effect = states.effectOn(automaton.scope, state, char);
          const at = matched[i] as number;
          advanced[i] = effect === 'feed' ? automaton.step(at, char) : effect === 'hold' ? at : START;
        }
        if (budget.bytes > budget.mostBytes) budget.mostBytes = budget.bytes;
        const slot = together.slotOf(to, advanced);
        if (together.has(slot)) continue;
        if (together.seen >= STATE_LIMIT) return { values: [...found.values()], exhaustive: false };
        next.push({
          text: text + (characters.texts[char] as string),
          state: to,
          number: together.see(slot, to, advanced),
        });
        if (together.seen > budget.mostStates) budget.mostStates = together.seen;
      }
    }
    layer = next;
  }
  return { values: [...found.values()], exhaustive: true };
}

interface Reached {
  readonly text: string;
  /** Of the grammar. */
  readonly state: number;
  /** Of that state together with those of the automata. */
  readonly number: number;
}

const PIECE = 64;

/**
 * States of the grammar and of all automata together, each kept once. They stand in few pieces of memory: with
 * thousands of patterns, one object for each step would come to a gigabyte.
 */
class Together {
  /** How many were seen. */
  seen = 0;
  private readonly width: number;
  /** Pieces of as many states each, so that growing copies nothing. */
  private readonly pieces: Int32Array[] = [];
  /** By hash, one more than the number of a state; 0 where there is none. */
  private table = new Int32Array(256);

  /** @param automata how many there are */
  constructor(automata: number) {
    this.width = automata + 1;
  }

  /** The states of the automata when `number` was seen; valid until the next is. */
  matched(number: number): Int32Array {
    const at = (number % PIECE) * this.width;
    return this.pieceOf(number).subarray(at + 1, at + this.width);
  }

  private pieceOf(number: number): Int32Array {
    return this.pieces[Math.floor(number / PIECE)] as Int32Array;
  }

  /** Where in the table the state stands, or would stand. */
  slotOf(grammar: number, matched: Int32Array): number {
    const { width, table } = this;
    let hash = grammar;
    for (let index = 0; index < matched.length; index++) {
      hash = Math.imul(hash ^ (matched[index] as number), 0x01000193) ^ (hash >>> 15);
    }
    const mask = table.length - 1;
    for (let slot = (hash ^ (hash >>> 13)) & mask; ; slot = (slot + 1) & mask) {
      const known = table[slot] as number;
      if (known === 0) return slot;
      const all = this.pieceOf(known - 1);
      const at = ((known - 1) % PIECE) * width;
      if (all[at] !== grammar) continue;
      let index = 0;
      while (index < matched.length && all[at + 1 + index] === matched[index]) index++;
      if (index === matched.length) return slot;
    }
  }

  has(slot: number): boolean {
    return this.table[slot] !== 0;
  }

  /** Keeps a state for which `slotOf` said where it would stand; returns its number. */
  see(slot: number, grammar: number, matched: Int32Array): number {
    const number = this.seen++;
    if (number % PIECE === 0) this.pieces.push(new Int32Array(this.width * PIECE));
    const all = this.pieceOf(number);
    const at = (number % PIECE) * this.width;
    all[at] = grammar;
    all.set(matched, at + 1);
    this.table[slot] = number + 1;
    if (this.seen * 2 > this.table.length) this.growTable();
    return number;
  }

  private growTable(): void {
    this.table = new Int32Array(this.table.length * 2);
    for (let number = 0; number < this.seen; number++) {
      const grammar = this.pieceOf(number)[(number % PIECE) * this.width] as number;
      const slot = this.slotOf(grammar, this.matched(number));
      this.table[slot] = number + 1;
    }
  }
}

type Effect = 'feed' | 'reset' | 'hold';

/** The states of a grammar by number; what it says of them is asked once. */
class GrammarStates {
  readonly start: number;
  private readonly grammar: Grammar;
  private readonly characters: Characters;
  private readonly numbers = new Map<string, number>();
  private readonly texts: string[] = [];
  private readonly accepting: boolean[] = [];
  private readonly kinds: string[] = [];
  private readonly tried: (readonly number[] | undefined)[] = [];
  /** By state, then character. */
  private readonly nexts: (number | null | undefined)[][] = [];
  private readonly effects: Record<Scope, (Effect | undefined)[][]> = { whole: [], account: [], name: [] };

  constructor(grammar: Grammar, characters: Characters) {
    this.grammar = grammar;
    this.characters = characters;
    this.start = this.numberOf(grammar.start);
  }

  accepts(state: number): boolean {
    return this.accepting[state] as boolean;
  }

  kindOf(state: number): string {
    return this.kinds[state] as string;
  }

  /** The characters to try, that which the grammar prefers first. */
  charactersFrom(state: number, alphabet: readonly number[]): readonly number[] {
    this.tried[state] ??= this.charactersWorthTrying(state, alphabet);
    return this.tried[state];
  }

  next(state: number, char: number): number | null {
    const nexts = this.nexts[state] as (number | null | undefined)[];
    let to = nexts[char];
    if (to === undefined) {
      const text = this.grammar.next(this.texts[state] as string, this.characters.texts[char] as string);
      to = text === null ? null : this.numberOf(text);
      nexts[char] = to;
    }
    return to;
  }

  effectOn(scope: Scope, state: number, char: number): Effect {
    this.effects[scope][state] ??= [];
    const effects = this.effects[scope][state];
    effects[char] ??=
      this.grammar.scope?.(scope, this.texts[state] as string, this.characters.texts[char] as string) ??
      'feed';
    return effects[char];
  }

  private numberOf(text: string): number {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    const { grammar } = this;
    const number = this.texts.push(text) - 1;
    this.numbers.set(text, number);
    this.accepting.push(grammar.accepts(text));
    this.kinds.push(grammar.kindOf?.(text) ?? '');
    this.nexts.push([]);
    return number;
  }

  private charactersWorthTrying(state: number, alphabet: readonly number[]): readonly number[] {
    const text = this.texts[state] as string;
    const { texts } = this.characters;
    const only = this.grammar.goesOnWith?.(text) ?? null;
    const tried = only === null ? alphabet : alphabet.filter((char) => only.includes(texts[char] as string));
    const preferred = this.grammar.preferred?.(text) ?? null;
    return preferred === null ? tried : [this.characters.numberOf(preferred), ...tried];
  }
}

/** Characters outside all patterns behave alike, so two strangers stand for all of them; letters come first. */
export const STRANGER_LETTERS = 'xqzvkjw';
const STRANGERS = `${STRANGER_LETTERS}7953XQZ_=@`;

function buildAlphabet(grammar: Grammar, matchers: readonly Matcher[]): readonly string[] {
  const chars = new Set<string>();
  for (const matcher of matchers) {
    for (const token of matcher.patterns.flat()) {
      if (typeof token !== 'string') continue;
      chars.add(token);
      if (matcher.ignoreCase) {
        chars.add(token.toLowerCase());
        chars.add(token.toUpperCase());
      }
    }
  }
  const strangers = [...STRANGERS].filter((char) => !chars.has(char)).slice(0, 6);
  return [...new Set([...strangers, ...grammar.alphabet, ...chars])].filter((char) => char.length === 1);
}

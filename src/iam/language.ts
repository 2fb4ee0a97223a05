import { ANY_ONE, ANY_RUN, type GlobToken } from './glob.ts';

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
  /** Characters worth trying besides those of the patterns. */
  readonly alphabet: readonly string[];
  /** Splits accepted strings further than the patterns do. */
  kindOf?(state: string): string;
  /** The character to try first, so that shown values look natural. */
  preferred?(state: string): string | null;
  /** What a step does to the matchers of a scope; `feed` when absent. */
  scope?(scope: Scope, state: string, char: string): 'feed' | 'reset' | 'hold';
}

/** The part of the string that a matcher looks at. */
export type Scope = 'whole' | 'account' | 'name';

export interface Matcher {
  readonly tokens: readonly GlobToken[];
  readonly scope: Scope;
  readonly ignoreCase: boolean;
  /** Wildcards before the sixth part do not cross a colon, as in ARN comparisons. */
  readonly arn: boolean;
}

/** Bounds the work on hostile sets of patterns; ordinary policies stay below a few hundred states. */
const STATE_LIMIT = 20_000;

/** Work left for all enumerations of one policy together, so that many small ones are bounded as well. */
export interface Budget {
  steps: number;
}

/** States times characters times patterns: about a second. */
export function fullBudget(): Budget {
  return { steps: 8_000_000 };
}

export function valueClasses(
  grammar: Grammar,
  matchers: readonly Matcher[],
  budget: Budget = fullBudget(),
): ValueClasses {
  const automata = matchers.map((matcher) => new GlobAutomaton(matcher));
  const alphabet = buildAlphabet(grammar, matchers);
  const found = new Map<string, string>();
  const seen = new Set<string>();
  let layer: { text: string; state: string; matched: readonly number[] }[] = [
    { text: '', state: grammar.start, matched: automata.map(() => GlobAutomaton.START) },
  ];
  while (layer.length > 0) {
    const next: typeof layer = [];
    for (const { text, state, matched } of layer) {
      if (grammar.accepts(state)) {
        const outcome = `${grammar.kindOf?.(state) ?? ''}${automata.map((automaton, i) => (automaton.accepts(matched[i] as number) ? 1 : 0)).join('')}`;
        if (!found.has(outcome)) found.set(outcome, text);
      }
      const preferred = grammar.preferred?.(state) ?? null;
      const chars = preferred === null ? alphabet : [preferred, ...alphabet];
      for (const char of chars) {
        const to = grammar.next(state, char);
        if (to === null) continue;
        budget.steps -= automata.length;
        if (budget.steps < 0) return { values: [...found.values()], exhaustive: false };
        const advanced = automata.map((automaton, i) => {
          const step = grammar.scope?.(automaton.scope, state, char) ?? 'feed';
          if (step === 'reset') return GlobAutomaton.START;
          return step === 'hold' ? (matched[i] as number) : automaton.step(matched[i] as number, char);
        });
        const key = `${to} ${advanced.join(' ')}`;
        if (seen.has(key)) continue;
        if (seen.size >= STATE_LIMIT) return { values: [...found.values()], exhaustive: false };
        seen.add(key);
        next.push({ text: text + char, state: to, matched: advanced });
      }
    }
    layer = next;
  }
  return { values: [...found.values()], exhaustive: true };
}

/** Characters outside all patterns behave alike, so two strangers stand for all of them. */
const STRANGERS = 'xqzvkjw7953XQZ_=@';

function buildAlphabet(grammar: Grammar, matchers: readonly Matcher[]): readonly string[] {
  const chars = new Set<string>();
  for (const matcher of matchers) {
    for (const token of matcher.tokens) {
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

/** A glob as a deterministic automaton, built on demand: each state is the set of pattern positions reached. */
class GlobAutomaton {
  static readonly START = 0;
  readonly scope: Scope;
  readonly #tokens: readonly GlobToken[];
  readonly #fold: boolean;
  /** Positions before this one belong to ARN parts whose wildcards stop at a colon; -1 when there are none. */
  readonly #colonBound: number;
  readonly #states: (readonly number[])[] = [];
  readonly #ids = new Map<string, number>();
  readonly #steps: Map<string, number>[] = [];

  constructor(matcher: Matcher) {
    this.#fold = matcher.ignoreCase;
    this.#tokens = matcher.ignoreCase
      ? matcher.tokens.map((token) => (typeof token === 'string' ? token.toLowerCase() : token))
      : matcher.tokens;
    this.scope = matcher.scope;
    this.#colonBound = matcher.arn ? sixthPart(matcher.tokens) : -1;
    this.#intern(this.#closure([0]));
  }

  accepts(id: number): boolean {
    return (this.#states[id] as readonly number[]).includes(this.#tokens.length);
  }

  step(id: number, rawChar: string): number {
    const char = this.#fold ? rawChar.toLowerCase() : rawChar;
    const steps = this.#steps[id] as Map<string, number>;
    const known = steps.get(char);
    if (known !== undefined) return known;
    const reached: number[] = [];
    for (const position of this.#states[id] as readonly number[]) {
      const token = this.#tokens[position];
      const stopped = char === ':' && position < this.#colonBound;
      if (token === ANY_RUN) {
        if (!stopped) reached.push(position);
      } else if (token === ANY_ONE ? !stopped : token === char) {
        reached.push(position + 1);
      }
    }
    const to = this.#intern(this.#closure(reached));
    steps.set(char, to);
    return to;
  }

  #closure(positions: readonly number[]): readonly number[] {
    const all = new Set(positions);
    for (const position of all) {
      if (this.#tokens[position] === ANY_RUN) all.add(position + 1);
    }
    return [...all].sort((a, b) => a - b);
  }

  #intern(positions: readonly number[]): number {
    const key = positions.join(',');
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#states.length;
    this.#ids.set(key, id);
    this.#states.push(positions);
    this.#steps.push(new Map());
    return id;
  }
}

function sixthPart(tokens: readonly GlobToken[]): number {
  let colons = 0;
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i] === ':' && ++colons === 5) return i + 1;
  }
  return tokens.length + 1;
}

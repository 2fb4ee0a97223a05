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

/** What working out one position of a new state costs beside looking up a known one. */
const MISS = 2;

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
  /** Matches when one of these does: the values of one condition, which nothing tells apart. */
  readonly patterns: readonly (readonly GlobToken[])[];
  readonly scope: Scope;
  readonly ignoreCase: boolean;
  /** Wildcards before the sixth part do not cross a colon, as in ARN comparisons. */
  readonly arn: boolean;
}

/** Without wildcards, and minding case. */
export function isSimple({ ignoreCase, patterns }: Matcher): boolean {
  return !ignoreCase && patterns.every((pattern) => pattern.every((token) => typeof token === 'string'));
}

/** Bounds the work on hostile sets of patterns; ordinary policies stay below a few hundred states. */
const STATE_LIMIT = 20_000;

/** Work left for all enumerations of one policy together, so that many small ones are bounded as well. */
export interface Budget {
  steps: number;
}

/** States times characters times patterns: a second or two. */
export function fullBudget(): Budget {
  return { steps: 24_000_000 };
}

export function valueClasses(
  grammar: Grammar,
  matchers: readonly Matcher[],
  budget: Budget = fullBudget(),
): ValueClasses {
  if (budget.steps < 0) return { values: [], exhaustive: false };
  const automata = matchers.map((matcher) => new GlobAutomaton(matcher, budget));
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

/**
 * The patterns of a matcher as one deterministic automaton, built on demand: each state is the set of positions reached
 * in them.
 */
class GlobAutomaton {
  static readonly START = 0;
  readonly scope: Scope;
  /** All patterns one after the other; null stands for the end of each. */
  private readonly tokens: readonly (GlobToken | null)[];
  private readonly fold: boolean;
  /** Wildcards at these positions stop at a colon. */
  private readonly stops: readonly boolean[];
  private readonly states: (readonly number[])[] = [];
  private readonly ids = new Map<string, number>();
  private readonly steps: Map<string, number>[] = [];

  private readonly budget: Budget;

  constructor(matcher: Matcher, budget: Budget) {
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
    return (this.states[id] as readonly number[]).some((position) => this.tokens[position] === null);
  }

  step(id: number, rawChar: string): number {
    const char = this.fold ? rawChar.toLowerCase() : rawChar;
    const steps = this.steps[id] as Map<string, number>;
    const known = steps.get(char);
    if (known !== undefined) return known;
    this.budget.steps -= MISS * (this.states[id] as readonly number[]).length;
    const reached: number[] = [];
    for (const position of this.states[id] as readonly number[]) {
      const token = this.tokens[position];
      const stopped = char === ':' && this.stops[position];
      if (token === ANY_RUN) {
        if (!stopped) reached.push(position);
      } else if (token === ANY_ONE ? !stopped : token === char) {
        reached.push(position + 1);
      }
    }
    const to = this.intern(this.closure(reached));
    steps.set(char, to);
    return to;
  }

  private closure(positions: readonly number[]): readonly number[] {
    const all = new Set(positions);
    for (const position of all) {
      if (this.tokens[position] !== ANY_RUN) continue;
      // One pattern that matches whatever follows makes the others moot.
      if (this.tokens[position + 1] === null && !this.stops[position]) return [position, position + 1];
      all.add(position + 1);
    }
    return [...all].sort((a, b) => a - b);
  }

  private intern(positions: readonly number[]): number {
    const key = positions.join(',');
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    const id = this.states.length;
    this.ids.set(key, id);
    this.states.push(positions);
    this.steps.push(new Map());
    return id;
  }
}

/** Where the sixth part of an ARN pattern begins; beyond its end when it has fewer. */
function sixthPart(tokens: readonly GlobToken[]): number {
  let colons = 0;
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i] === ':' && ++colons === 5) return i + 1;
  }
  return tokens.length + 1;
}

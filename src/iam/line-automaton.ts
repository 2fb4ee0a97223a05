import { ANY_ONE, ANY_RUN, type GlobToken } from './glob.ts';
import type { Automaton, Characters } from './glob-automaton.ts';
import { type Matcher, type Scope, sixthPart } from './matcher.ts';

/**
 * The automaton of a single pattern in which a run of any characters stands at the end or nowhere: a state is the place that was
 * reached in it, so nothing has to be worked out or kept. A policy may have tens of thousands of them.
 */
export class LineAutomaton implements Automaton {
  readonly scope: Scope;
  private readonly tokens: readonly GlobToken[];
  private readonly characters: Characters;
  private readonly fold: boolean;
  /** Wildcards before this place stop at a colon. */
  private readonly bound: number;
  /** Nothing matches any more. */
  private readonly dead: number;

  private constructor({ scope, ignoreCase, arn }: Matcher, tokens: readonly GlobToken[], all: Characters) {
    this.scope = scope;
    this.tokens = ignoreCase ? tokens.map(lowered) : tokens;
    this.characters = all;
    this.fold = ignoreCase;
    this.bound = arn ? sixthPart(tokens) : 0;
    this.dead = tokens.length + 1;
  }

  /** Null for matchers of another kind. */
  static of(matcher: Matcher, characters: Characters): LineAutomaton | null {
    const [tokens, ...others] = matcher.patterns;
    if (tokens === undefined || others.length > 0) return null;
    const run = tokens.indexOf(ANY_RUN);
    if (run !== -1 && run !== tokens.length - 1) return null;
    return new LineAutomaton(matcher, tokens, characters);
  }

  accepts(state: number): boolean {
    const { tokens } = this;
    return state === tokens.length || (state === tokens.length - 1 && tokens[state] === ANY_RUN);
  }

  step(state: number, character: number): number {
    const token = this.tokens[state];
    if (token === undefined) return this.dead;
    const text = this.characters.texts[character] as string;
    if (typeof token === 'string')
      return token === (this.fold ? text.toLowerCase() : text) ? state + 1 : this.dead;
    if (text === ':' && state < this.bound) return this.dead;
    return token === ANY_ONE ? state + 1 : state;
  }
}

function lowered(token: GlobToken): GlobToken {
  return typeof token === 'string' ? token.toLowerCase() : token;
}

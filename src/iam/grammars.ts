import type { Grammar } from './language.ts';

const EXTERNAL_ID_CHAR = /[\w+=,.@:/-]/;
const SESSION_NAME_CHAR = /[\w+=,.@-]/;

/** Text of any length; one-character and longer strings count as different kinds, because session names need two. */
function textFrom(shortest: '0' | '1'): Grammar {
  return {
    start: '0',
    next: (state) => (state === '0' ? '1' : '2'),
    accepts: (state) => state >= shortest,
    kindOf: (state) => state,
    alphabet: [],
  };
}

/** Any text; tag values may even be empty. */
export const ANY_TEXT: Grammar = textFrom('0');
export const NON_EMPTY_TEXT: Grammar = textFrom('1');

/** Text of at least two characters from a set. */
function twoOrMore(char: RegExp): Grammar {
  return {
    start: '0',
    next: (state, next) => (char.test(next) ? (state === '0' ? '1' : '2') : null),
    accepts: (state) => state === '2',
    alphabet: [],
  };
}

/** 2 to 1,224 characters (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html); see MAX_EXTERNAL_ID. */
export const EXTERNAL_ID_TEXT: Grammar = twoOrMore(EXTERNAL_ID_CHAR);
export const MAX_EXTERNAL_ID = 1224;
/** Can be sent as an external ID. */
export function isExternalId(text: string): boolean {
  return text.length <= MAX_EXTERNAL_ID && grammarAccepts(EXTERNAL_ID_TEXT, text);
}

/** Role session names and source identities: 2 to 64 characters (same page). */
export const SESSION_NAME_TEXT: Grammar = twoOrMore(SESSION_NAME_CHAR);
export const MAX_SESSION_NAME = 64;

export function grammarAccepts(grammar: Grammar, text: string): boolean {
  let state: string | null = grammar.start;
  for (let i = 0; i < text.length && state !== null; i++) state = grammar.next(state, text[i] as string);
  return state !== null && grammar.accepts(state);
}

const NAME_CHAR = /[\w+=,.@-]/;
const PATH_CHAR = /[\u0021-\u007e]/;

export interface PrincipalArnOptions {
  readonly partitions: readonly string[];
  /** The only account; null for every account but `own`. */
  readonly account: string | null;
  readonly own: string;
  /** Account to show when any would do. */
  readonly freshAccount: string;
  /** The only role name; null for users and roles of any name. */
  readonly roleName: string | null;
  /** Names behind paths of different depths are different kinds. */
  readonly tellsPaths: boolean;
}

/** Paths deeper than this are alike. */
const DEEPEST = 3;

/**
 * ARNs of users and roles of other accounts: `arn:P:iam::A:(user|role)/[path/]name`. A path may hold any printable
 * ASCII character, colons and digits too; a name only some
 * (https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html).
 *
 * States: `P` + text of the prefix so far; `A` + digits read + whether they equal the own account's; `K` + text of
 * the resource type so far; `R` + kind + what the current segment can be: the first and empty (`f`), another and empty
 * (`e`), a name of one character (`1`) or more (`n`), or only part of a path (`p`); + depth of the path, where it is told.
 */
export function principalArnGrammar(options: PrincipalArnOptions): Grammar {
  const prefixes = options.partitions.map((partition) => `arn:${partition}:iam::`);
  const types = options.roleName === null ? [':user/', ':role/'] : [':role/'];
  const wanted = options.account ?? options.freshAccount;
  return {
    start: 'P',
    alphabet: [
      ...new Set([...prefixes.join(''), ...types.join(''), ...'0123456789/', ...(options.roleName ?? '')]),
    ],
    next(state, char) {
      const rest = state.slice(1);
      switch (state[0]) {
        case 'P': {
          const text = rest + char;
          if (prefixes.includes(text)) return 'A0=';
          return prefixes.some((prefix) => prefix.startsWith(text)) ? `P${text}` : null;
        }
        case 'A': {
          const read = Number.parseInt(rest, 10);
          if (char < '0' || char > '9') return null;
          if (options.account !== null && char !== options.account[read]) return null;
          const own = rest.endsWith('=') && char === options.own[read];
          if (read < 11) return `A${read + 1}${own ? '=' : '!'}`;
          return own && options.account === null ? null : 'K';
        }
        case 'K': {
          const text = rest + char;
          if (types.includes(text)) return `R${text[1]}f0`;
          return types.some((type) => type.startsWith(text)) ? `K${text}` : null;
        }
        default: {
          const kind = rest.charAt(0);
          const segment = rest.charAt(1);
          const depth = rest.charAt(2);
          if (char === '/') {
            if (segment === 'f') return null;
            return `R${kind}e${options.tellsPaths ? Math.min(DEEPEST, Number(depth) + 1) : 0}`;
          }
          if (!PATH_CHAR.test(char)) return null;
          if (segment === 'p' || !NAME_CHAR.test(char)) return `R${kind}p${depth}`;
          return `R${kind}${segment === 'e' || segment === 'f' ? '1' : 'n'}${depth}`;
        }
      }
    },
    goesOnWith(state) {
      const rest = state.slice(1);
      switch (state[0]) {
        case 'P':
          return followingIn(prefixes, rest);
        case 'A':
          return options.account === null ? '0123456789' : options.account.charAt(Number.parseInt(rest, 10));
        case 'K':
          return followingIn(types, rest);
        default:
          return null;
      }
    },
    accepts: (state) => state[0] === 'R' && (state[2] === 'n' || state[2] === '1'),
    kindOf: (state) => state.slice(1),
    preferred: (state) => (state[0] === 'A' ? (wanted[Number.parseInt(state.slice(1), 10)] ?? null) : null),
    scope(scope, state, char) {
      if (scope === 'whole') return 'feed';
      if (scope === 'account') return state[0] === 'A' ? 'feed' : 'hold';
      if (state[0] !== 'R') return 'hold';
      return char === '/' ? 'reset' : 'feed';
    },
  };
}

/** The characters after this beginning in the texts that have it. */
function followingIn(texts: readonly string[], beginning: string): string {
  return texts.map((text) => (text.startsWith(beginning) ? text.charAt(beginning.length) : '')).join('');
}

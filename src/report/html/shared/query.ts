/** What can stand before the colon of a filter token, and the names people may write instead. */
export const FILTER_KEYS = [
  'verdict',
  'literal',
  'differs',
  'trust',
  'guardrail',
  'privileges',
  'severity',
  'acct',
  'from',
  'open',
  'relation',
  'guard',
  'state',
  'accepted',
  'exception',
  'rule',
  'note',
  'reason',
  'role',
  'file',
] as const;
export type FilterKey = (typeof FILTER_KEYS)[number];

const ALIASES: ReadonlyMap<string, FilterKey> = new Map([
  ['account', 'acct'],
  ['sev', 'severity'],
  ['external', 'from'],
  ['differ', 'differs'],
  ['notes', 'note'],
]);

/** One condition of a query; all of a query must hold. */
export interface Token {
  /** As written. */
  readonly raw: string;
  /** Null: text to look for anywhere. */
  readonly key: FilterKey | null;
  /** Lower case; one of them must hold. */
  readonly values: readonly string[];
  /** Written with `!` before it: must not hold. */
  readonly negated: boolean;
}

/** Reads `verdict:fail acct:1111 !relation:third-party "some words" word`. Never fails: what is no token is text. */
export function parseQuery(query: string): readonly Token[] {
  return pieces(query, /\s/).flatMap((raw): readonly Token[] => {
    const negated = raw.startsWith('!') && raw.length > 1;
    const body = negated ? raw.slice(1) : raw;
    const colon = body.indexOf(':');
    const key = colon === -1 ? null : filterKey(body.slice(0, colon));
    const values = key === null ? [unquoted(body)] : pieces(body.slice(colon + 1), /,/).map(unquoted);
    const given = values.map((value) => value.toLowerCase()).filter((value) => value !== '');
    // `verdict:` on its way to `verdict:fail` filters nothing yet.
    return given.length === 0 ? [] : [{ raw, key, values: given, negated }];
  });
}

function filterKey(text: string): FilterKey | null {
  const name = text.toLowerCase();
  return FILTER_KEYS.find((key) => key === name) ?? ALIASES.get(name) ?? null;
}

/** The query with the one condition on `key` that `value` asks for, in which commas mean *or*; none when it is empty. */
export function withToken(query: string, key: FilterKey, value: string): string {
  const others = parseQuery(query).filter((token) => token.key !== key);
  const added = value === '' ? [] : [`${key}:${quoted(value, /[\s"]/)}`];
  return [...others.map(({ raw }) => raw), ...added].join(' ');
}

/** What the query asks of `key`: its values joined by commas, empty when nothing, null when not so plainly. */
export function tokenValue(query: string, key: FilterKey): string | null {
  const own = parseQuery(query).filter((token) => token.key === key);
  if (own.length === 0) return '';
  const [only] = own;
  return own.length === 1 && only !== undefined && !only.negated ? only.values.join(',') : null;
}

/** A token that asks for exactly this text. */
export function tokenText(key: FilterKey, value: string): string {
  return `${key}:${quoted(value, /[\s",]/)}`;
}

/** Between quotes where it has what would end it without them; quotes themselves cannot be written. */
function quoted(value: string, ending: RegExp): string {
  return ending.test(value) ? `"${value.replaceAll('"', ' ')}"` : value;
}

/** Splits at a separator that does not stand between quotes. */
function pieces(text: string, separator: RegExp): readonly string[] {
  const found: string[] = [];
  let piece = '';
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    if (!quoted && separator.test(character)) {
      found.push(piece);
      piece = '';
    } else piece += character;
  }
  return [...found, piece].filter((each) => each !== '');
}

function unquoted(text: string): string {
  return text.replaceAll('"', '');
}

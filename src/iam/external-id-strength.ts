/**
 * How hard an external id is to guess. AWS does not treat it as a secret, but one that anybody would try first keeps
 * nobody out (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user_externalid.html).
 */

/**
 * `placeholder`: a text that documentation, templates or `fix` put where the value was to go. `guessable`: an account
 * number, trivial words or digits, or too short.
 */
export type ExternalIdWeakness = 'placeholder' | 'guessable';

/** Characters that a further random part needs; also the fewest an external id should have. */
const ENOUGH = 8;
/** The most that sts:AssumeRole takes; nobody can send more. */
const LONGEST = 1224;

/** Words that say of a value that it is none yet. */
const STAND_INS = words(`your yours replace insert placeholder example examples sample dummy todo tbd fixme`);
/** Words that anybody would try, alone or joined. */
const TRIVIAL = words(`
  password passwd passphrase pwd changeme change changeit default admin administrator root guest test tests testing
  tester demo temp tmp foo bar baz foobar letmein welcome hello world qwerty qwertz qwertyui qwertyuiop asdf asdfgh
  asdfghjk asdfghjkl zxcv zxcvbnm abc abcd xyz deadbeef cafebabe none null undefined unknown blank empty`);
/** Words that say nothing beside those, or beside `external id`. */
const FILLERS = words(`
  external externalid ext extid id identifier unique secret key token value string text the of a an for with here this
  goes to in my our new some any me it is fill put enter paste provide specify set add use aws iam sts role`);
const WORDS: ReadonlySet<string> = new Set([...STAND_INS, ...TRIVIAL, ...FILLERS]);
const ID_WORD = /ext(?:ernal)?[^a-z0-9]*id/i;
/** What templates write around a name that is to be replaced. */
const MARKED = /[<>{}[\]]|^%.+%$|^__.+__$|^\$\w+$/;
/** Identifiers that standards and manuals print as examples. */
const PUBLISHED: ReadonlySet<string> = new Set([
  '123e4567-e89b-12d3-a456-426614174000',
  '123e4567-e89b-12d3-a456-426655440000',
  '550e8400-e29b-41d4-a716-446655440000',
  'f47ac10b-58cc-4372-a567-0e02b2c3d479',
  '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
]);
/** An account number as the console prints it. */
const GROUPED_ACCOUNT = /(?<!\d)\d{4}[-. _]\d{4}[-. _]\d{4}(?!\d)/g;

function words(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/));
}

/**
 * What is wrong with an external id; null when nothing is.
 *
 * @param accounts the own account and those that get in, 12 digits each
 */
export function externalIdWeakness(value: string, accounts: ReadonlySet<string>): ExternalIdWeakness | null {
  if (value.length > LONGEST) return null;
  if (MARKED.test(value) || PUBLISHED.has(value.toLowerCase())) return 'placeholder';
  const rest = withoutAccounts(value, accounts);
  const tokens = tokensOf(rest);
  const found = tokens.map(splitIntoWords);
  const holds = (list: ReadonlySet<string>): boolean =>
    found.some((parts) => parts?.some((part) => list.has(part)));
  const others = tokens.filter((_, index) => found[index] === null);
  // Most ids hold nothing that makes these matter.
  const hasRandomPart = (): boolean => information(others.filter((token) => !readsAsWord(token))) >= ENOUGH;
  const isOnlyWords = (): boolean => others.every(isSequence);
  if (holds(STAND_INS) && !hasRandomPart()) return 'placeholder';
  if (ID_WORD.test(rest) && isOnlyWords()) return 'placeholder';
  if (value.length < ENOUGH) return 'guessable';
  if (rest !== value && !hasRandomPart()) return 'guessable';
  if (holds(TRIVIAL) && isOnlyWords()) return 'guessable';
  const characters = tokens.join('').length;
  const all = information(tokens);
  return all < ENOUGH && all < characters ? 'guessable' : null;
}

/** The value without account numbers: those given, and any that is written in groups of four digits. */
function withoutAccounts(value: string, accounts: ReadonlySet<string>): string {
  return value.replace(GROUPED_ACCOUNT, ' ').replace(/\d{12,}/g, (digits) => {
    for (let at = 0; at + 12 <= digits.length; at++) {
      if (accounts.has(digits.slice(at, at + 12))) return `${digits.slice(0, at)} ${digits.slice(at + 12)}`;
    }
    return digits;
  });
}

/** The parts between other characters, in lower case; `AcmeCorp` is two. */
function tokensOf(text: string): readonly string[] {
  const parts = partsOf(text);
  if (!/[A-Z]/.test(text)) return parts;
  return parts
    .flatMap((part) => (/^[A-Z]?[a-z]+(?:[A-Z][a-z]{2,})+\d*$/.test(part) ? part.split(/(?=[A-Z])/) : [part]))
    .map((part) => part.toLowerCase());
}

/** The runs of letters, digits and `@`: every external id is taken apart, and `split` takes ten times as long. */
function partsOf(text: string): readonly string[] {
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at <= text.length; at++) {
    if (at < text.length && isPartOfToken(text.charCodeAt(at))) continue;
    if (at > from) parts.push(text.slice(from, at));
    from = at + 1;
  }
  return parts;
}

function isPartOfToken(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 64 && code <= 90);
}

const SUBSTITUTES: Readonly<Record<string, string>> = { '@': 'a', '0': 'o', '1': 'i', '3': 'e', '5': 's' };
const LONGEST_WORD = 16;
/** Longer ones are no words. */
const LONGEST_COMPOUND = 64;

/** The listed words a token is made of, a number at its end left aside; null when it is not made of them. */
function splitIntoWords(token: string): readonly string[] | null {
  if (token.length > LONGEST_COMPOUND) return null;
  const letters = token.replace(/\d+$/, '');
  if (letters === '' || (token.length - letters.length >= ENOUGH && !isSequence(token.slice(letters.length))))
    return null;
  const words = split(letters);
  if (words !== null || !/[@0135]/.test(letters)) return words;
  return split(letters.replace(/[@0135]/g, (digit) => SUBSTITUTES[digit] ?? digit));
}

function split(letters: string): readonly string[] | null {
  const reached: (readonly string[] | undefined)[] = [[]];
  for (let from = 0; from < letters.length; from++) {
    const before = reached[from];
    if (before === undefined) continue;
    for (let length = 1; length <= LONGEST_WORD && from + length <= letters.length; length++) {
      const word = letters.slice(from, from + length);
      if (WORDS.has(word) && (length > 2 || length === letters.length || /^(?:my|id)$/.test(word)))
        reached[from + length] ??= [...before, word];
    }
  }
  return reached[letters.length] ?? null;
}

/** A name or a word of some language, perhaps with a short number after it, rather than random characters. */
function readsAsWord(token: string): boolean {
  const letters = /^([a-z]+)\d{0,4}$/.exec(token)?.[1];
  if (letters === undefined || letters.length > 20) return /^\d{1,4}$/.test(token);
  const vowels = letters.replace(/[^aeiouy]/g, '').length;
  return vowels >= letters.length / 5 && !/[^aeiouy]{5}/.test(letters);
}

function isSequence(token: string): boolean {
  return information([token]) <= 3;
}

/**
 * Characters that are not foreseen by those before them: of `11111111`, `12345678`, `abcdefgh` one each. Whatever is
 * repeated counts once.
 */
function information(tokens: readonly string[]): number {
  if (tokens.length === 1) return informationOf(tokens[0] as string);
  const apart = tokens.reduce((sum, token) => sum + informationOf(token), 0);
  return Math.min(apart, informationOf(tokens.join('')));
}

function informationOf(text: string): number {
  const unit = repeatedUnit(text);
  if (isInterleaved(unit)) return 2;
  let count = 0;
  for (let at = 0; at < unit.length; count++) {
    at += Math.max(1, runFrom(unit, at));
  }
  return count;
}

function repeatedUnit(text: string): string {
  for (let length = 1; length <= text.length / 2; length++) {
    if (text.length % length === 0 && text.slice(0, length).repeat(text.length / length) === text)
      return text.slice(0, length);
  }
  return text;
}

/** `a1b2c3d4`: two sequences that take turns. */
function isInterleaved(text: string): boolean {
  if (text.length < 6) return false;
  return [0, 1].every((first) => STEPS.some(({ follows }) => everySecondFollows(text, first, follows)));
}

function everySecondFollows(text: string, first: number, follows: Step['follows']): boolean {
  for (let at = first + 2; at < text.length; at += 2) {
    if (!follows(text.charCodeAt(at - 2), text.charCodeAt(at))) return false;
  }
  return true;
}

interface Step {
  /** Takes the codes of two characters. */
  readonly follows: (a: number, b: number) => boolean;
  /** Shorter ones occur by chance. */
  readonly shortest: number;
}

const STEPS: readonly Step[] = [
  { follows: (a, b) => a === b, shortest: 3 },
  { follows: isNext, shortest: 4 },
  { follows: (a, b) => isNext(b, a), shortest: 4 },
];

/** How many characters from here on are the same, or follow each other upwards or downwards; 0 for too few. */
function runFrom(text: string, at: number): number {
  if (at + 1 >= text.length) return 0;
  const [code, next] = [text.charCodeAt(at), text.charCodeAt(at + 1)];
  if (code !== next && !isNext(code, next) && !isNext(next, code)) return 0;
  let longest = 0;
  for (const { follows, shortest } of STEPS) {
    const length = stretch(text, at, follows);
    if (length >= shortest && length > longest) longest = length;
  }
  return longest;
}

function stretch(text: string, at: number, follows: Step['follows']): number {
  let end = at + 1;
  while (end < text.length && follows(text.charCodeAt(end - 1), text.charCodeAt(end))) end++;
  return end - at;
}

const [ZERO, NINE, LETTER_A, LETTER_F] = [48, 57, 97, 102];

/** Digits go on with 0 after 9, hexadecimal ones with a. */
function isNext(a: number, b: number): boolean {
  if (a === NINE || a === ZERO) return b === LETTER_A || b === (a === NINE ? ZERO : ZERO + 1);
  if (a === LETTER_F && b === ZERO) return true;
  const isLetterOrDigit = (b >= LETTER_A && b <= 122) || (b >= ZERO && b <= NINE);
  return isLetterOrDigit && b === a + 1;
}

/** Left out when a value is compared with a name; the views of the store do the same in SQL. */
export const NAME_SEPARATORS: readonly string[] = [...' _+=,.@:/-()&\'"#!*'];
/** Taken out of a value, in this order, before what is left beside a name is counted. */
export const NAME_COMPANIONS: readonly string[] = [
  'externalid',
  'extid',
  'external',
  'production',
  'prod',
  'staging',
  'integration',
  'customer',
  'account',
  'role',
  'test',
  '1234567890',
  '12345678',
  '123456',
  '12345',
  '1234',
  '123',
];
/** Shorter names occur by chance. */
export const SHORTEST_NAME = 3;
/** As many further characters make a value fit for use, whatever name it holds. */
export const RANDOM_PART: number = ENOUGH;

/** Is the external id a name, alone or with little beside it? */
export function tellsName(value: string, name: string): boolean {
  const [given, wanted] = [plain(value), plain(name)];
  if (wanted.length < SHORTEST_NAME || !given.includes(wanted)) return false;
  let left = given.replaceAll(wanted, '');
  for (const companion of NAME_COMPANIONS) left = left.replaceAll(companion, '');
  return left.length < RANDOM_PART;
}

function plain(text: string): string {
  let result = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  for (const separator of NAME_SEPARATORS) result = result.replaceAll(separator, '');
  return result;
}

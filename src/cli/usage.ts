import { TrustsieveError } from '../errors.ts';
import { nearest } from '../text/nearest.ts';
import type { Arguments, Command, Specs } from './command.ts';
import { NAME } from './invocation.ts';

/** Stands between the parts of yargs' messages; no argument of a process holds NUL. */
const MARK = '\0|';

const both = (text: string): { readonly one: string; readonly other: string } => ({ one: text, other: text });

/** In place of yargs' own words, which hang on the language of the machine: what is wrong, and with what. */
export const MARKED_MESSAGES: Readonly<Record<string, unknown>> = {
  'Unknown argument: %s': both(`${MARK}unknown${MARK}%s`),
  'Unknown command: %s': both(`${MARK}unknown${MARK}%s`),
  'Invalid values:': `${MARK}choice`,
  'Argument: %s, Given: %s, Choices: %s': [MARK, MARK, MARK].map((mark) => `${mark}%s`).join(''),
  'Not enough non-option arguments: got %s, need at least %s': both(`${MARK}few${MARK}%s${MARK}%s`),
  'Missing required argument: %s': both(`${MARK}required${MARK}%s`),
  'Missing argument value: %s': both(`${MARK}value${MARK}%s`),
  'Not enough arguments following: %s': `${MARK}value${MARK}%s`,
};

/** What the program takes beside what a command declares. */
export const COMMON_OPTIONS = {
  color: {
    type: 'boolean',
    describe: 'colours even where the output is no terminal; --no-color for none, as NO_COLOR says it',
  },
} as const satisfies Specs;

const OWN_OPTIONS = ['help', 'version', ...Object.keys(COMMON_OPTIONS)];

/**
 * What is wrong with a command line, in one line that says what was meant, as far as that can be told.
 *
 * @param message of yargs, in the words of MARKED_MESSAGES
 * @param args as typed
 * @param command that was called; null: none
 * @param commands that could have been
 */
export function usageError(
  message: string,
  args: readonly string[],
  command: Command | null,
  commands: readonly Command[],
): TrustsieveError {
  const [, kind, first = '', second = '', third = ''] = message.trim().split(MARK);
  // Whoever misspells an option seems to have left it out.
  const misspelt = unknownOption(args, command === null ? commands : [command]);
  if (misspelt !== null) return wrong(misspelt, command);
  switch (kind?.trim()) {
    case 'unknown':
      return wrong(furtherWord(first, args, command), command);
    case 'choice':
      return wrong(choiceWords(first, second, third, command), command);
    case 'few':
      return wrong(missingPlace(Number(first), command), command);
    case 'required':
      return wrong(missingOption(first, command), command);
    case 'value':
      return wrong(`\`${dashed(first.split(', ', 1).join())}\` needs a value`, command);
    default:
      return wrong(message.trim().split('\n').filter(Boolean).join('; '), command);
  }
}

/** For a first word that is no command. */
export function unknownCommand(word: string, commands: readonly string[]): TrustsieveError {
  return wrong(`there is no command \`${word}\`${meant(nearest(word, commands))}`, null);
}

const NO_COMMAND = 'name a command';

function wrong(what: string, command: Command | null): TrustsieveError {
  return new TrustsieveError('usage', withHelp(what, command));
}

/** What is wrong with a command line, with the help to read. */
export function withHelp(what: string, command: Command | null): string {
  const help = `see \`${[NAME, ...(command === null ? [] : [nameOf(command)]), '--help'].join(' ')}\``;
  return what.endsWith(help) ? what : `${what}; ${help}`;
}

/** Refuses what yargs takes in silence: a word for a number, and a value for an option that has none. */
export function refuseValues(args: readonly string[], read: Arguments, command: Command): void {
  for (const [name, { type }] of Object.entries({ ...COMMON_OPTIONS, ...command.options } as Specs)) {
    if (type === 'number' && Number.isNaN(read[name])) throw wrong(`--${name} takes a number`, command);
    const given = type === 'boolean' ? args.find((arg) => arg.startsWith(`--${name}=`)) : undefined;
    if (given !== undefined && !/=(?:true|false)$/.test(given))
      throw wrong(`\`--${name}\` takes no value`, command);
  }
}

function meant(word: string | null): string {
  return word === null ? '' : ` (did you mean \`${word}\`?)`;
}

/** The first word of a command, by which it is called. */
export function nameOf({ name }: Pick<Command, 'name'>): string {
  return name.split(' ', 1).join();
}

/** The first option that none of these commands has; null when there is no such. */
function unknownOption(args: readonly string[], commands: readonly Command[]): string | null {
  const known = new Set([...OWN_OPTIONS, ...commands.flatMap(({ options }) => Object.keys(options))]);
  const letters = new Set([
    'h',
    ...commands.flatMap(({ options }) => Object.values(options).flatMap(({ alias }) => alias ?? [])),
  ]);
  const end = args.indexOf('--');
  for (const arg of end === -1 ? args : args.slice(0, end)) {
    const [, dashes = '', name = ''] = /^(--?)([^=\d.][^=]*)/s.exec(arg) ?? [];
    if (name === '' || name === '-') continue;
    const plain = hyphenated(name);
    const isKnown =
      dashes === '-'
        ? [...name].every((letter) => letters.has(letter))
        : known.has(plain) || letters.has(plain) || known.has(plain.replace(/^no-/, ''));
    if (isKnown) continue;
    return `there is no option \`${dashes}${name}\`${meant(nearestOption(plain, known))}`;
  }
  return null;
}

function furtherWord(names: string, args: readonly string[], command: Command | null): string {
  if (command === null) return NO_COMMAND;
  const word = names.split(', ').find((one) => args.includes(one)) ?? names;
  return `\`${nameOf(command)}\` takes no further argument \`${word}\``;
}

/** The nearest, or else the first that begins so. */
function nearestOption(name: string, known: ReadonlySet<string>): string | null {
  const found = nearest(name, known) ?? [...known].find((one) => name.length > 1 && one.startsWith(name));
  return found === undefined ? null : dashed(found);
}

/** @param given values as JSON, like `choices` */
function choiceWords(name: string, given: string, choices: string, command: Command | null): string {
  const [value = ''] = valuesOf(given);
  const allowed = valuesOf(choices);
  const place = command?.positionals[name] === undefined ? dashed(name) : `<${name}>`;
  return `\`${value}\` is no choice for ${place}${meant(nearest(value, allowed))}: give one of ${allowed.join(', ')}`;
}

function valuesOf(list: string): readonly string[] {
  return (JSON.parse(`[${list}]`) as readonly unknown[]).map((one) => String(one).replaceAll('\0', ''));
}

/** The argument that is missing, and what it is. */
function missingPlace(got: number, command: Command | null): string {
  if (command === null) return NO_COMMAND;
  const places = Object.entries(command.positionals).filter(([, { demandOption }]) => demandOption === true);
  const [name, spec] = places[got] ?? places[0] ?? [];
  return name === undefined
    ? `not enough arguments for \`${nameOf(command)}\``
    : `not enough arguments: \`${nameOf(command)}\` needs <${name}> (${spec?.describe ?? ''})`;
}

function missingOption(names: string, command: Command | null): string {
  const [name = ''] = names.split(/, |\n/);
  const place = command?.positionals[name];
  if (command !== null && place !== undefined) return missingPlace(0, command);
  return `\`${command === null ? 'trustsieve' : nameOf(command)}\` needs ${dashed(name)} (${command?.options[name]?.describe ?? ''})`;
}

function dashed(name: string): string {
  const plain = hyphenated(name);
  return plain.length === 1 ? `-${plain}` : `--${plain}`;
}

/** `capturedAt` as it is typed: `captured-at`. */
export function hyphenated(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

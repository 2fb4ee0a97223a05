import type { Options, PositionalOptions } from 'yargs';
import { capital } from '../../text/capital.ts';
import type { Command } from '../command.ts';
import { COMMON_OPTIONS } from '../usage.ts';
import { bold, italic, prose, quoted, roff } from './roff.ts';

/** What a manual page says beside the commands. */
export interface PageFacts {
  readonly version: string;
  /** `2026-05-01`; empty where nobody knows. */
  readonly date: string;
  /** What the program is for, in one or more sentences. */
  readonly about: string;
}

/** What every exit code of the program means, in order. */
const EXIT_CODES: readonly (readonly [code: string, meaning: string])[] = [
  ['0', 'Done, with or without findings.'],
  [
    '1',
    'A gate asked for with `--fail-on` or `--fail-on-new` failed, or `exceptions check` found an entry that needs work.',
  ],
  ['2', 'The command line or a file that it names cannot be used.'],
  [
    '3',
    'Incomplete: some evidence is missing, unreadable, truncated, rejected or undecidable, files disagree on a role, or a scan into the store was interrupted. It outranks 1, but both are reported.',
  ],
  ['4', 'Internal error.'],
  ['130, 143', 'Interrupted (Ctrl-C, SIGTERM).'],
  ['141', 'Standard output was closed before all was written, as by `head`.'],
];

/** The manual page of section 1, in the macros of man(7): every command with all that `--help` says of it. */
export function manPage(commands: readonly Command[], { version, date, about }: PageFacts): string {
  const lines = [
    '.\\" Made from the commands of the program by `npm run build:man`.',
    `.TH TRUSTSIEVE 1 ${quoted(date)} ${quoted(`trustsieve ${version}`)} "User Commands"`,
    '.SH NAME',
    `trustsieve \\- ${roff('offline audit of exported AWS IAM evidence')}`,
    '.SH SYNOPSIS',
    ...commands.flatMap((command) => [synopsis(command), '.br']),
    `${bold('trustsieve')} [${italic('command')}] ${bold('--help')}`,
    '.br',
    bold('trustsieve --version'),
    '.SH DESCRIPTION',
    prose(about),
    ...paragraph(
      'The product goes to standard output, progress and messages to standard error. Nothing that is missing, old, damaged or interrupted is passed in silence: it is named, and changes the exit status.',
    ),
    '.SH COMMANDS',
    ...commands.flatMap(section),
    '.SH "OPTIONS OF EVERY COMMAND"',
    ...item(`${bold('-h')}, ${bold('--help')}`, 'Shows what a command does and takes, examples first.'),
    ...item(bold('--version'), 'Shows the version.'),
    ...item(bold('--color'), sentenceOf(COMMON_OPTIONS.color.describe)),
    '.SH "EXIT STATUS"',
    ...EXIT_CODES.flatMap(([code, meaning]) => item(bold(code), meaning)),
    '.SH ENVIRONMENT',
    'No variable changes a verdict or what a report says.',
    ...item(
      `${bold('SHELL')}, ${bold('ZSH_NAME')}`,
      'The shell that completion answers to, where its script does not say.',
    ),
    ...item(
      `${bold('NO_COLOR')}, ${bold('FORCE_COLOR')}, ${bold('TERM')}`,
      'Colours are for terminals only, never for files and pipes. None where `NO_COLOR` is not empty or `TERM` is `dumb`; always where `FORCE_COLOR` is not empty. `--color` and `--no-color` outrank them.',
    ),
    ...item(
      bold('TRUSTSIEVE_COMMAND'),
      'How the program is called, for the commands that it shows, where that is not `trustsieve`.',
    ),
    ...item(bold('NODE_OPTIONS'), 'Options of Node.js, which runs the program.'),
    '.SH FILES',
    ...item(
      italic('trustsieve.db'),
      'The store, in the current folder unless `--db` names another: an SQLite database.',
    ),
    ...item(
      `${italic('FILE')}${roff('.manifest.json')}`,
      'What a scan read and wrote, with SHA-256, beside the first report: for `trustsieve verify`.',
    ),
    ...item(
      italic('findings.evidence.csv'),
      'Beside `findings.csv` and every other CSV report: each evidence file, each rejected record, each account that is missing.',
    ),
    '.SH "SEE ALSO"',
    prose(
      'The folder `docs` of the package: formats.md (what evidence is read), reports.md, history.md, exceptions.md, errors.md and others.',
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function synopsis({ name }: Command): string {
  return `${callOf(name)} [${italic('options')}]`;
}

/** `check [file]`: the command as it is typed, with what stands for something else in italics. */
function callOf(name: string): string {
  const [command = '', ...places] = name.split(' ');
  const shown = places.map((place) => place.replace(/[^<>[\]]+/, (word) => `\0${word}\0`).split('\0'));
  return [
    bold(`trustsieve ${command}`),
    ...shown.map(([before = '', word = '', after = '']) => placeOf(before, word, after)),
  ].join(' ');
}

function placeOf(before: string, word: string, after: string): string {
  const isOptional = before.startsWith('[');
  const shown = italic(word.replace(/\.{2,3}$/, ''));
  const more = /\.{2,3}$/.test(word) ? ' ...' : '';
  return isOptional || after.startsWith(']') ? `[${shown}${more}]` : `${shown}${more}`;
}

function section(command: Command): readonly string[] {
  const { positionals, options } = command;
  return [
    `.SS ${quoted(`trustsieve ${command.name}`)}`,
    prose(`${command.summary}.`),
    ...command.examples.flatMap(([line, what]) => example(line, what)),
    ...takes({ positionals, options }),
  ];
}

function takes({ positionals, options }: Pick<Command, 'positionals' | 'options'>): readonly string[] {
  return [
    ...Object.entries(positionals).flatMap(([name, { demandOption: _, ...spec }]) =>
      item(italic(name), described(spec)),
    ),
    ...Object.entries(options)
      .filter(([, { hidden }]) => hidden !== true)
      .flatMap(([name, spec]) => item(flag(name, spec), described(spec))),
  ];
}

function flag(name: string, spec: Options): string {
  const names = [name, ...[spec.alias ?? []].flat()].sort((a, b) => a.length - b.length);
  const shown = names.map((one) => bold(one.length === 1 ? `-${one}` : `--${one}`)).join(', ');
  if (spec.type === 'boolean') return shown;
  const value = spec.choices !== undefined ? 'word' : spec.type === 'number' ? 'number' : 'value';
  return `${shown} ${italic(value)}${spec.array === true ? ' ...' : ''}`;
}

/** What help says of an option: what it does, what it is when left out, what it may be. */
function described({
  describe: text = '',
  default: preset,
  choices,
  ...spec
}: Options | PositionalOptions): string {
  const left = preset === undefined || preset === false ? '' : ` (default: \`${String(preset)}\`)`;
  return [
    sentenceOf(`${text}${left}`),
    choices === undefined ? '' : `One of ${choices.map((one) => `\`${one}\``).join(', ')}.`,
    spec.demandOption === true ? 'Must be given.' : '',
  ]
    .filter(Boolean)
    .join(' ');
}

function sentenceOf(text: string): string {
  const upper = capital(text);
  return /[.!?]$/.test(upper) ? upper : `${upper}.`;
}

function example(line: string, what: string): readonly string[] {
  return [...paragraph(`${sentenceOf(what).slice(0, -1)}:`), '.PP', '.RS 4', '.nf', roff(line), '.fi', '.RE'];
}

function paragraph(text: string): readonly string[] {
  return ['.PP', prose(text)];
}

function item(tag: string, text: string): readonly string[] {
  return ['.TP', tag, prose(text)];
}

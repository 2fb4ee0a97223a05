import yargs from 'yargs';
import { TrustsieveError } from '../errors.ts';
import { wrapped } from '../text/display-width.ts';
import type { Arguments, Command, Specs } from './command.ts';
import { ANSWER, offered, typedWords } from './completion-answers.ts';
import { type CliContext, columnsOf, EXIT, type ExitCode, write } from './context.ts';
import { paintFor } from './output/colour.ts';
import { say } from './output/messages.ts';
import { EXIT_BROKEN_PIPE, OutputLost } from './output/standard-output.ts';
import {
  COMMON_OPTIONS,
  hyphenated,
  MARKED_MESSAGES,
  nameOf,
  refuseValues,
  unknownCommand,
  usageError,
  withHelp,
} from './usage.ts';
import { TOOL_VERSION } from './version.ts';

/** Loaded when called: most of what a command needs, no other one does. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  scan: async () => (await import('./commands/scan.ts')).scanCommand,
  report: async () => (await import('./commands/report.ts')).reportCommand,
  check: async () => (await import('./commands/check.ts')).checkCommand,
  explain: async () => (await import('./commands/explain.ts')).explainCommand,
  fix: async () => (await import('./commands/fix.ts')).fixCommand,
  diff: async () => (await import('./commands/diff.ts')).diffCommand,
  trend: async () => (await import('./commands/trend.ts')).trendCommand,
  export: async () => (await import('./commands/export.ts')).exportCommand,
  exceptions: async () => (await import('./commands/exceptions.ts')).exceptionsCommand,
  merge: async () => (await import('./commands/merge.ts')).mergeCommand,
  runs: async () => (await import('./commands/runs.ts')).runsCommand,
  rules: async () => (await import('./commands/rules.ts')).rulesCommand,
  verify: async () => (await import('./commands/verify.ts')).verifyCommand,
  completion: async () => (await import('./commands/completion.ts')).completionCommand,
};

/** What the program is for. */
export const ABOUT =
  'Offline audit of exported AWS IAM evidence: which roles can a principal of another account assume without MFA or an external ID? It never touches the network.';

/** Every command, in the order in which help lists them. */
export function allCommands(): Promise<readonly Command[]> {
  return commandsFor([]);
}

/** The command that is called; all of them for help, and where none is named first; none for the version alone. */
function commandsFor(args: readonly string[]): Promise<readonly Command[]> {
  const [name = ''] = args;
  if (name === '--version' && args.length === 1) return Promise.resolve([]);
  const loaders = Object.hasOwn(COMMANDS, name) ? [COMMANDS[name]] : Object.values(COMMANDS);
  return Promise.all(loaders.flatMap((load) => (load === undefined ? [] : [load()])));
}

/** Runs one command line and returns the process exit code; prints every known error as one line. */
export async function runCli(given: readonly string[], outside: CliContext): Promise<number> {
  const typed = typedWords(given);
  const args = typed === null ? helpAsOption(given) : given;
  const colour = colourAsked(args);
  const context = colour === undefined ? outside : { ...outside, colour };
  const [first = ''] = args;
  if (typed === null && !first.startsWith('-') && first !== '' && !Object.hasOwn(COMMANDS, first))
    return report(unknownCommand(first, Object.keys(COMMANDS)), context, null);
  const marked =
    typed === null ? args.map((arg) => (arg === '-' ? STANDARD_STREAM : arg)) : [ANSWER, ...typed];
  // Of the words typed, the first is the program, and the last may be half of a name.
  const commands = await commandsFor(typed === null ? args : typed.slice(1, -1));
  const called = commands.find((command) => args.includes(nameOf(command))) ?? null;
  if (given.length === 0) return listCommands(commands, context);
  const parser = yargs(marked)
    .updateStrings(MARKED_MESSAGES as Record<string, string>)
    .scriptName('trustsieve')
    .usage(`trustsieve <command>\n\n${ABOUT}`)
    .strict()
    .demandCommand(1)
    .options(COMMON_OPTIONS)
    .version(TOOL_VERSION)
    .alias('help', 'h')
    .wrap(Math.min(columnsOf(context.stdout), 120))
    .epilogue(
      'Exit codes: 0 done, 1 a gate failed, 2 usage or configuration,\n3 incomplete evidence, 4 internal error, 130/143 interrupted,\n141 standard output was closed early.',
    )
    .exitProcess(false)
    .fail((message, error) => {
      if (error != null && error.name !== 'YError') throw error;
      const words = (error?.message ?? message).replaceAll(STANDARD_STREAM, '-');
      throw usageError(words, args, called, commands);
    });
  for (const command of commands) {
    parser.command(
      command.name,
      command.summary,
      (sub) => {
        sub.usage(`trustsieve ${command.name}\n\n${command.summary}\n\n${examplesOf(command)}`);
        for (const [name, spec] of Object.entries(command.positionals)) sub.positional(name, spec);
        return sub.options(withValues(command.options));
      },
      (argv) => {
        refuseRepeated(argv as Arguments, parser);
        refuseValues(args, argv as Arguments, command);
        throw new Called(() => command.run(unmarked(argv as Arguments), context));
      },
    );
  }
  try {
    let output = '';
    await parser.parseAsync(marked, {}, (error: unknown, _argv: unknown, text: string) => {
      if (error != null) throw error;
      output = text;
    });
    if (typed !== null) output = offered(output, typed.at(-1) ?? '');
    if (output !== '') await write(context.stdout, `${output}\n`);
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof Called)) return report(error, context, called);
    return await error.run().catch((fault: unknown) => report(fault, context, called));
  }
}

/** Thrown when a command is called, because yargs would go on to lay out its help. */
class Called {
  readonly run: () => Promise<ExitCode>;

  constructor(run: () => Promise<ExitCode>) {
    this.run = run;
  }
}

/** Stands for the argument `-` while yargs parses: it would lose it from a list. No argument of a process holds NUL. */
const STANDARD_STREAM = '\0-';

function unmarked(args: Arguments): Arguments {
  const value = (one: unknown): unknown =>
    Array.isArray(one) ? one.map(value) : one === STANDARD_STREAM ? '-' : one;
  return Object.fromEntries(Object.entries(args).map(([name, one]) => [name, value(one)]));
}

/** Of an option that takes one value, yargs makes a list when it is given twice. */
function refuseRepeated(args: Arguments, parser: object): void {
  const { array } = (parser as { getOptions(): { readonly array: readonly string[] } }).getOptions();
  const lists = new Set(['_', ...array]);
  for (const [name, value] of Object.entries(args)) {
    if (!Array.isArray(value) || lists.has(name) || lists.has(hyphenated(name))) continue;
    throw new TrustsieveError('usage', `--${hyphenated(name)} is given more than once`);
  }
}

/** Says what commands there are to whoever names none. It is an error, so that an empty variable in a script is no clean audit. */
function listCommands(commands: readonly Command[], context: CliContext): ExitCode {
  const { stderr } = context;
  const paint = paintFor(stderr, context);
  say('error', 'name a command; `trustsieve <command> --help` says what it takes', context);
  const longest = Math.max(...commands.map((command) => nameOf(command).length));
  for (const command of commands) {
    const name = nameOf(command);
    const text = wrapped(`  ${name.padEnd(longest)}  ${command.summary}`, columnsOf(stderr), longest + 2);
    stderr.write(`  ${paint('command', name)}${text.slice(name.length + 2)}\n`);
  }
  return EXIT.usage;
}

/** `trustsieve help scan` is `trustsieve scan --help`. */
function helpAsOption(args: readonly string[]): readonly string[] {
  return args[0] === 'help' ? [...args.slice(1), '--help'] : args;
}

/** What was asked of colours, also where the rest cannot be understood. */
function colourAsked(args: readonly string[]): boolean | undefined {
  const end = args.indexOf('--');
  const options = end === -1 ? args : args.slice(0, end);
  const last = options.findLast((arg) => arg === '--color' || arg === '--no-color');
  return last === undefined ? undefined : last === '--color';
}

/** An option that takes a value is never left without one, be it because the next option stands there. */
function withValues(options: Specs): Specs {
  return Object.fromEntries(
    Object.entries(options).map(([name, spec]) => [
      name,
      spec.type === 'boolean' ? spec : { ...spec, requiresArg: true },
    ]),
  );
}

/** Examples lead the help of a command: most people look for the line to copy. */
function examplesOf({ examples }: Command): string {
  return ['Examples:', ...examples.flatMap(([line, what]) => [`  # ${what}`, `  ${line}`])].join('\n');
}

function report(error: unknown, context: CliContext, called: Command | null): number {
  if (error instanceof TrustsieveError) {
    say('error', error.code === 'usage' ? withHelp(error.message, called) : error.message, context);
    return error.exitCode;
  }
  if (error instanceof OutputLost) {
    // A reader that has had enough is no trouble.
    if (error.code === 'EPIPE') return EXIT_BROKEN_PIPE;
    say('error', `cannot write to standard output: ${error.code}`, context);
    return EXIT.usage;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  say('error', 'internal error, please report it together with this text', context);
  context.stderr.write(`${detail}\n`);
  return EXIT.internal;
}

import yargs from 'yargs';
import { TrustsieveError } from '../errors.ts';
import { visible } from '../text/hidden-characters.ts';
import type { Arguments, Command } from './command.ts';
import { ANSWER, offered, typedWords } from './completion-answers.ts';
import { type CliContext, EXIT, type ExitCode, write } from './context.ts';
import { EXIT_BROKEN_PIPE, OutputLost } from './output/standard-output.ts';
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
  exceptions: async () => (await import('./commands/exceptions.ts')).exceptionsCommand,
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
export async function runCli(args: readonly string[], context: CliContext): Promise<number> {
  const typed = typedWords(args);
  const marked =
    typed === null ? args.map((arg) => (arg === '-' ? STANDARD_STREAM : arg)) : [ANSWER, ...typed];
  const parser = yargs(marked)
    .scriptName('trustsieve')
    .usage(`trustsieve <command>\n\n${ABOUT}`)
    .strict()
    .recommendCommands()
    .demandCommand(1, 'name a command')
    .version(TOOL_VERSION)
    .alias('help', 'h')
    .wrap(context.stdout.isTTY === true ? Math.min(context.stdout.columns ?? 100, 120) : 100)
    .epilogue(
      'Exit codes: 0 done, 1 a gate failed, 2 usage or configuration, 3 incomplete evidence,\n4 internal error, 130/143 interrupted, 141 standard output was closed early.',
    )
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new TrustsieveError('usage', firstLine(message));
    });
  // Of the words typed, the first is the program, and the last may be half of a name.
  for (const command of await commandsFor(typed === null ? args : typed.slice(1, -1))) {
    parser.command(
      command.name,
      command.summary,
      (sub) => {
        sub.usage(`trustsieve ${command.name}\n\n${command.summary}\n\n${examplesOf(command)}`);
        for (const [name, spec] of Object.entries(command.positionals)) sub.positional(name, spec);
        return sub.options(command.options);
      },
      (argv) => {
        refuseRepeated(argv as Arguments, parser);
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
    if (!(error instanceof Called)) return report(error, context);
    return await error.run().catch((fault: unknown) => report(fault, context));
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

function hyphenated(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Examples lead the help of a command: most people look for the line to copy. */
function examplesOf({ examples }: Command): string {
  return ['Examples:', ...examples.flatMap(([line, what]) => [`  # ${what}`, `  ${line}`])].join('\n');
}

function report(error: unknown, context: CliContext): number {
  if (error instanceof TrustsieveError) {
    context.stderr.write(`trustsieve: ${visible(error.message)}\n`);
    if (error.code === 'usage')
      context.stderr.write('try `trustsieve --help`, or `trustsieve <command> --help`\n');
    return error.exitCode;
  }
  if (error instanceof OutputLost) {
    // A reader that has had enough is no trouble.
    if (error.code === 'EPIPE') return EXIT_BROKEN_PIPE;
    context.stderr.write(`trustsieve: cannot write to standard output: ${error.code}\n`);
    return EXIT.usage;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  context.stderr.write(`trustsieve: internal error, please report it together with this text\n${detail}\n`);
  return EXIT.internal;
}

function firstLine(message: string): string {
  const text = message.trim().split('\n').filter(Boolean).join('; ');
  return text.charAt(0).toLowerCase() + text.slice(1);
}

import type { InferredOptionType, Options, PositionalOptions } from 'yargs';
import type { CliContext, ExitCode } from './context.ts';

/** Arguments or options by name, as yargs takes them, in the order of help. */
export type Specs = Readonly<Record<string, Options & PositionalOptions>>;

/** A subcommand: how it is called, and what it does. */
export interface Command {
  /** yargs notation, such as `check [file]`. */
  readonly name: string;
  readonly summary: string;
  readonly examples: readonly (readonly [command: string, what: string])[];
  readonly positionals: Specs;
  readonly options: Specs;
  readonly run: (args: Arguments, context: CliContext) => Promise<ExitCode>;
}

/** What yargs made of a command line. */
export type Arguments = Readonly<Record<string, unknown>>;

type Camel<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : Name;

/** The arguments that come of such declarations: `captured-at` is read as `capturedAt`. */
export type ArgumentsOf<Declared extends Specs> = {
  readonly [Name in keyof Declared & string as Camel<Name>]: InferredOptionType<Declared[Name]>;
};

/** A command whose `run` takes what its own declarations come to, so that a misspelt name does not compile. */
export function defineCommand<const Positionals extends Specs, const Declared extends Specs>(
  command: Omit<Command, 'positionals' | 'options' | 'run'> & {
    readonly positionals: Positionals;
    readonly options: Declared;
    readonly run: (args: ArgumentsOf<Positionals & Declared>, context: CliContext) => Promise<ExitCode>;
  },
): Command {
  const { run } = command;
  // yargs has checked types and choices by the same declarations.
  return { ...command, run: (args, context) => run(args as ArgumentsOf<Positionals & Declared>, context) };
}

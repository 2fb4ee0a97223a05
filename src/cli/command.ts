import type { Argv } from 'yargs';
import type { CliContext, ExitCode } from './context.ts';

/** A subcommand: how it is called, and what it does. */
export interface Command {
  /** yargs notation, such as `check [file]`. */
  readonly name: string;
  readonly summary: string;
  readonly examples: readonly (readonly [command: string, what: string])[];
  readonly options: (parser: Argv) => Argv;
  readonly run: (args: Arguments, context: CliContext) => Promise<ExitCode>;
}

/** Parsed arguments; each command reads its own. */
export type Arguments = Readonly<Record<string, unknown>>;

import type { InterruptedRun } from '../../model/completeness.ts';
import { interruptedText } from '../../report/shared/missing.ts';
import { type CliContext, EXIT, type ExitCode } from '../context.ts';
import { printable } from './printable.ts';

/** The exit code of a command that reads a store; says on stderr which scans did not come to their end. */
export function exitAfter(interrupted: readonly InterruptedRun[], { stderr }: CliContext): ExitCode {
  if (interrupted.length === 0) return EXIT.done;
  const why = interrupted.map(interruptedText).join('; ');
  stderr.write(`incomplete (exit 3): ${printable(why)}\n`);
  return EXIT.incomplete;
}

import type { Writable } from 'node:stream';
import type { Argv } from 'yargs';
import { writeAll, writeReportFile } from '../report/index.ts';
import type { Arguments } from './command.ts';
import type { CliContext } from './context.ts';
import { checkOutputs } from './output-places.ts';

/** `-o`, of every command whose product may go to a file. */
export function outputFlag<T>(parser: Argv<T>) {
  return parser.option('output', {
    alias: 'o',
    type: 'string',
    default: '-',
    describe: 'a file, or - for standard output',
  });
}

/** Finds out early whether `-o` can be written; see checkOutputs. */
export async function checkOutput(args: Arguments): Promise<void> {
  const output = args['output'] as string;
  if (output === '-') return;
  const files = typeof args['exceptions'] === 'string' ? [args['exceptions']] : [];
  await checkOutputs([{ option: '-o', path: output }], { db: args['db'] as string, files });
}

/** Writes to where `-o` points: a file whole or not at all. */
export async function writeOutput(
  args: Arguments,
  { stdout }: CliContext,
  render: (out: Writable) => Promise<void>,
): Promise<void> {
  const output = args['output'] as string;
  if (output === '-') await render(stdout);
  else await writeReportFile(output, render);
}

export async function writeText(args: Arguments, context: CliContext, text: Iterable<string>): Promise<void> {
  await writeOutput(args, context, (out) => writeAll(out, text));
}

import type { Writable } from 'node:stream';
import { writeAll, writeReportFile } from '../../report/index.ts';
import type { ArgumentsOf, Specs } from '../command.ts';
import type { CliContext } from '../context.ts';
import { checkOutputs } from './output-places.ts';
import { FILE, type Screen, screenOf } from './screen.ts';

/** `-o`, of every command whose product may go to a file. */
export const OUTPUT_OPTION = {
  output: {
    alias: 'o',
    type: 'string',
    default: '-',
    describe: 'a file, or - for standard output',
  },
} as const satisfies Specs;

type OutputArguments = ArgumentsOf<typeof OUTPUT_OPTION>;

/** Finds out early whether `-o` can be written; see checkOutputs. */
export async function checkOutput(
  args: OutputArguments & { readonly db: string; readonly exceptions?: string | undefined },
): Promise<void> {
  const output = args.output;
  if (output === '-') return;
  const files = typeof args.exceptions === 'string' ? [args.exceptions] : [];
  await checkOutputs([{ option: '-o', path: output }], { db: args.db, files });
}

/** Writes to where `-o` points: a file whole or not at all. */
export async function writeOutput(
  args: OutputArguments,
  { stdout }: CliContext,
  render: (out: Writable) => Promise<void>,
): Promise<void> {
  const output = args.output;
  if (output === '-') await render(stdout);
  else await writeReportFile(output, render);
}

/** Where a text for people goes that `-o` may send to a file. */
export function productScreen({ output }: OutputArguments, context: CliContext): Screen {
  return output === '-' ? screenOf(context) : FILE;
}

/** Writes a text for people to where `-o` points. */
export async function writeText(
  args: OutputArguments,
  context: CliContext,
  text: Iterable<string>,
): Promise<void> {
  await writeOutput(args, context, (out) => writeAll(out, text));
}

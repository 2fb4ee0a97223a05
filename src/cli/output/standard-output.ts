import { Writable } from 'node:stream';
import type { CliContext } from '../context.ts';

/** Standard output takes no more: its reader has gone (`| head`), or what it leads to is full. */
export class OutputLost extends Error {
  /** Such as `EPIPE`. */
  readonly code: string;
  constructor(cause: NodeJS.ErrnoException) {
    super(cause.message, { cause });
    this.name = 'OutputLost';
    this.code = cause.code ?? 'unknown';
  }
}

/** What a shell shows for a program that wrote to a pipe nobody reads: 128 + SIGPIPE. */
export const EXIT_BROKEN_PIPE = 141;

/** Standard output for commands: what cannot be written is an `OutputLost` to whoever writes, and to nobody else. */
export function openStandardOutput(stdout: NodeJS.WriteStream): CliContext['stdout'] {
  stdout.on('error', () => {});
  const out = new Writable({
    write(chunk: Buffer, _encoding, done) {
      stdout.write(chunk, (error) => done(error == null ? null : new OutputLost(error)));
    },
  });
  out.on('error', () => {});
  return Object.assign(out, { isTTY: stdout.isTTY, columns: stdout.columns });
}

/** Runs what writes to standard output beside its real work, which goes on when nobody reads along. */
export async function unlessUnread(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof OutputLost && error.code === 'EPIPE')) throw error;
  }
}

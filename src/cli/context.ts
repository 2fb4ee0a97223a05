import type { Readable, Writable } from 'node:stream';

/** What a command needs of the outside world; tests put their own in. */
export interface CliContext {
  readonly stdin: Readable;
  /** The product. */
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  /** Progress and messages. */
  readonly stderr: Writable & { readonly isTTY?: boolean };
  /** Aborted when the user asks to stop. */
  readonly stop: AbortSignal;
}

/** Process exit codes; `incomplete` outranks `gate`. */
export const EXIT = { done: 0, gate: 1, usage: 2, incomplete: 3, internal: 4 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Writes and waits when the receiver is slower than we are. */
export async function write(stream: Writable, text: string): Promise<void> {
  if (stream.write(text)) return;
  await new Promise<void>((resolve) => stream.once('drain', resolve));
}

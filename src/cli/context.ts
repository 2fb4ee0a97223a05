import type { Readable, Writable } from 'node:stream';

/** A stream, and the terminal that it may be. */
export type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** What a command needs of the outside world; tests put their own in. */
export interface CliContext {
  readonly stdin: Readable;
  /** The product. */
  readonly stdout: OutputStream;
  /** Progress and messages. */
  readonly stderr: OutputStream;
  /**
   * Aborted when the user asks to stop. A command that listens to it ends by itself; while nobody listens, the process
   * ends at once instead.
   */
  readonly stop: AbortSignal;
  /** Whether the user wants colours; absent: not said. */
  readonly colour?: boolean | undefined;
  /** How the program was called, for commands that are to work as they are shown; absent: by its name. */
  readonly calledAs?: string;
}

/** Columns of a terminal that is none, or of which nobody knows how wide it is. */
export const USUAL_COLUMNS = 80;

/** How wide lines on a stream may be. */
export function columnsOf({ isTTY, columns }: Pick<OutputStream, 'isTTY' | 'columns'>): number {
  return isTTY === true && columns !== undefined && columns > 0 ? columns : USUAL_COLUMNS;
}

/** Process exit codes; `incomplete` outranks `gate`. */
export const EXIT = { done: 0, gate: 1, usage: 2, incomplete: 3, internal: 4 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Writes and waits until the receiver has it; rejects when it cannot have it. */
export async function write(stream: Writable, text: string): Promise<void> {
  // A stream that has failed once says no more why.
  if (stream.errored != null) throw stream.errored;
  await new Promise<void>((resolve, reject) => {
    stream.write(text, (error) => (error == null ? resolve() : reject(error)));
  });
}

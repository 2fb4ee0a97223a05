import { constants, fstatSync, open, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { isatty, ReadStream } from 'node:tty';
import { promisify } from 'node:util';
import type { EvidenceInput } from './evidence.ts';

const openFile = promisify(open);

/** How long a request to stop takes to arrive that ended the other side of a pipe too. */
const STOP_ARRIVES_MS = 30;

/**
 * Bytes that come when another program sends them. Waiting for them holds no thread: one that waits in the kernel
 * would keep the process from ending.
 */
export class PipeReader {
  private readonly stream: Readable;
  private readonly chunks: AsyncIterator<Uint8Array>;

  /** `descriptor`: of a pipe, socket or terminal. Standard input stays open when the reader is closed. */
  constructor(descriptor: number) {
    this.stream = streamOf(descriptor);
    this.chunks = this.stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  }

  /** The next bytes; null at the end. Throws when the reader is closed meanwhile. */
  async next(): Promise<Uint8Array | null> {
    const step = await this.chunks.next();
    if (step.done !== true) return step.value;
    // Ctrl-C ends the program at the other side, too: what it had no time to send must not pass for the end.
    await delay(STOP_ARRIVES_MS);
    return null;
  }

  close(): void {
    this.stream.destroy();
  }
}

/** Whether reading what this describes may wait for another program. */
export function mayWait(descriptor: number, stats: Stats): boolean {
  return stats.isFIFO() || stats.isSocket() || (stats.isCharacterDevice() && isatty(descriptor));
}

/** The same of an input that is not open yet. */
export async function inputMayWait(input: EvidenceInput): Promise<boolean> {
  if (input.kind !== 'file') return false;
  if (typeof input.file === 'number') return mayWait(input.file, fstatSync(input.file));
  return isNamedPipe(input.file);
}

export async function isNamedPipe(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isFIFO(),
    () => false,
  );
}

/**
 * Opens a file for reading; a named pipe without waiting for somebody who writes to it.
 *
 * @returns a descriptor
 * @throws the file system's error
 */
export async function openWithoutWaiting(path: string): Promise<number> {
  const wait = (await isNamedPipe(path)) ? constants.O_NONBLOCK : 0;
  return openFile(path, constants.O_RDONLY | wait);
}

/** A stream of what a pipe, socket or terminal gives. */
export function streamOf(descriptor: number): Readable {
  return isatty(descriptor)
    ? new ReadStream(descriptor)
    : new Socket({ fd: descriptor, readable: true, writable: false });
}

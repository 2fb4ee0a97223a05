import { Worker } from 'node:worker_threads';
import { CHUNK, chunkStart, Landing, SLOTS } from './landing.ts';

/** Bytes of a file from which on a thread for the reading pays for its start. */
export const READ_AHEAD_FROM = 16 * 1024 * 1024;
/** Chunks taken before the thread is told; less than there are slots. */
const WAKE_EVERY = 2;
/** Places in the control words that both threads share. */
const READ = 0;
const TAKEN = 1;
const CONTROL_WORDS = 2;
/** In place of the number of chunks taken: read on without waiting, or read no further. */
const ALL_TAKEN = 0x7fff_ffff;
const GIVEN_UP = -1;
/** Milliseconds after which whoever waits for a chunk looks whether the thread is still there. */
const PATIENCE = 1000;

interface Setup {
  readonly memory: WebAssembly.Memory;
  readonly control: SharedArrayBuffer;
  /** Addresses of the chunks, by slot. */
  readonly starts: readonly number[];
  readonly chunk: number;
}

interface Digest {
  readonly sha256: string;
  /** The file system's error that ended the reading; null at the end of the file. */
  readonly error: { readonly message: string; readonly code: string | null } | null;
}

/**
 * A thread that reads one file after the other and takes its SHA-256, some chunks ahead of whoever asks for them. To be
 * used where waiting for the file blocks nobody, that is not in the main thread.
 */
export class ReadAhead {
  readonly landing = new Landing();
  private readonly worker: Worker;
  /** How many chunks were read and taken, then the length of the chunk in each slot. */
  private readonly control = new Int32Array(new SharedArrayBuffer((CONTROL_WORDS + SLOTS) * 4));
  private digest: Promise<Digest> = Promise.reject(new Error('no file was begun'));
  private settle: (digest: Digest | Error) => void = () => {};
  private died: Error | null = null;
  private busy = false;
  private taken = 0;
  private ended = false;

  constructor() {
    this.digest.catch(() => {});
    const setup: Setup = {
      memory: this.landing.memory,
      control: this.control.buffer as SharedArrayBuffer,
      starts: Array.from({ length: SLOTS }, (_, slot) => chunkStart(slot)),
      chunk: CHUNK,
    };
    this.worker = new Worker(SCRIPT, { eval: true, workerData: setup });
    this.worker.unref();
    this.worker.on('message', (digest: Digest) => this.settle(digest));
    const die = (error: Error): void => {
      this.died ??= error;
      this.settle(this.died);
    };
    this.worker.on('error', die);
    this.worker.on('exit', (code) =>
      die(new Error(`the thread that reads ahead ended with exit code ${code}`)),
    );
  }

  /** True when the thread has ended: it is of no more use. */
  get hasDied(): boolean {
    return this.died !== null;
  }

  /** Begins to read a file from where its descriptor stands. False while it reads another one, and when it cannot. */
  begin(descriptor: number): boolean {
    if (this.busy || this.died !== null) return false;
    this.busy = true;
    this.taken = 0;
    this.ended = false;
    this.control.fill(0);
    this.digest = new Promise((resolve, reject) => {
      this.settle = (digest) => (digest instanceof Error ? reject(digest) : resolve(digest));
    });
    // Whoever wants the digest hears of it.
    this.digest.catch(() => {});
    this.worker.postMessage(descriptor);
    return true;
  }

  /**
   * The next bytes, valid until the next call and the caller's to change; null at the end.
   *
   * @throws the file system's error
   */
  async next(): Promise<Uint8Array | null> {
    if (this.ended) return null;
    if (this.taken > 0) this.release(this.taken);
    for (;;) {
      const read = Atomics.load(this.control, READ);
      if (read > this.taken) break;
      if (Atomics.wait(this.control, READ, read, PATIENCE) === 'timed-out') await this.stillThere();
    }
    const slot = this.taken % SLOTS;
    const length = this.control[CONTROL_WORDS + slot] as number;
    if (length === 0) {
      this.ended = true;
      const { error } = await this.digest;
      if (error !== null) throw Object.assign(new Error(error.message), { code: error.code });
      return null;
    }
    this.taken++;
    return this.landing.chunk(slot, length);
  }

  /** Hexadecimal, of the whole file; to be asked for at the end only. */
  async sha256(): Promise<string> {
    // Where taking broke off, the thread must not wait for room.
    this.release(ALL_TAKEN);
    return (await this.digest).sha256;
  }

  /** Reads no further. The thread does not use the descriptor any more afterwards. */
  async end(): Promise<void> {
    this.ended = true;
    this.release(GIVEN_UP);
    await this.digest.catch(() => {});
    this.busy = false;
  }

  private release(taken: number): void {
    Atomics.store(this.control, TAKEN, taken);
    // Waking a thread for every chunk would take a tenth of the time that scanning does.
    if (taken % WAKE_EVERY === 0 || taken === ALL_TAKEN || taken === GIVEN_UP) {
      Atomics.notify(this.control, TAKEN);
    }
  }

  /** @throws Error when the thread has ended; events that say so are taken only while nobody waits */
  private async stillThere(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.died !== null) throw this.died;
  }
}

/** Runs in the thread; handed there as text, so it may refer to nothing outside itself. */
function readAll(
  descriptor: number,
  { memory, control, starts, chunk }: Setup,
  { readSync }: typeof import('node:fs'),
  { createHash }: typeof import('node:crypto'),
): Digest {
  const bytes = new Uint8Array(memory.buffer);
  const words = new Int32Array(control);
  const hash = createHash('sha256');
  let error: Digest['error'] = null;
  for (let read = 0; ; read++) {
    let taken = Atomics.load(words, 1);
    for (; taken >= 0 && read - taken >= starts.length; taken = Atomics.load(words, 1)) {
      Atomics.wait(words, 1, taken);
    }
    if (taken < 0) break;
    const slot = read % starts.length;
    const start = starts[slot] as number;
    let length = 0;
    try {
      length = readSync(descriptor, bytes, start, chunk, null);
    } catch (reason) {
      const { message, code } = reason as NodeJS.ErrnoException;
      error = { message, code: code ?? null };
    }
    // Before it is handed over: whoever has it may write into it.
    hash.update(bytes.subarray(start, start + length));
    words[2 + slot] = length;
    Atomics.store(words, 0, read + 1);
    Atomics.notify(words, 0);
    if (length === 0) break;
  }
  return { sha256: hash.digest('hex'), error };
}

const SCRIPT = `
const { parentPort, workerData } = require('node:worker_threads');
const fs = require('node:fs');
const crypto = require('node:crypto');
const readAll = ${readAll.toString()};
parentPort.on('message', (descriptor) => parentPort.postMessage(readAll(descriptor, workerData, fs, crypto)));
`;

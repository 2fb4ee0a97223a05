import { Worker } from 'node:worker_threads';

/** Bytes read at a time. */
const CHUNK = 512 * 1024;
const SLOTS = 8;
/** Chunks taken before the thread is told; less than there are slots. */
const WAKE_EVERY = 4;
/** Places in the control words that both threads share. */
const READ = 0;
const TAKEN = 1;
const CONTROL_WORDS = 2;
const ALL_TAKEN = 0x7fff_ffff;

/** What the thread is asked to read. */
interface Job {
  readonly descriptor: number;
  readonly ring: SharedArrayBuffer;
  readonly control: SharedArrayBuffer;
  readonly chunk: number;
  readonly slots: number;
}

interface Digest {
  readonly sha256: string;
  /** The file system's error that ended the reading; null at the end of the file. */
  readonly error: { readonly message: string; readonly code: string | null } | null;
}

/**
 * Reads a file and takes its SHA-256 in a thread of its own, some chunks ahead of whoever asks for them. To be used
 * where waiting for the file blocks nobody, that is not in the main thread.
 */
export class ReadAhead {
  private readonly worker: Worker;
  // A Buffer, because searching one is native code for shared memory too.
  private readonly ring = Buffer.from(new SharedArrayBuffer(SLOTS * CHUNK));
  /** How many chunks were read and taken, then the length of the chunk in each slot. */
  private readonly control = new Int32Array(new SharedArrayBuffer((CONTROL_WORDS + SLOTS) * 4));
  private readonly digest: Promise<Digest>;
  private taken = 0;
  private ended = false;

  constructor(descriptor: number) {
    const job: Job = {
      descriptor,
      ring: this.ring.buffer as SharedArrayBuffer,
      control: this.control.buffer as SharedArrayBuffer,
      chunk: CHUNK,
      slots: SLOTS,
    };
    this.worker = new Worker(SCRIPT, { eval: true, workerData: job });
    this.worker.unref();
    this.digest = new Promise((resolve, reject) => {
      this.worker.once('message', resolve);
      this.worker.once('error', reject);
    });
    // Whoever wants the digest hears of it.
    this.digest.catch(() => {});
  }

  /**
   * The next bytes, valid until the next call; null at the end.
   *
   * @throws the file system's error
   */
  async next(): Promise<Uint8Array | null> {
    if (this.ended) return null;
    if (this.taken > 0) this.release();
    for (;;) {
      const read = Atomics.load(this.control, READ);
      if (read > this.taken) break;
      Atomics.wait(this.control, READ, read);
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
    return this.ring.subarray(slot * CHUNK, slot * CHUNK + length);
  }

  /** Hexadecimal, of the whole file; to be asked for at the end only. */
  async sha256(): Promise<string> {
    // Where reading broke off, the thread must not wait for room.
    this.taken = ALL_TAKEN;
    this.release();
    return (await this.digest).sha256;
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private release(): void {
    Atomics.store(this.control, TAKEN, this.taken);
    // Waking a thread for every chunk would take a tenth of the time that scanning does.
    if (this.taken % WAKE_EVERY === 0 || this.taken === ALL_TAKEN) Atomics.notify(this.control, TAKEN);
  }
}

/** Runs in the thread; handed there as text, so it may refer to nothing outside itself. */
function readAll(
  { descriptor, ring, control, chunk, slots }: Job,
  { readSync }: typeof import('node:fs'),
  { createHash }: typeof import('node:crypto'),
): Digest {
  const bytes = new Uint8Array(ring);
  const words = new Int32Array(control);
  const hash = createHash('sha256');
  let error: Digest['error'] = null;
  for (let read = 0; ; read++) {
    for (;;) {
      const taken = Atomics.load(words, 1);
      if (read - taken < slots) break;
      Atomics.wait(words, 1, taken);
    }
    const slot = read % slots;
    let length = 0;
    try {
      length = readSync(descriptor, bytes, slot * chunk, chunk, null);
    } catch (reason) {
      const { message, code } = reason as NodeJS.ErrnoException;
      error = { message, code: code ?? null };
    }
    words[2 + slot] = length;
    Atomics.store(words, 0, read + 1);
    Atomics.notify(words, 0);
    if (length === 0) break;
    hash.update(bytes.subarray(slot * chunk, slot * chunk + length));
  }
  return { sha256: hash.digest('hex'), error };
}

const SCRIPT = `
const { parentPort, workerData } = require('node:worker_threads');
parentPort.postMessage((${readAll.toString()})(workerData, require('node:fs'), require('node:crypto')));
`;

import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';

/** What a thread is started with, before anything is known of what it is to read. */
export interface ThreadData {
  /** Where Node.js keeps what it compiles; null where it does not. */
  readonly compileCache: string | null;
  readonly readsAhead: boolean;
}

export interface ThreadOptions {
  /** True where there are files that are worth a thread for the reading. */
  readonly readsAhead?: boolean;
  /** The built worker.ts. */
  readonly worker?: URL | null;
  /** A thread that needs more than this for what it holds on to ends, alone. */
  readonly heapMb?: number;
}

/** Seen from the built program; null when it runs from its sources, of which no thread can be made. */
const WORKER = import.meta.url.endsWith('.js') ? new URL('../audit/pool/worker.js', import.meta.url) : null;

export const threadsRun = WORKER !== null;

/** Less than this is read sooner than threads start. */
export const THREADS_FROM = 24 * 1024 * 1024;
/** A young generation of this size in each thread keeps memory flat; larger ones read no faster. */
const YOUNG_GENERATION_MB = 24;
/** Far more than any evidence needs. */
const HEAP_MB = 512;

let early: Worker | null = null;

/** Starts the first thread for large files before it is needed. Until it is, it keeps no program from ending. */
export function startEarly(): void {
  if (WORKER === null || early !== null) return;
  const thread = start(WORKER, HEAP_MB, true);
  thread.unref();
  // One that died is of no use, and tells so only once.
  const forget = (): void => {
    if (early === thread) early = null;
  };
  thread.once('error', forget);
  thread.once('exit', forget);
  early = thread;
}

/** @throws Error where the program runs from its sources */
export function startThread({
  readsAhead = false,
  worker = WORKER,
  heapMb = HEAP_MB,
}: ThreadOptions): Worker {
  if (worker === null) throw new Error('threads run built code only');
  if (early === null || worker !== WORKER || heapMb !== HEAP_MB) return start(worker, heapMb, readsAhead);
  const thread = early;
  early = null;
  thread.ref();
  return thread;
}

function start(worker: URL, heapMb: number, readsAhead: boolean): Worker {
  const cache = getCompileCacheDir();
  // The folder it names is one for this version of Node.js, below the one to be named.
  const workerData: ThreadData = { compileCache: cache === undefined ? null : dirname(cache), readsAhead };
  return new Worker(worker, {
    workerData,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB, maxOldGenerationSizeMb: heapMb },
  });
}

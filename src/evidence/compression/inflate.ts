import type { Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Pull } from '../pull.ts';

export type InflateEnd =
  | { readonly state: 'complete' }
  | { readonly state: 'truncated' }
  | { readonly state: 'damaged'; readonly reason: string }
  /** What follows the compressed data is nothing but zero bytes. */
  | { readonly state: 'trailing' };

/** Damage and a missing end are not exceptions: everything that could be decompressed is handed out. */
export type Inflated = AsyncGenerator<Uint8Array, InflateEnd>;

export const FOLLOWED = 'something else follows it, which cannot be read';

/** Tells padding behind compressed data from something that would be lost with it. */
export async function endBehind(rest: Uint8Array, next: Pull): Promise<InflateEnd> {
  for (let bytes: Uint8Array | null = rest; bytes !== null; bytes = await next()) {
    if (bytes.some((byte) => byte !== 0)) {
      return { state: 'damaged', reason: FOLLOWED };
    }
  }
  return { state: 'trailing' };
}

/**
 * Decompresses with a stream of node:zlib.
 *
 * @param inflater the stream, which is destroyed in the end
 * @param next gives compressed bytes, valid until its next call; null at the end
 * @param slice compressed bytes handed to zlib at a time. Their output is gathered before it is passed on, so this
 *   bounds what a decompression bomb can make us hold
 */
export async function* inflate(
  inflater: Transform & { readonly bytesWritten: number },
  next: Pull,
  slice: number,
): Inflated {
  let output: Uint8Array[] = [];
  let given = 0;
  let failure: Error | null = null;
  let ended = false;
  let wake = () => {};
  inflater.on('data', (chunk: Uint8Array) => output.push(chunk));
  inflater.on('error', (error: Error) => {
    failure = error;
    wake();
  });
  // Comes early when zlib meets trailing bytes that it refuses to read; then no callback follows.
  inflater.on('end', () => {
    ended = true;
    wake();
  });
  const settle = (start: (done: () => void) => void) =>
    new Promise<void>((resolve) => {
      wake = resolve;
      start(resolve);
    });
  try {
    for (let bytes = await next(); bytes !== null; bytes = await next()) {
      for (let from = 0; from < bytes.length; from += slice) {
        const part = bytes.subarray(from, from + slice);
        const before = given;
        given += part.length;
        await settle((done) => inflater.write(part, () => done()));
        const ready = output;
        output = [];
        yield* ready;
        if (failure !== null) return failed(failure);
        if (ended) return await endBehind(bytes.subarray(from + inflater.bytesWritten - before), next);
      }
    }
    await settle(() => inflater.end());
    yield* output;
    return failure === null ? { state: 'complete' } : failed(failure);
  } finally {
    inflater.destroy();
  }
}

function failed(error: Error): InflateEnd {
  const code = 'code' in error ? error.code : null;
  if (code === 'Z_BUF_ERROR') return { state: 'truncated' };
  return { state: 'damaged', reason: error.message };
}

/** Deflate expands a byte to at most 1,032. */
const SLICE = 16 * 1024;
const OUTPUT = 256 * 1024;

/** Decompresses gzip, all members. */
export function gunzip(next: () => Promise<Uint8Array | null>, slice = SLICE): Inflated {
  return inflate(createGunzip({ chunkSize: OUTPUT }), next, slice);
}

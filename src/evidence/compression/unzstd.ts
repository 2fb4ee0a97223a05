import * as zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import { errorText } from '../../text/error-text.ts';
import { endBehind, type Inflated, type InflateEnd, inflate } from './inflate.ts';
import { MAX_STEP, withinTime } from './time-limit.ts';
import { MAX_WINDOW_LOG, ZstdFrames } from './zstd-frames.ts';

const SLICE = 64 * 1024;
const OUTPUT = 256 * 1024;

/** What decodes pieces of data that `ZstdFrames` has let through. */
type Decoder = (next: () => Promise<Uint8Array | null>) => Inflated;

/** Node.js has Zstandard from 22.15 on. It checks checksums, and is many times faster. */
export const NATIVE = typeof zlib.createZstdDecompress === 'function' ? native : null;

/**
 * Decompresses Zstandard, all frames.
 *
 * @param next gives compressed bytes, valid until its next call; null at the end
 * @param slice compressed bytes decompressed at a time
 */
export async function* unzstd(
  next: () => Promise<Uint8Array | null>,
  slice = SLICE,
  decoder: Decoder = NATIVE ?? ((pieces) => viaFzstd(pieces)),
): Inflated {
  const frames = new ZstdFrames();
  let refusal: InflateEnd | null = null;
  let rest: Uint8Array = new Uint8Array(0);
  /** Pieces that end where a frame does, or before they could unpack to more than is held. */
  const pieces = async (): Promise<Uint8Array | null> => {
    while (refusal === null) {
      if (rest.length === 0) {
        const bytes = await next();
        if (bytes === null) return null;
        rest = bytes;
        continue;
      }
      const { length, end } = frames.check(rest.subarray(0, slice));
      const piece = rest.subarray(0, length);
      rest = rest.subarray(length);
      if (end?.state === 'trailing') refusal = await endBehind(rest, next);
      else refusal = end;
      if (piece.length > 0) return piece;
    }
    return null;
  };
  const end = yield* decoder(pieces);
  if (end.state === 'damaged') return end;
  return refusal ?? (frames.complete ? { state: 'complete' } : { state: 'truncated' });
}

/** Each piece is written by itself, because before Node.js 26 the stream ends with the frame that ends within what it is given. */
function native(next: () => Promise<Uint8Array | null>): Inflated {
  const params = { [zlib.constants.ZSTD_d_windowLogMax]: MAX_WINDOW_LOG };
  return inflate(zlib.createZstdDecompress({ chunkSize: OUTPUT, params }), next, Number.POSITIVE_INFINITY);
}

/** For older Node.js. It does not check checksums, and crafted data makes it loop. */
export async function* viaFzstd(next: () => Promise<Uint8Array | null>, limit = MAX_STEP): Inflated {
  let output: Uint8Array[] = [];
  const inflater = new Decompress((chunk) => {
    if (chunk.length > 0) output.push(chunk);
  });
  for (let bytes = await next(); bytes !== null; bytes = await next()) {
    // Copied: fzstd keeps what it cannot use yet, and hands out the memory it will use next.
    const piece = new Uint8Array(bytes);
    let failure: InflateEnd | null = null;
    try {
      withinTime(() => inflater.push(piece), limit);
    } catch (error) {
      failure = { state: 'damaged', reason: errorText(error) };
    }
    yield* output;
    output = [];
    if (failure !== null) return failure;
  }
  return { state: 'complete' };
}

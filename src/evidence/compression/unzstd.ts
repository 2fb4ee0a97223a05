import { Decompress } from 'fzstd';
import { errorText } from '../../text/error-text.ts';
import { endBehind, type Inflated, type InflateEnd } from './inflate.ts';
import { ZstdFrames } from './zstd-frames.ts';

/** A block of four bytes can stand for 128 KiB, so few are decompressed at a time. */
const SLICE = 2 * 1024;

/**
 * Decompresses Zstandard, all frames, without checking their checksums. With fzstd, because node:zlib knows Zstandard
 * from 22.15 only and stops after the first frame.
 *
 * @param next gives compressed bytes, valid until its next call; null at the end
 * @param slice compressed bytes decompressed at a time
 */
export async function* unzstd(next: () => Promise<Uint8Array | null>, slice = SLICE): Inflated {
  const frames = new ZstdFrames();
  let output: Uint8Array[] = [];
  const inflater = new Decompress((chunk) => {
    if (chunk.length > 0) output.push(chunk);
  });
  for (let bytes = await next(); bytes !== null; bytes = await next()) {
    for (let from = 0; from < bytes.length; from += slice) {
      const part = bytes.subarray(from, from + slice);
      const { length, end } = frames.check(part);
      // Copied: fzstd keeps what it cannot use yet, and hands out the memory it will use next.
      const failure = attempt(() => inflater.push(new Uint8Array(part.subarray(0, length))));
      yield* output;
      output = [];
      if (failure !== null) return failure;
      if (end?.state === 'trailing') return await endBehind(bytes.subarray(from + length), next);
      if (end !== null) return end;
    }
  }
  return frames.complete ? { state: 'complete' } : { state: 'truncated' };
}

function attempt(step: () => void): InflateEnd | null {
  try {
    step();
    return null;
  } catch (error) {
    return { state: 'damaged', reason: errorText(error) };
  }
}

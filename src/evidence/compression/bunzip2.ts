/// <reference path="./unbzip2.d.ts" />

import { errorText } from '../../text/error-text.ts';
import type { Pull } from '../pull.ts';
import { BitQueue, BitsMissing } from './bit-queue.ts';
import { endBehind, type Inflated, type InflateEnd } from './inflate.ts';

/** More than any encoder needs for a block of 900,000 bytes; so much is held before one is decoded. */
const MAX_BLOCK = 1024 * 1024;
const PIECE = 256 * 1024;
export const BZIP2_MAGIC: readonly number[] = [0x42, 0x5a, 0x68];

/**
 * Decompresses bzip2, all streams. A block is handed out when its checksum is right: mostly 900,000 bytes, at the very
 * most 46 million, which is what the repeats in one block can stand for.
 *
 * @param next gives compressed bytes, valid until its next call; null at the end
 */
export async function* bunzip2(next: Pull): Inflated {
  // Loaded only where it is needed. Its state is set anew by every block, and a block is never left half-way.
  const { default: decoder } = await import('@openpgp/unbzip2-stream/lib/bzip2.js');
  const queue = new BitQueue();
  let ended = false;
  const fill = async () => {
    while (!ended && queue.length < MAX_BLOCK) {
      const bytes = await next();
      if (bytes === null) ended = true;
      else queue.add(new Uint8Array(bytes));
    }
  };
  const failed = (error: unknown): InflateEnd => {
    if (!(error instanceof BitsMissing)) return { state: 'damaged', reason: describe(error) };
    return ended ? { state: 'truncated' } : { state: 'damaged', reason: 'a block has no end' };
  };
  for (await fill(); queue.length > 0; await fill()) {
    let blockSize: number;
    try {
      blockSize = decoder.header(queue.read) * 100_000;
    } catch (error) {
      return failed(error);
    }
    const work = new Int32Array(blockSize);
    for (let sum: number | null = 0; sum !== null; ) {
      await fill();
      const output = new Output();
      try {
        sum = decoder.decompress(queue.read, output.put, work, blockSize, sum);
      } catch (error) {
        return failed(error);
      }
      yield* output.end();
    }
    await fill();
    if (queue.length > 0 && !queue.startsWith(BZIP2_MAGIC)) return await endBehind(queue.rest(), next);
  }
  return { state: 'complete' };
}

/** Gathers the bytes of one block. */
class Output {
  private readonly pieces: Uint8Array[] = [];
  private piece = new Uint8Array(PIECE);
  private length = 0;

  readonly put = (byte: number): void => {
    if (this.length === PIECE) {
      this.pieces.push(this.piece);
      this.piece = new Uint8Array(PIECE);
      this.length = 0;
    }
    this.piece[this.length++] = byte;
  };

  end(): readonly Uint8Array[] {
    if (this.length > 0) this.pieces.push(this.piece.subarray(0, this.length));
    return this.pieces;
  }
}

/** What the decoder says of its checksums is the only thing that tells a user something. */
function describe(error: unknown): string {
  const message = errorText(error);
  return message.includes('crc32') ? 'its checksum is wrong' : 'it is no valid bzip2';
}

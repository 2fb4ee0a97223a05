import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Characters gathered before a write: small enough to stay flat, large enough to make writes cheap. */
const BLOCK = 64 * 1024;

/**
 * Writes all of `text` to `out`, waiting whenever `out` is full, and leaves `out` open.
 * Rejects with the stream's own error when `out` fails or is closed.
 */
export async function writeAll(out: Writable, text: Iterable<string> | AsyncIterable<string>): Promise<void> {
  await pipeline(Readable.from(blocks(text), { highWaterMark: 1 }), out, { end: false });
}

async function* blocks(text: Iterable<string> | AsyncIterable<string>): AsyncGenerator<string> {
  let block = '';
  for await (const piece of text) {
    block += piece;
    if (block.length >= BLOCK) {
      yield block;
      block = '';
    }
  }
  if (block !== '') yield block;
}

/** Groups items into arrays that weigh `size`, or a little more; the last may weigh less. */
export function* batches<T>(
  items: Iterable<T>,
  size: number,
  weightOf: (item: T) => number = () => 1,
): Generator<readonly T[]> {
  let batch: T[] = [];
  let weight = 0;
  for (const item of items) {
    batch.push(item);
    weight += weightOf(item);
    if (weight >= size) {
      yield batch;
      batch = [];
      weight = 0;
    }
  }
  if (batch.length > 0) yield batch;
}

import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';

/** Bytes in one line of base64: a multiple of three, so that lines join without padding. */
const LINE_BYTES = 12 * 1024;

/** Gzip, then base64 in lines; streamed, and the same whatever sizes the compressor happens to hand over. */
export async function* gzipBase64(text: Iterable<string>): AsyncGenerator<string> {
  const gzip = createGzip({ level: 9 });
  // The callback only marks the error as seen: it also destroys `gzip`, so the loop below throws it.
  pipeline(Readable.from(text), gzip, () => undefined);
  let held = Buffer.alloc(0);
  for await (const chunk of gzip as AsyncIterable<Buffer>) {
    held = Buffer.concat([held, chunk]);
    let start = 0;
    for (; held.length - start >= LINE_BYTES; start += LINE_BYTES) {
      yield `${held.toString('base64', start, start + LINE_BYTES)}\n`;
    }
    held = held.subarray(start);
  }
  if (held.length > 0) yield `${held.toString('base64')}\n`;
}

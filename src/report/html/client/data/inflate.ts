import type { PayloadLine } from '../../shared/payload.ts';
import { BytesOfText } from '../../shared/text-bytes.ts';

/** Characters of the page's data that are decoded at a time. */
const PIECE = 256 * 1024;

/** The payload's lines out of the page's compressed data. */
export async function* payloadLines(packed: string): AsyncGenerator<PayloadLine> {
  const text = bytes(packed)
    .pipeThrough(new DecompressionStream('gzip'))
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array<ArrayBuffer>>);
  const reader = text.getReader();
  let held: string[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    let start = 0;
    for (let end = value.indexOf('\n'); end !== -1; end = value.indexOf('\n', start)) {
      held.push(value.slice(start, end));
      yield JSON.parse(held.join('')) as PayloadLine;
      held = [];
      start = end + 1;
    }
    held.push(value.slice(start));
  }
}

function bytes(packed: string): ReadableStream<Uint8Array<ArrayBuffer>> {
  const decoder = new BytesOfText();
  let position = 0;
  return new ReadableStream({
    pull(controller) {
      if (position < packed.length) {
        controller.enqueue(decoder.add(packed.slice(position, position + PIECE)));
        position += PIECE;
        return;
      }
      controller.enqueue(decoder.end());
      controller.close();
    },
  });
}

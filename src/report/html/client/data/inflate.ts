import type { PayloadLine } from '../../shared/payload.ts';

/** Base64 lines decoded at a time. */
const LINES_PER_CHUNK = 16;

/** The payload's lines out of the page's compressed data. */
export async function* payloadLines(base64: string): AsyncGenerator<PayloadLine> {
  const text = bytes(base64)
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

/** Every line stands for whole groups of three bytes, so lines can be decoded one by one. */
function bytes(base64: string): ReadableStream<Uint8Array<ArrayBuffer>> {
  let position = 0;
  return new ReadableStream({
    pull(controller) {
      for (let n = 0; n < LINES_PER_CHUNK; n++) {
        if (position >= base64.length) {
          controller.close();
          return;
        }
        const newline = base64.indexOf('\n', position);
        const end = newline === -1 ? base64.length : newline;
        const binary = atob(base64.slice(position, end));
        position = end + 1;
        if (binary === '') continue;
        controller.enqueue(Uint8Array.from(binary, (character) => character.charCodeAt(0)));
      }
    },
  });
}

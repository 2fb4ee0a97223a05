/** stream-json parses a file and does nothing with it: packed values, no streamed ones, few and large chunks. */
import { closeSync, openSync, readSync } from 'node:fs';
import { jsonParser } from 'stream-json/core/parser.js';

export const CHUNK = 1024 * 1024;

export function readChunks(path: string, take: (bytes: Uint8Array) => void): void {
  const file = openSync(path, 'r');
  const buffer = Buffer.allocUnsafe(CHUNK);
  for (;;) {
    const length = readSync(file, buffer, 0, CHUNK, null);
    if (length === 0) break;
    take(buffer.subarray(0, length));
  }
  closeSync(file);
}

export function bareParse(path: string): void {
  const parse = jsonParser({ packValues: true, streamValues: false, jsonStreaming: true });
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  readChunks(path, (bytes) => parse(decoder.decode(bytes, { stream: true })));
}

import { createGunzip } from 'node:zlib';
import { type Inflated, inflate } from './inflate.ts';

/** Deflate expands a byte to at most 1,032. */
const SLICE = 16 * 1024;
const OUTPUT = 256 * 1024;

/** Decompresses gzip, all members. */
export function gunzip(next: () => Promise<Uint8Array | null>, slice = SLICE): Inflated {
  return inflate(createGunzip({ chunkSize: OUTPUT }), next, slice);
}

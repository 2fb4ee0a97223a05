import type { DataProblem } from '../../errors.ts';
import type { FileProblem } from '../../model/file-problem.ts';
import type { Pull } from '../pull.ts';
import { BZIP2_MAGIC, bunzip2 } from './bunzip2.ts';
import { gunzip, type Inflated, type InflateEnd } from './inflate.ts';
import { unzstd } from './unzstd.ts';

/** A way of compressing one stream of bytes, recognised by its first bytes. */
export interface Compression {
  readonly name: string;
  readonly magic: readonly number[];
  readonly problems: Readonly<Record<'truncated' | 'damaged' | 'trailing', DataProblem>>;
  inflate(next: Pull): Inflated;
}

const COMPRESSIONS: readonly Compression[] = [
  {
    name: 'gzip',
    magic: [0x1f, 0x8b],
    problems: { truncated: 'gzip-truncated', damaged: 'gzip-damaged', trailing: 'gzip-trailing' },
    inflate: gunzip,
  },
  {
    name: 'Zstandard',
    magic: [0x28, 0xb5, 0x2f, 0xfd],
    problems: { truncated: 'zstd-truncated', damaged: 'zstd-damaged', trailing: 'zstd-trailing' },
    inflate: unzstd,
  },
  {
    name: 'bzip2',
    magic: BZIP2_MAGIC,
    problems: { truncated: 'bzip2-truncated', damaged: 'bzip2-damaged', trailing: 'bzip2-trailing' },
    inflate: bunzip2,
  },
];

/** First bytes that `compressionOf` wants to see. */
export const COMPRESSION_HEAD = 4;

export function compressionOf(head: Uint8Array): Compression | null {
  return COMPRESSIONS.find(({ magic }) => magic.every((byte, at) => head[at] === byte)) ?? null;
}

/** Hands bytes on as they are. */
export async function* passThrough(next: Pull): Inflated {
  for (let bytes = await next(); bytes !== null; bytes = await next()) yield bytes;
  return { state: 'complete' };
}

/** Puts an end that is not as it should be into words; null when it is. */
export function endProblem(compression: Compression, end: InflateEnd, bytes: number): FileProblem | null {
  if (end.state === 'complete') return null;
  const code = compression.problems[end.state];
  switch (end.state) {
    case 'truncated':
      return {
        code,
        message: `the compressed data ends too early, after ${bytes} bytes; transfer the file again`,
      };
    case 'damaged':
      return { code, message: `the compressed data is damaged (${end.reason}); transfer the file again` };
    case 'trailing':
      return {
        code,
        message: `zero bytes follow the data compressed with ${compression.name}`,
      };
  }
}

import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { errorCode } from '../text/error-text.ts';
import { ByteSource } from './source.ts';

/** A file by what it holds. */
export interface FileDigest {
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
}

const EMPTY = createHash('sha256').digest('hex');

export type HashedFile =
  | ({ readonly state: 'hashed' } & FileDigest)
  | { readonly state: 'missing' }
  /** `reason` is a clause such as `it is no plain file`. */
  | { readonly state: 'unreadable'; readonly reason: string };

/**
 * Hashes a plain file. Pipes and devices, which may have no end, are not opened.
 *
 * @param expected a file of another size is not read: its `sha256` is then empty
 */
export async function hashFile(path: string, expected?: number): Promise<HashedFile> {
  try {
    const stats = await stat(path);
    if (!stats.isFile()) return { state: 'unreadable', reason: 'it is no plain file' };
    if (expected !== undefined && stats.size !== expected) {
      return { state: 'hashed', sha256: '', bytes: stats.size };
    }
    // What claims to be empty may be a window into the kernel, which need not end.
    if (stats.size === 0) return { state: 'hashed', sha256: EMPTY, bytes: 0 };
    const source = await ByteSource.open(path);
    try {
      while ((await source.next()) !== null);
      return { state: 'hashed', sha256: await source.digest(), bytes: source.bytes };
    } finally {
      await source.close();
    }
  } catch (error) {
    const code = errorCode(error);
    return code === 'ENOENT' || code === 'ENOTDIR'
      ? { state: 'missing' }
      : { state: 'unreadable', reason: `it cannot be read: ${code}` };
  }
}

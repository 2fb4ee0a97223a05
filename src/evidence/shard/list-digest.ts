import { createHash } from 'node:crypto';
import { byPath, type Dealt } from './deal.ts';

/**
 * Names a list of inputs: the SHA-256 of its paths and sizes, in the order of paths. The same however the list is dealt out, so
 * that the parts of one list know each other.
 */
export function listDigest(inputs: readonly Dealt[]): string {
  const hash = createHash('sha256');
  for (const { path, size } of [...inputs].sort(byPath)) hash.update(`${JSON.stringify([path, size])}\n`);
  return hash.digest('hex');
}

import { statSync } from 'node:fs';
import { startEarly, THREADS_FROM } from '../audit/pool/thread.ts';

/**
 * Starts a thread for what is to be read while the rest of the program is loaded. Only a guess: that an argument of `scan`
 * is a large file is all there is to know yet.
 */
export function startThreadFor([command, ...args]: readonly string[]): void {
  if (command === 'scan' && args.some(isLargeFile)) startEarly();
}

function isLargeFile(path: string): boolean {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats?.isFile() === true && stats.size >= THREADS_FROM;
  } catch {
    return false;
  }
}

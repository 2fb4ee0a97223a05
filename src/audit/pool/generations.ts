import { setFlagsFromString } from 'node:v8';

/**
 * Lets V8's young generation grow no further, in all threads: what streams through the program dies young, so that one of
 * the size it has come to is as fast and takes less memory.
 */
export function stopYoungGenerationGrowing(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

/**
 * Lets V8's old generation, in all threads, grow by no more than a third before it is collected: left to itself it grows
 * to several times what is in use, and on a machine with much memory that is garbage of hundreds of megabytes.
 */
export function collectOldGenerationEarly(): void {
  setFlagsFromString('--heap-growing-percent=30');
}

import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE = 600_000;

/** Waits until something is so; fails with its name when it takes ten minutes. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const began = performance.now();
  while (!(await isSo())) {
    if (performance.now() - began > PATIENCE) throw new Error(`waited ten minutes in vain until ${what}`);
    await sleep(200);
  }
}

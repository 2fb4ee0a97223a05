import { STATIC_FINDINGS } from '../statistics.ts';

/** As many items as a table shows without a script. */
export function firstRows<T>(items: Iterable<T>): readonly T[] {
  const taken: T[] = [];
  for (const item of items) {
    taken.push(item);
    if (taken.length === STATIC_FINDINGS) break;
  }
  return taken;
}

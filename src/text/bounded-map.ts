/**
 * A memory for what can be worked out again: a map that holds at most so many entries. When it is full, the next entry
 * empties it first.
 *
 * That is on purpose simpler than forgetting what was used least. What is remembered here repeats itself: an
 * organisation's roles share a few hundred policies, so a well-sized map never fills, and then keeping an order would
 * cost on every look-up and give nothing. Where nothing repeats, no order helps either, and emptying costs one entry's
 * work for each entry. So it never matters for correctness or much for speed which entries are gone, only that memory
 * is bounded.
 */
export class BoundedMap<K, V> {
  private readonly entries = new Map<K, V>();
  private readonly capacity: number;
  private held = 0;

  /** @param capacity most entries held, 1 or more; where they are given weights, what they may weigh together */
  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get size(): number {
    return this.entries.size;
  }

  get(key: K): V | undefined {
    return this.entries.get(key);
  }

  has(key: K): boolean {
    return this.entries.has(key);
  }

  /** Forgets everything else when there is no room for a key that is new. A key that is set again keeps its weight. */
  set(key: K, value: V, weight = 1): void {
    if (!this.entries.has(key)) {
      if (this.held + weight > this.capacity) this.clear();
      this.held += weight;
    }
    this.entries.set(key, value);
  }

  clear(): void {
    this.entries.clear();
    this.held = 0;
  }
}

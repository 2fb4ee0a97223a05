/** Something that one part of a list of inputs reads: a file, or a member of an archive. */
export interface Dealt {
  /** As shown; no two are the same. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * Deals things out to parts so that all weigh about the same: the largest first, each to the part that is lightest so far; of
 * parts that weigh the same to the one that has fewest, then to the first. A function of paths and sizes alone, whatever order
 * they come in. No two parts differ by more than the largest thing weighs.
 *
 * @returns the part of each thing, from 0, in the order of `things`
 */
export function deal(things: readonly Dealt[], parts: number): Uint32Array {
  const order = Uint32Array.from(things.keys()).sort((a, b) =>
    byWeight(things[a] as Dealt, things[b] as Dealt),
  );
  const partOf = new Uint32Array(things.length);
  const piles = new Piles(parts);
  for (const index of order) partOf[index] = piles.add((things[index] as Dealt).size);
  return partOf;
}

function byWeight(a: Dealt, b: Dealt): number {
  if (a.size !== b.size) return b.size - a.size;
  return byPath(a, b);
}

/** By UTF-16 code unit, which knows no locale. */
export function byPath(a: Pick<Dealt, 'path'>, b: Pick<Dealt, 'path'>): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

/** A heap of the parts, the lightest at its top. */
class Piles {
  private readonly weights: Float64Array;
  private readonly counts: Uint32Array;
  /** Parts, each not lighter than the one at half its place. */
  private readonly heap: Uint32Array;

  constructor(parts: number) {
    this.weights = new Float64Array(parts);
    this.counts = new Uint32Array(parts);
    this.heap = Uint32Array.from({ length: parts }, (_, part) => part);
  }

  /** Puts a weight on the lightest part; returns which that was. */
  add(weight: number): number {
    const { heap, weights, counts } = this;
    const part = heap[0] as number;
    weights[part] = (weights[part] as number) + weight;
    counts[part] = (counts[part] as number) + 1;
    let at = 0;
    for (;;) {
      let next = 2 * at + 1;
      if (next + 1 < heap.length && this.isBefore(heap[next + 1] as number, heap[next] as number)) next++;
      if (next >= heap.length || this.isBefore(part, heap[next] as number)) break;
      heap[at] = heap[next] as number;
      at = next;
    }
    heap[at] = part;
    return part;
  }

  private isBefore(a: number, b: number): boolean {
    const { weights, counts } = this;
    const lighter = (weights[a] as number) - (weights[b] as number);
    if (lighter !== 0) return lighter < 0;
    const fewer = (counts[a] as number) - (counts[b] as number);
    return fewer !== 0 ? fewer < 0 : a < b;
  }
}

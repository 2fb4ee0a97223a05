/** What there is to say of one ARN and id. */
export interface Bundle<T> {
  readonly arn: string;
  readonly id: string;
  readonly items: readonly T[];
}

/**
 * Merges streams that each come by ARN, then id, into one; what speaks of the same ARN and id becomes one bundle, in
 * the order of the streams. Holds one bundle of each.
 */
export function* mergeBundles<T>(streams: readonly Iterable<Bundle<T>>[]): Iterable<Bundle<T>> {
  if (streams.length === 1) {
    yield* streams[0] as Iterable<Bundle<T>>;
    return;
  }
  const heads = streams.map((stream) => {
    const iterator = stream[Symbol.iterator]();
    return { iterator, bundle: nextOf(iterator) };
  });
  try {
    for (;;) {
      let least: Bundle<T> | null = null;
      for (const { bundle } of heads) {
        if (bundle !== null && (least === null || compare(bundle, least) < 0)) least = bundle;
      }
      if (least === null) return;
      const items: T[] = [];
      for (const head of heads) {
        if (head.bundle === null || compare(head.bundle, least) !== 0) continue;
        items.push(...head.bundle.items);
        head.bundle = nextOf(head.iterator);
      }
      yield { arn: least.arn, id: least.id, items };
    }
  } finally {
    for (const { iterator } of heads) iterator.return?.();
  }
}

function nextOf<T>(iterator: Iterator<Bundle<T>>): Bundle<T> | null {
  const step = iterator.next();
  return step.done === true ? null : step.value;
}

/** As the store sorts text: by bytes of UTF-8. */
function compare(a: Bundle<unknown>, b: Bundle<unknown>): number {
  return compareBytes(a.arn, b.arn) || compareBytes(a.id, b.id);
}

function compareBytes(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}

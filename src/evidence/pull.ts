/** Gives bytes, valid until the next call; null at the end. */
export type Pull = () => Promise<Uint8Array | null>;

/** Looks at the first bytes, at least `wanted` unless there are fewer; `next` hands them out again. */
export async function withHead(
  next: Pull,
  wanted: number,
): Promise<{ readonly head: Uint8Array; readonly next: Pull }> {
  let head: Uint8Array = new Uint8Array(0);
  while (head.length < wanted) {
    const bytes = await next();
    if (bytes === null) break;
    // A single chunk is not copied: it stays valid until the next one is asked for.
    head = head.length === 0 ? bytes : Buffer.concat([head, bytes]);
    if (head.length < wanted) head = new Uint8Array(head);
  }
  let pending: Uint8Array | null = head.length > 0 ? head : null;
  const again = async () => {
    const first = pending;
    pending = null;
    return first ?? next();
  };
  return { head, next: again };
}

/**
 * Gathers all bytes unless they are more than `limit`.
 *
 * @returns null when there are more
 */
export async function pullAll(next: Pull, limit: number): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (let bytes = await next(); bytes !== null; bytes = await next()) {
    length += bytes.length;
    if (length > limit) return null;
    parts.push(new Uint8Array(bytes));
  }
  return Buffer.concat(parts);
}

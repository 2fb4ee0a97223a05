/** An object outside elements, or a list that has a scope of its own, while it is open; see `ScopeEnd`. */
export interface OpenScope {
  readonly id: number;
  /** Replaced, never changed: elements handed out earlier keep what stood before them. */
  facts: ReadonlyMap<string, string>;
  /** Elements so far, by source. */
  readonly counts: Map<number, number>;
}

export const NO_FACTS: ReadonlyMap<string, string> = new Map();

/** One step of a JSON pointer (RFC 6901, section 3). */
export function escapePointer(key: string): string {
  return key.includes('~') || key.includes('/') ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key;
}

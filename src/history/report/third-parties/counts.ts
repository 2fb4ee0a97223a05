/** Counts by code. There are many of them, and most hold none. */
export class Counts {
  private counts: Map<string, number> | null = null;

  add(code: string): void {
    this.counts ??= new Map();
    this.counts.set(code, (this.counts.get(code) ?? 0) + 1);
  }

  /** By code. */
  sorted(): readonly (readonly [code: string, count: number])[] {
    return [...(this.counts ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  record(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.sorted());
  }
}

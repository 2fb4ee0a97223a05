/** Characters held before the lookup starts afresh; keeps hostile evidence from filling memory. */
const MAX_HELD = 16 * 1024 * 1024;

/** Gives every string a number and remembers which are new, for a list that grows on the other side. */
export class StringIndex {
  private numbers = new Map<string, number>();
  private fresh: string[] = [];
  private next = 0;
  private held = 0;

  /** The string's number, or -1 for null. */
  add(text: string | null): number {
    if (text === null) return -1;
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    if (this.held + text.length > MAX_HELD) {
      // Forgotten strings are sent again under a new number, which costs space in the page and nothing else.
      this.numbers = new Map();
      this.held = 0;
    }
    this.numbers.set(text, this.next);
    this.fresh.push(text);
    this.held += text.length;
    this.next += 1;
    return this.next - 1;
  }

  /** Strings added since the last call, in the order of their numbers. */
  takeFresh(): readonly string[] {
    const fresh = this.fresh;
    this.fresh = [];
    return fresh;
  }
}

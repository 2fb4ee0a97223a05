import { LONG_TEXT, textKey } from './text-key.ts';

/** Characters held before the lookup starts afresh; keeps hostile evidence from filling memory. */
const MAX_HELD = 16 * 1024 * 1024;

/** Gives every string a number and remembers which are new, for a list that grows on the other side. */
export class StringIndex {
  private numbers = new Map<string, number>();
  private fresh: (string | (() => string))[] = [];
  private next = 0;
  private held = 0;

  /**
   * The string's number, or -1 for null.
   *
   * @param again makes a long string again when it is taken, so that it is not held until then
   */
  add(text: string | null, again?: () => string): number {
    if (text === null) return -1;
    const key = textKey(text);
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    if (this.held + text.length > MAX_HELD) {
      // Forgotten strings are sent again under a new number, which costs space in the page and nothing else.
      this.numbers = new Map();
      this.held = 0;
    }
    this.numbers.set(key, this.next);
    this.fresh.push(text.length > LONG_TEXT && again !== undefined ? again : text);
    this.held += text.length;
    this.next += 1;
    return this.next - 1;
  }

  /** Strings added since the last call, in the order of their numbers. */
  *takeFresh(): Iterable<string> {
    const { fresh } = this;
    this.fresh = [];
    for (const text of fresh) yield typeof text === 'string' ? text : text();
  }
}

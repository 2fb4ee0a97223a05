/** Longest text that is remembered, in bytes. */
const LONGEST = 32;
const SLOTS = 256;

/** The texts of keys and short values, of which a document has few: to compare their bytes is quicker than to decode them. */
export class ShortTexts {
  /** Of each slot a length, then the bytes. */
  private readonly bytes = new Uint8Array(SLOTS * (LONGEST + 1));
  private readonly texts: string[] = Array(SLOTS).fill('');

  of(source: Buffer, start: number, end: number): string {
    const length = end - start;
    if (length > LONGEST || length === 0) return source.toString('utf8', start, end);
    const mix =
      length +
      7 * (source[start] as number) +
      31 * (source[end - 1] as number) +
      97 * (source[(start + end) >> 1] as number);
    const slot = mix % SLOTS;
    const at = slot * (LONGEST + 1);
    const { bytes } = this;
    let same = bytes[at] === length ? 0 : -1;
    while (same >= 0 && same < length && bytes[at + 1 + same] === source[start + same]) same++;
    if (same !== length) {
      bytes[at] = length;
      for (let index = 0; index < length; index++) bytes[at + 1 + index] = source[start + index] as number;
      this.texts[slot] = source.toString('utf8', start, end);
    }
    return this.texts[slot] as string;
  }
}

/** Thrown when more bits are asked for than there are. */
export class BitsMissing extends Error {}

/** Bytes that are put in at the end and read from the beginning bit by bit, the highest bit of each byte first. */
export class BitQueue {
  private readonly waiting: Uint8Array[] = [];
  private current: Uint8Array = new Uint8Array(0);
  private at = 0;
  /** Bits of the byte before `at` that are not read yet. */
  private left = 0;
  private size = 0;

  /** Whole bytes that are not read yet. */
  get length(): number {
    return this.size;
  }

  /** The bytes are kept. */
  add(bytes: Uint8Array): void {
    this.waiting.push(bytes);
    this.size += bytes.length;
  }

  /**
   * The next bits as a number, at most 32 (then as a signed one); null skips to the next whole byte.
   *
   * @throws BitsMissing
   */
  readonly read = (count: number | null): number => {
    if (count === null) {
      this.left = 0;
      return 0;
    }
    let value = 0;
    for (let wanted = count; wanted > 0; ) {
      if (this.left === 0) this.advance();
      const taken = Math.min(wanted, this.left);
      this.left -= taken;
      wanted -= taken;
      const bits = ((this.current[this.at - 1] as number) >> this.left) & ((1 << taken) - 1);
      value = (value << taken) | bits;
    }
    return value;
  };

  private advance(): void {
    while (this.at === this.current.length) {
      const next = this.waiting.shift();
      if (next === undefined) throw new BitsMissing();
      this.current = next;
      this.at = 0;
    }
    this.at++;
    this.left = 8;
    this.size--;
  }

  /** The whole bytes that are not read yet; they stay to be read. */
  rest(): Uint8Array {
    return Buffer.concat([this.current.subarray(this.at), ...this.waiting]);
  }

  /** True when the next whole bytes are these. */
  startsWith(bytes: readonly number[]): boolean {
    const rest = [this.current.subarray(this.at), ...this.waiting];
    let seen = 0;
    for (const part of rest) {
      for (let index = 0; index < part.length && seen < bytes.length; index++, seen++) {
        if (part[index] !== bytes[seen]) return false;
      }
    }
    return seen === bytes.length;
  }
}

/** Cuts bytes into lines of UTF-8 text. A line beyond the limit is dropped and reported as null. */
export class LineSplitter {
  readonly #limit: number;
  #parts: Buffer[] = [];
  #size = 0;
  #first = true;

  constructor(limit: number) {
    this.#limit = limit;
  }

  *push(chunk: Buffer): Generator<string | null> {
    let from = 0;
    for (let newline = chunk.indexOf(10); newline >= 0; newline = chunk.indexOf(10, from)) {
      this.#take(chunk.subarray(from, newline));
      yield this.#line();
      from = newline + 1;
    }
    this.#take(chunk.subarray(from));
  }

  /** The last line, when it has no newline. */
  *end(): Generator<string | null> {
    if (this.#size > 0) yield this.#line();
  }

  #take(part: Buffer): void {
    this.#size += part.length;
    if (this.#size <= this.#limit) this.#parts.push(part);
    else this.#parts = [];
  }

  #line(): string | null {
    const line = this.#size > this.#limit ? null : Buffer.concat(this.#parts).toString('utf8');
    this.#parts = [];
    this.#size = 0;
    if (!this.#first || line === null) return line;
    this.#first = false;
    return line.replace(/^\uFEFF/, '');
  }
}

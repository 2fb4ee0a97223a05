import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const PIECE = 1024 * 1024;

/** Writes a file piece by piece, so that none of its size is ever held. */
export class Writing {
  private readonly descriptor: number;

  constructor(folder: string, name: string) {
    this.descriptor = openSync(join(folder, name), 'w');
  }

  put(content: string | Uint8Array): this {
    const bytes = Buffer.from(content as string);
    for (let at = 0; at < bytes.length; ) at += writeSync(this.descriptor, bytes, at);
    return this;
  }

  /** The same so many times. */
  repeat(content: string | Uint8Array, times: number): this {
    const one = Buffer.from(content as string);
    const count = Math.max(1, Math.floor(PIECE / one.length));
    const many = Buffer.concat(Array<Buffer>(Math.min(count, times)).fill(one));
    let left = times;
    for (; left >= count; left -= count) this.put(many);
    return this.put(many.subarray(0, left * one.length));
  }

  /** Items made one by one, with commas between them. */
  list(count: number, item: (index: number) => string): this {
    let text = '';
    for (let index = 0; index < count; index++) {
      text += index === 0 ? item(index) : `,${item(index)}`;
      if (text.length < PIECE) continue;
      this.put(text);
      text = '';
    }
    return this.put(text);
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

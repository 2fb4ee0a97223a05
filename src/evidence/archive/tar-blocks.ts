import type { Pull } from '../pull.ts';

/** Cuts a stream of bytes into the pieces that a tar archive is made of. */
export class TarBlocks {
  /** Bytes handed out so far. */
  offset = 0;
  private readonly next: Pull;
  private chunk: Uint8Array = new Uint8Array(0);

  constructor(next: Pull) {
    this.next = next;
  }

  /** Exactly `length` bytes, valid until the next call; null when there are fewer, and then they are gone. */
  async take(length: number): Promise<Uint8Array | null> {
    if (length <= this.chunk.length) return this.cut(length);
    const parts: Uint8Array[] = [];
    let left = length;
    while (left > 0) {
      const part = await this.some(left);
      if (part === null) return null;
      parts.push(new Uint8Array(part));
      left -= part.length;
    }
    return Buffer.concat(parts);
  }

  /** At most `length` bytes, valid until the next call; null at the end. */
  async some(length: number): Promise<Uint8Array | null> {
    while (this.chunk.length === 0) {
      const chunk = await this.next();
      if (chunk === null) return null;
      this.chunk = chunk;
    }
    return this.cut(Math.min(length, this.chunk.length));
  }

  /** Skips what fills the last block of content that is `length` bytes long; at the end there may be less. */
  async pad(length: number): Promise<void> {
    let left = (512 - (length % 512)) % 512;
    while (left > 0) {
      const part = await this.some(left);
      if (part === null) return;
      left -= part.length;
    }
  }

  private cut(length: number): Uint8Array {
    const bytes = this.chunk.subarray(0, length);
    this.chunk = this.chunk.subarray(length);
    this.offset += length;
    return bytes;
  }
}

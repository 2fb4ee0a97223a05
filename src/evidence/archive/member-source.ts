import { createHash } from 'node:crypto';
import type { Source } from '../source.ts';

/** The bytes of one member of an archive, hashed on the way. */
export class MemberSource implements Source {
  readonly modifiedAt: string | null;
  readonly file = null;
  readonly size = 0;
  bytes = 0;
  private readonly read: () => Promise<Uint8Array | null>;
  private readonly hash = createHash('sha256');
  private ended = false;

  /** @param read gives the member's bytes, valid until its next call; null at the end */
  constructor(read: () => Promise<Uint8Array | null>, modifiedAt: string | null) {
    this.read = read;
    this.modifiedAt = modifiedAt;
  }

  async next(): Promise<Uint8Array | null> {
    if (this.ended) return null;
    const chunk = await this.read();
    if (chunk === null) {
      this.ended = true;
      return null;
    }
    this.hash.update(chunk);
    this.bytes += chunk.length;
    return chunk;
  }

  digest(): string {
    return this.hash.digest('hex');
  }

  async close(): Promise<void> {
    this.ended = true;
  }
}

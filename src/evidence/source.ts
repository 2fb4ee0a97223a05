import { createHash } from 'node:crypto';
import { close, fstat, open, read } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const openFile = promisify(open);
const readFile = promisify(read);
const statFile = promisify(fstat);
const closeFile = promisify(close);

const CHUNK = 1024 * 1024;

/** The bytes of a file as received, hashed on the way. One buffer is used over and over. */
export class ByteSource {
  readonly modifiedAt: string | null;
  bytes = 0;
  private readonly descriptor: number;
  private owned: boolean;
  private readonly buffer = Buffer.allocUnsafe(CHUNK);
  private readonly hash = createHash('sha256');
  private ended = false;

  private constructor(descriptor: number, owned: boolean, modifiedAt: string | null) {
    this.descriptor = descriptor;
    this.owned = owned;
    this.modifiedAt = modifiedAt;
  }

  /**
   * @param file a path, or a descriptor that stays open and has no modification time
   * @throws the file system's error
   */
  static async open(file: string | number): Promise<ByteSource> {
    if (typeof file === 'number') return new ByteSource(file, false, null);
    const descriptor = await openFile(file, 'r');
    const stats = await statFile(descriptor);
    // A named pipe's time is that of its last use.
    const modifiedAt = stats.isFile() ? `${stats.mtime.toISOString().slice(0, 19)}Z` : null;
    return new ByteSource(descriptor, true, modifiedAt);
  }

  /** The next bytes, valid until the next call; null at the end. */
  async next(): Promise<Uint8Array | null> {
    if (this.ended) return null;
    const length = await this.readSome();
    if (length === 0) {
      this.ended = true;
      return null;
    }
    const chunk = this.buffer.subarray(0, length);
    this.hash.update(chunk);
    this.bytes += length;
    return chunk;
  }

  /** Hexadecimal SHA-256 of all bytes handed out; call once. */
  digest(): string {
    return this.hash.digest('hex');
  }

  async close(): Promise<void> {
    this.ended = true;
    if (!this.owned) return;
    this.owned = false;
    await closeFile(this.descriptor);
  }

  private async readSome(): Promise<number> {
    for (;;) {
      try {
        return (await readFile(this.descriptor, this.buffer, 0, CHUNK, null)).bytesRead;
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : null;
        if (code === 'EOF') return 0;
        // A standard input that was set to not block, by whoever else holds it, says so when it has nothing yet.
        if (code !== 'EAGAIN') throw error;
        await delay(5);
      }
    }
  }
}

import { createHash } from 'node:crypto';
import { close, fstat, read, type Stats } from 'node:fs';
import { promisify } from 'node:util';
import type { DataProblem } from '../errors.ts';
import type { OpenOptions } from './evidence.ts';
import { mayWait, openWithoutWaiting, PipeReader } from './pipe.ts';
import { READ_AHEAD_FROM, type ReadAhead } from './read-ahead.ts';

const readFile = promisify(read);
const statFile = promisify(fstat);
const closeFile = promisify(close);

const CHUNK = 1024 * 1024;
/** Of a file that is not that long: memory outside the heap makes the collector run, which costs more than reading it. */
const SMALLEST_CHUNK = 16 * 1024;

/** Bytes as received, hashed on the way: of a file, or of a member of an archive. */
export interface Source {
  readonly modifiedAt: string | null;
  /** How many were handed out so far. */
  readonly bytes: number;
  /** How many there are in all, where that is known beforehand; otherwise 0. */
  readonly size: number;
  /** Where the file system has the same bytes for reading in any order; null when it has not. */
  readonly file: string | null;
  /**
   * The next bytes, valid until the next call; null at the end.
   *
   * @throws SourceDamage when what holds the bytes is damaged, or the file system's error
   */
  next(): Promise<Uint8Array | null>;
  /** Hexadecimal SHA-256 of all bytes handed out; call once, at the end. */
  digest(): string | Promise<string>;
  /** Whether somebody has written to them since they were opened; call before `close`. Absent where nobody can. */
  readonly changed?: () => Promise<boolean>;
  close(): Promise<void>;
}

/** Why bytes cannot be read further, in words for the reader of a report. */
export class SourceDamage extends Error {
  readonly code: DataProblem;
  constructor(code: DataProblem, message: string) {
    super(message);
    this.name = 'SourceDamage';
    this.code = code;
  }
}

/** A file's bytes. One buffer is used over and over. */
export class ByteSource implements Source {
  readonly modifiedAt: string | null;
  readonly file: string | null;
  readonly size: number;
  bytes = 0;
  private readonly descriptor: number;
  private owned: boolean;
  private readonly buffer: Buffer;
  private readonly hash = createHash('sha256');
  /** Null where this thread reads and hashes by itself. */
  private readonly ahead: ReadAhead | null;
  /** Null where the bytes are there already. */
  private readonly pipe: PipeReader | null;
  /** Null for what is no plain file. */
  private readonly opened: Stats | null;
  private ended = false;

  private readonly onBytes: OpenOptions['onBytes'];

  private constructor(
    descriptor: number,
    file: string | null,
    modifiedAt: string | null,
    owned: boolean,
    chunk: number,
    { onBytes, stop }: OpenOptions,
    pipe: PipeReader | null,
    ahead: ReadAhead | null = null,
    opened: Stats | null = null,
  ) {
    this.descriptor = descriptor;
    this.file = file;
    this.modifiedAt = modifiedAt;
    this.size = opened?.size ?? 0;
    this.owned = owned;
    this.buffer = Buffer.allocUnsafe(ahead === null ? chunk : 0);
    this.onBytes = onBytes;
    this.ahead = ahead;
    this.opened = opened;
    this.pipe = pipe;
    if (pipe !== null) stop?.addEventListener('abort', () => pipe.close(), { once: true });
  }

  /**
   * @param file a path, or a descriptor that stays open and has no modification time
   * @throws the file system's error
   */
  static async open(file: string | number, options: OpenOptions = {}): Promise<ByteSource> {
    options.stop?.throwIfAborted();
    const descriptor = typeof file === 'number' ? file : await openWithoutWaiting(file);
    const stats = await statFile(descriptor);
    const pipe = mayWait(descriptor, stats) ? new PipeReader(descriptor) : null;
    // The request may have come while the pipe was opened; nobody would hear of it afterwards.
    if (pipe !== null && options.stop?.aborted === true) {
      pipe.close();
      throw options.stop.reason;
    }
    if (typeof file === 'number') return new ByteSource(file, null, null, false, CHUNK, options, pipe);
    // A named pipe's time is that of its last use.
    const modifiedAt = stats.isFile() ? `${stats.mtime.toISOString().slice(0, 19)}Z` : null;
    const large = stats.isFile() && stats.size >= READ_AHEAD_FROM;
    const ahead = large && options.readAhead?.begin(descriptor) === true ? options.readAhead : null;
    const chunk = stats.isFile() ? Math.min(CHUNK, Math.max(SMALLEST_CHUNK, stats.size + 1)) : CHUNK;
    const named = stats.isFile() ? file : null;
    const opened = stats.isFile() ? stats : null;
    return new ByteSource(descriptor, named, modifiedAt, true, chunk, options, pipe, ahead, opened);
  }

  async next(): Promise<Uint8Array | null> {
    if (this.ended) return null;
    const chunk = this.ahead === null ? await this.readAndHash() : await this.ahead.next();
    if (chunk === null) {
      this.ended = true;
      return null;
    }
    this.bytes += chunk.length;
    this.onBytes?.(chunk.length);
    return chunk;
  }

  digest(): string | Promise<string> {
    return this.ahead === null ? this.hash.digest('hex') : this.ahead.sha256();
  }

  readonly changed = async (): Promise<boolean> => {
    if (this.opened === null) return false;
    const { size, mtimeMs } = await statFile(this.descriptor);
    return size !== this.opened.size || mtimeMs !== this.opened.mtimeMs;
  };

  async close(): Promise<void> {
    this.ended = true;
    // It closes its descriptor, too.
    if (this.pipe !== null) return this.pipe.close();
    if (!this.owned) return;
    this.owned = false;
    await this.ahead?.end();
    await closeFile(this.descriptor);
  }

  private async readAndHash(): Promise<Uint8Array | null> {
    const chunk = this.pipe === null ? await this.readSome() : await this.pipe.next();
    if (chunk !== null) this.hash.update(chunk);
    return chunk;
  }

  private async readSome(): Promise<Uint8Array | null> {
    try {
      const { bytesRead } = await readFile(this.descriptor, this.buffer, 0, this.buffer.length, null);
      return bytesRead === 0 ? null : this.buffer.subarray(0, bytesRead);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EOF') return null;
      throw error;
    }
  }
}

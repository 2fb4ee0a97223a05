import { readSync } from 'node:fs';
import { type FileHandle, unlink } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { forget, openTemporary, temporaryBeside } from './unfinished.ts';
import { unwritable } from './write-file.ts';

/** Characters of one rank that are held before they go to disk. */
const BLOCK = 256 * 1024;

/** How items that come in another order are put in order. */
export interface Ordering<T> {
  /** 0 comes first; less than `ranks`. */
  readonly rankOf: (item: T) => number;
  readonly ranks: number;
  /** What they wait for to be written; the file in which they wait stands beside it. */
  readonly target: string;
}

/**
 * Hands `use` all items by rank, those of one rank in the order in which they came. Few are held: they wait as JSON in a
 * temporary file that is gone when `use` has ended, however it ends. So they are what JSON can hold, and come back as copies.
 * Few items make no file. `use` may go through them once.
 *
 * @throws TrustsieveError `output-unwritable` when they find no room; errors of `use` as they are.
 */
export async function inOrder<T, R>(
  items: Iterable<T>,
  { rankOf, ranks, target }: Ordering<T>,
  use: (ordered: Iterable<T>) => Promise<R>,
): Promise<R> {
  const waiting = new WaitingItems<T>(ranks, target);
  try {
    for (const item of items) {
      if (waiting.put(rankOf(item), item)) await waiting.spill(rankOf(item));
    }
    return await use(waiting.items());
  } finally {
    await waiting.remove();
  }
}

interface Block {
  readonly at: number;
  readonly bytes: number;
}

/** One file with blocks of all ranks, as they became full. */
class WaitingItems<T> {
  /** JSON, a line each. */
  private readonly held: string[];
  private readonly blocks: readonly Block[][];
  private readonly target: string;
  private file: { readonly path: string; readonly handle: FileHandle } | null = null;
  private end = 0;

  constructor(ranks: number, target: string) {
    this.target = target;
    this.held = Array.from({ length: ranks }, () => '');
    this.blocks = Array.from({ length: ranks }, () => []);
  }

  /** True when the rank holds so much that it should be spilled. */
  put(rank: number, item: T): boolean {
    const held = `${this.held[rank] ?? ''}${JSON.stringify(item)}\n`;
    this.held[rank] = held;
    return held.length >= BLOCK;
  }

  async spill(rank: number): Promise<void> {
    const bytes = Buffer.from(this.held[rank] ?? '');
    try {
      const { handle } = await this.open();
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, this.end + done);
        done += bytesWritten;
      }
    } catch (error) {
      throw unwritable(this.target, error);
    }
    this.blocks[rank]?.push({ at: this.end, bytes: bytes.length });
    this.end += bytes.length;
    this.held[rank] = '';
    // Whoever interrupts the program is heard meanwhile.
    await setImmediate();
  }

  *items(): Generator<T> {
    for (const [rank, blocks] of this.blocks.entries()) {
      for (const block of blocks) yield* parsed<T>(this.read(block));
      yield* parsed<T>(this.held[rank] ?? '');
    }
  }

  async remove(): Promise<void> {
    if (this.file === null) return;
    const { path, handle } = this.file;
    await handle.close();
    await unlink(path).catch(() => undefined);
    forget(path);
  }

  private async open(): Promise<{ readonly handle: FileHandle }> {
    if (this.file !== null) return this.file;
    const path = temporaryBeside(this.target);
    try {
      this.file = { path, handle: await openTemporary(path) };
    } catch (error) {
      forget(path);
      throw error;
    }
    return this.file;
  }

  private read({ at, bytes }: Block): string {
    const buffer = Buffer.alloc(bytes);
    for (let done = 0; done < bytes && this.file !== null; ) {
      const read = readSync(this.file.handle.fd, buffer, done, bytes - done, at + done);
      if (read === 0) throw new Error(`${this.file.path} was cut short`);
      done += read;
    }
    return buffer.toString();
  }
}

function* parsed<T>(lines: string): Generator<T> {
  for (let start = 0; start < lines.length; ) {
    const end = lines.indexOf('\n', start);
    yield JSON.parse(lines.slice(start, end)) as T;
    start = end + 1;
  }
}

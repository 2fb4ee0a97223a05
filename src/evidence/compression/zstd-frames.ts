import { FOLLOWED, type InflateEnd } from './inflate.ts';

/** Largest window, as a power of two: 32 MiB. `zstd` goes beyond with `--ultra` and `--long` only. */
export const MAX_WINDOW_LOG = 25;
const MAX_WINDOW = 2 ** MAX_WINDOW_LOG;
/** Largest block (RFC 8878, 3.1.1.2.3), as it is packed and unpacked: a block of one byte may stand for as much. */
const MAX_BLOCK = 128 * 1024;
/** Blocks let through at a time, which bounds what they unpack to. */
const MOST_BLOCKS = 64;

type State = 'magic' | 'skippable' | 'descriptor' | 'header' | 'block';

/**
 * Follows the frames of Zstandard data (RFC 8878) without decompressing them, so that a decoder is never given a frame
 * that makes it hold more than MAX_WINDOW.
 */
export class ZstdFrames {
  private state: State = 'magic';
  /** Bytes to gather before the state can be left. */
  private need = 4;
  private readonly head: number[] = [];
  private skip = 0;
  private checksum = false;
  private started = false;
  /** Blocks that began in the bytes at hand. */
  private blocks = 0;

  /** True between two frames. */
  get complete(): boolean {
    return this.state === 'magic' && this.head.length === 0 && this.skip === 0;
  }

  /**
   * Returns how many of the bytes may be decoded together: never those of two frames, and those of few blocks.
   * `end` says why none may after them.
   */
  check(bytes: Uint8Array): { readonly length: number; readonly end: InflateEnd | null } {
    this.blocks = 0;
    for (let at = 0; at < bytes.length; ) {
      if (at > 0 && (this.complete || this.blocks >= MOST_BLOCKS)) return { length: at, end: null };
      if (this.skip > 0) {
        const skipped = Math.min(this.skip, bytes.length - at);
        this.skip -= skipped;
        at += skipped;
        continue;
      }
      const begin = at - this.head.length;
      this.head.push(bytes[at++] as number);
      if (this.head.length < this.need) continue;
      const end = this.leave();
      if (end !== null) return { length: Math.max(0, begin), end };
    }
    return { length: bytes.length, end: null };
  }

  private leave(): InflateEnd | null {
    const value = this.head.reduce((sum, byte, index) => sum + byte * 256 ** index, 0);
    switch (this.state) {
      case 'magic':
        if (value === 0xfd2fb528) this.enter('descriptor', 1);
        else if (value >= 0x184d2a50 && value <= 0x184d2a5f) this.enter('skippable', 4);
        else if (this.started && value === 0) return { state: 'trailing' };
        else return { state: 'damaged', reason: this.started ? FOLLOWED : 'no frame' };
        this.started = true;
        return null;
      case 'skippable':
        this.skip = value;
        this.enter('magic', 4);
        return null;
      case 'descriptor':
        this.checksum = (value & 4) !== 0;
        this.need = headerLength(value);
        this.state = 'header';
        // The header begins with the descriptor.
        return this.need === 1 ? this.leave() : null;
      case 'header': {
        const window = windowSize(this.head);
        if (window > MAX_WINDOW) return { state: 'damaged', reason: tooLarge(window) };
        this.enter('block', 3);
        return null;
      }
      case 'block':
        return this.block(value);
    }
  }

  private block(header: number): InflateEnd | null {
    const type = (header >> 1) & 3;
    if (type === 3) return { state: 'damaged', reason: 'a block of an unknown type' };
    if (header >> 3 > MAX_BLOCK) return { state: 'damaged', reason: 'a block larger than any may be' };
    this.blocks++;
    const last = (header & 1) !== 0;
    this.skip = (type === 1 ? 1 : header >> 3) + (last && this.checksum ? 4 : 0);
    if (last) this.enter('magic', 4);
    else this.enter('block', 3);
    return null;
  }

  private enter(state: State, need: number): void {
    this.state = state;
    this.need = need;
    this.head.length = 0;
  }
}

/** Of the frame's header with its descriptor, without the magic number. */
function headerLength(descriptor: number): number {
  const single = (descriptor >> 5) & 1;
  const dictionary = [0, 1, 2, 4][descriptor & 3] as number;
  const content = [single, 2, 4, 8][descriptor >> 6] as number;
  return 1 + (1 - single) + dictionary + content;
}

function windowSize(header: readonly number[]): number {
  const descriptor = header[0] as number;
  if ((descriptor & 0x20) === 0) {
    const window = header[1] as number;
    return 2 ** (10 + (window >> 3)) * (1 + (window & 7) / 8);
  }
  // A frame of one segment is its own window; its size comes last.
  const content = [1, 2, 4, 8][descriptor >> 6] as number;
  const size = header.slice(-content).reduce((sum, byte, index) => sum + byte * 256 ** index, 0);
  return size + (content === 2 ? 256 : 0);
}

function tooLarge(window: number): string {
  const mebibytes = Math.ceil(window / 1024 / 1024);
  return `it needs a window of ${mebibytes} MiB; unpack it with \`zstd -d --long=31\``;
}

/// <reference path="./webassembly.d.ts" />

/** Bytes read at a time. */
export const CHUNK = 512 * 1024;
export const SLOTS = 8;
/** Bytes behind every chunk that belong to none: whoever scans one may put zeros there. */
const BEHIND = 64;
/** What may be left of the chunk before, and is put in front of the next one. */
const ROOM = 256 * 1024;
const SLOT = ROOM + CHUNK + BEHIND;
const PAGE = 65_536;

/**
 * Where the slots begin and end. Before them are the tables of whoever reads what lies in them, behind them its working
 * space.
 */
export const LANDING_START = 128 * PAGE;
export const LANDING_END = LANDING_START + SLOTS * SLOT;
/** More than is ever needed; only what is used takes memory. */
export const MAX_PAGES = 16_384;

/**
 * WebAssembly memory that chunks of a file are read into, each into a slot of its own, so that whoever scans them
 * need not copy them.
 */
export class Landing {
  readonly memory = new WebAssembly.Memory({
    initial: Math.ceil(LANDING_END / PAGE),
    maximum: MAX_PAGES,
    shared: true,
  });
  /** A Buffer, because searching one is native code for shared memory too. */
  private readonly bytes = Buffer.from(this.memory.buffer);

  /** The chunk in a slot, of so many bytes. */
  chunk(slot: number, length: number): Uint8Array {
    const start = chunkStart(slot);
    return this.bytes.subarray(start, start + length);
  }

  /** How many bytes may be put directly in front of these, which are of one chunk; null when they lie elsewhere. */
  roomBefore(bytes: Uint8Array): number | null {
    if (bytes.buffer !== this.bytes.buffer) return null;
    return (bytes.byteOffset - LANDING_START) % SLOT === ROOM ? ROOM : 0;
  }
}

/** Address of the chunk in a slot. */
export function chunkStart(slot: number): number {
  return LANDING_START + slot * SLOT + ROOM;
}

import { SourceDamage } from './source.ts';

const MIB = 1024 * 1024;
/** What any input may unpack to, in bytes. */
const FREE = 1024 * MIB;
/** Times its own size that an input may unpack to beyond that; exports of roles that differ reach about a hundred. */
const MOST_TIMES = 2_000;

/**
 * Counts what one input unpacks to, with all that lies in it: compressed members of compressed archives multiply, so a
 * bomb of a few kilobytes would unpack for years. What is allowed grows with the input, so the time for it does, too.
 */
export class Unpacking {
  private unpacked = 0;
  /** Size of the input, in bytes, or as much of it as was read so far. */
  private readonly packed: () => number;

  constructor(packed: () => number) {
    this.packed = packed;
  }

  /** @throws SourceDamage `unpacks-too-far` */
  add(bytes: number): void {
    this.unpacked += bytes;
    if (this.unpacked <= FREE) return;
    const packed = this.packed();
    if (this.unpacked <= packed * MOST_TIMES) return;
    const message = `unpacks to more than ${FREE / MIB} MiB and ${MOST_TIMES} times its size; unpack it to a disk if it is no bomb`;
    throw new SourceDamage('unpacks-too-far', message);
  }
}

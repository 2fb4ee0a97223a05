import type { Dice } from '../../../bench/generate-random.ts';
import { type Edit, edit } from '../edits.ts';

/** Where the footer of a Parquet file begins. */
export function parquetFooter(bytes: Buffer): number {
  return Math.max(4, bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8));
}

/** A change of the footer, of its length, or near the beginning of a page, where its header stands. */
export function mutateParquet(bytes: Buffer, dice: Dice): readonly Edit[] {
  const { length } = bytes;
  const footer = parquetFooter(bytes);
  if (dice.chance(0.1)) {
    const claimed = Buffer.alloc(4);
    claimed.writeUInt32LE(
      dice.pick([0, 1, length, length - 8, length - 12, 0x7fffffff, 0xffffffff, dice.between(0, length)]),
    );
    return [edit(length - 8, length - 4, claimed)];
  }
  const at = dice.chance(0.5) ? dice.between(footer, length - 9) : dice.between(4, footer - 1);
  const old = bytes[at] as number;
  const other =
    dice.pick([old ^ (1 << dice.between(0, 7)), old + 1, old - 1, old + 2, old - 2, 0, 0x7f, 0x80, 0xff]) &
    0xff;
  return [edit(at, at + 1, Uint8Array.of(other))];
}

/** A change of the header of an SQLite database, of one of its pages, or of the pointers to its cells. */
export function mutateSqlite(bytes: Buffer, dice: Dice): readonly Edit[] {
  const page = 4096;
  const begin = page * dice.between(0, Math.max(0, Math.floor(bytes.length / page) - 1));
  const header = begin === 0 ? 100 : 0;
  const at = dice.chance(0.3)
    ? dice.between(0, 99)
    : begin + header + dice.between(0, dice.pick([7, 30, 3000]));
  if (at >= bytes.length) return [];
  if (dice.chance(0.1)) return [edit(begin, begin + page, Buffer.alloc(page))];
  return [
    edit(
      at,
      at + 1,
      Uint8Array.of(
        dice.pick([(bytes[at] as number) ^ (1 << dice.between(0, 7)), 0, 0xff, dice.between(0, 255)]),
      ),
    ),
  ];
}

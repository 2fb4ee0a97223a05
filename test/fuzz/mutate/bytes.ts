import type { Dice } from '../../../bench/generate-random.ts';
import { type Edit, edit } from '../edits.ts';

/** Numbers at which lengths and counts break. */
const EDGES = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];
const MARKS = [
  '\0',
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\n',
  '\r\n',
  '\ufeff',
  ' ',
  '\u2028',
  "'",
  ';',
  '%',
];

/** Where the bytes are changed: anywhere, at the edges, or where something else says that it matters. */
function placeIn(length: number, dice: Dice): number {
  if (dice.chance(0.1)) return Math.min(length, dice.between(0, 16));
  if (dice.chance(0.1)) return Math.max(0, length - dice.between(0, 32));
  return dice.between(0, length);
}

/** One to three changes of bytes that know nothing of what the bytes mean. */
export function mutateBytes(bytes: Uint8Array, others: readonly Uint8Array[], dice: Dice): readonly Edit[] {
  const edits: Edit[] = [];
  for (let left = dice.pick([1, 1, 1, 2, 3]); left > 0; left--) edits.push(...oneChange(bytes, others, dice));
  return edits;
}

function oneChange(bytes: Uint8Array, others: readonly Uint8Array[], dice: Dice): readonly Edit[] {
  const { length } = bytes;
  const at = placeIn(length, dice);
  const size = Math.min(length - at, dice.pick([1, 1, 2, 4, 8, 16, 64, 256, 512]));
  const own = bytes.subarray(at, at + size);
  switch (dice.between(0, 11)) {
    case 0:
    case 1:
    case 2: {
      if (at >= length) return [];
      return [edit(at, at + 1, Uint8Array.of((bytes[at] as number) ^ (1 << dice.between(0, 7))))];
    }
    case 3:
      return [edit(at, Math.min(length, at + 1), Uint8Array.of(dice.between(0, 255)))];
    case 4:
      return [edit(at, at + size)];
    case 5:
      return [edit(at, length)];
    case 6:
      return [edit(at, at, dice.pick(MARKS))];
    case 7:
      return [edit(at, at, Buffer.concat(Array.from({ length: dice.pick([1, 2, 40]) }, () => own)))];
    case 8: {
      const far = placeIn(length, dice);
      const [first, second] = at < far ? [at, far] : [far, at];
      const block = Math.min(size, second - first, length - second);
      return [
        edit(first, first + block, bytes.slice(second, second + block)),
        edit(second, second + block, bytes.slice(first, first + block)),
      ];
    }
    case 9: {
      const other = dice.pick(others);
      const from = placeIn(other.length, dice);
      const piece = other.slice(from, from + dice.pick([16, 256, 4096, other.length]));
      return [edit(at, dice.pick([at, at + size, length]), piece)];
    }
    case 10: {
      const value = dice.pick(EDGES);
      const number = Buffer.alloc(dice.pick([1, 2, 4]));
      for (let byte = 0; byte < number.length; byte++) number[byte] = value >>> (8 * byte);
      if (dice.chance(0.5)) number.reverse();
      return [edit(at, Math.min(length, at + number.length), number)];
    }
    default:
      return [edit(at, at + size, Buffer.alloc(size, dice.pick([0, 0xff, 0x20])))];
  }
}

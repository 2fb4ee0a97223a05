import type { Dice } from '../../../bench/generate-random.ts';
import { paxRecord, tarMember, tarSum } from '../containers.ts';
import { type Edit, edit } from '../edits.ts';

const BLOCK = 512;
const NUMBERS = [0, 1, 2, 0xff, 0xffff, 0xfffe, 0x7fffffff, 0x80000000, 0xffffffff];
const TYPES = ['\0', '1', '2', '3', '5', '6', '7', 'x', 'g', 'L', 'K', 'S', 'V', 'M', 'D', 'z'];
const SIZES = [
  '00000000000\0',
  '77777777777\0',
  '00000000001\0',
  '-0000000001\0',
  '           \0',
  'zzzzzzzzzzz\0',
  '\x80\0\0\0\0\0\0\0\x00\0\x10\0',
  '\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0',
];
const NAMES = [
  '../../x',
  '/etc/x',
  '',
  'a'.repeat(100),
  'x\ny',
  '\u202e',
  'roles.json',
  'C:\\x',
  'x.zip',
  './',
];

/** Where the headers of a tar archive begin. */
function tarHeaders(bytes: Buffer): readonly number[] {
  const headers: number[] = [];
  for (let at = 0; at + BLOCK <= bytes.length; at += BLOCK) {
    if (bytes.toString('latin1', at + 257, at + 262) === 'ustar') headers.push(at);
  }
  return headers;
}

/** A change of a header, with its sum made right or not, or of whole blocks. */
export function mutateTar(bytes: Buffer, dice: Dice): readonly Edit[] {
  const headers = tarHeaders(bytes);
  if (headers.length === 0) return [];
  const at = dice.pick(headers);
  const header = Buffer.from(bytes.subarray(at, at + BLOCK));
  const block = BLOCK * dice.between(0, Math.max(0, Math.floor(bytes.length / BLOCK) - 1));
  switch (dice.between(0, 8)) {
    case 0:
      header.write(dice.pick(SIZES), 124, 'latin1');
      break;
    case 1:
      header.write(`${dice.between(0, 9_000).toString(8).padStart(11, '0')}\0`, 124);
      break;
    case 2:
      header.write(dice.pick(TYPES), 156, 'latin1');
      break;
    case 3:
      header.fill(0, 0, 100).write(dice.pick(NAMES), 0);
      break;
    case 4:
      header.write(dice.pick(['ustar  \0', '\0\0\0\0\0\0\0\0', 'ustar\x0011']), 257, 'latin1');
      break;
    case 5:
      return [edit(block, block + BLOCK)];
    case 6:
      return [
        edit(
          block,
          block,
          dice.chance(0.5) ? bytes.slice(block, block + BLOCK) : Buffer.alloc(BLOCK * dice.pick([1, 2])),
        ),
      ];
    case 7: {
      const record = dice.pick([
        paxRecord('path', dice.pick(NAMES)),
        paxRecord('size', dice.pick(['0', '1', '99999999999', '-1', 'x', ''])),
        paxRecord('GNU.sparse.major', '1'),
        Buffer.from('99999 path=x\n'),
        Buffer.from('0 =\n'),
        Buffer.from('12 path'),
      ]);
      return [edit(at, at, tarMember('pax', record, dice.pick(['x', 'x', 'g', 'L', 'K'])))];
    }
    default:
      header[dice.between(0, BLOCK - 1)] = dice.between(0, 255);
  }
  if (dice.chance(0.8)) header.write(tarSum(header), 148);
  return [edit(at, at + BLOCK, header)];
}

/** Fields of the parts of a zip archive: offset from the signature, and bytes. */
const ZIP_FIELDS: Readonly<Record<string, readonly (readonly [number, 1 | 2 | 4])[]>> = {
  'PK\x03\x04': [
    [4, 2],
    [6, 2],
    [8, 2],
    [14, 4],
    [18, 4],
    [22, 4],
    [26, 2],
    [28, 2],
  ],
  'PK\x01\x02': [
    [4, 2],
    [6, 2],
    [8, 2],
    [10, 2],
    [16, 4],
    [20, 4],
    [24, 4],
    [28, 2],
    [30, 2],
    [32, 2],
    [34, 2],
    [38, 4],
    [42, 4],
  ],
  'PK\x05\x06': [
    [4, 2],
    [6, 2],
    [8, 2],
    [10, 2],
    [12, 4],
    [16, 4],
    [20, 2],
  ],
  'PK\x06\x06': [
    [4, 4],
    [12, 2],
    [16, 4],
    [24, 4],
    [32, 4],
    [40, 4],
    [48, 4],
  ],
  'PK\x06\x07': [
    [4, 4],
    [8, 4],
    [16, 4],
  ],
  'PK\x07\x08': [
    [4, 4],
    [8, 4],
    [12, 4],
  ],
};

/** A change of one field of a header, of the directory or of its end, or of a name. */
export function mutateZip(bytes: Buffer, dice: Dice): readonly Edit[] {
  const signature = dice.pick(Object.keys(ZIP_FIELDS));
  const places: number[] = [];
  for (
    let at = bytes.indexOf(signature, 0, 'latin1');
    at !== -1;
    at = bytes.indexOf(signature, at + 1, 'latin1')
  ) {
    places.push(at);
  }
  if (places.length === 0) return [];
  const start = dice.pick(places);
  const [offset, size] = dice.pick(ZIP_FIELDS[signature] ?? []);
  const at = start + offset;
  if (at + size > bytes.length) return [];
  if (dice.chance(0.1)) return [edit(start, start + 4, dice.pick(Object.keys(ZIP_FIELDS)))];
  const old = bytes.readUIntLE(at, size);
  const value = dice.pick([
    ...NUMBERS,
    old + 1,
    old - 1,
    old ^ (1 << dice.between(0, 8 * size - 1)),
    old * 2,
  ]);
  const number = Buffer.alloc(size);
  for (let byte = 0; byte < size; byte++) number[byte] = value >>> (8 * byte);
  return [edit(at, at + size, number)];
}

/** A change at the edges of a compressed stream, where its header and sums stand. */
export function mutateFrame(bytes: Buffer, dice: Dice): readonly Edit[] {
  const { length } = bytes;
  const head = dice.between(0, Math.min(24, length - 1));
  const tail = Math.max(0, length - 1 - dice.between(0, 12));
  switch (dice.between(0, 6)) {
    case 0:
      return [edit(head, head + 1, Uint8Array.of(dice.between(0, 255)))];
    case 1:
      return [edit(tail, tail + 1, Uint8Array.of(dice.between(0, 255)))];
    case 2:
      return [edit(tail, length)];
    case 3:
      return [
        edit(
          length,
          length,
          dice.pick([
            '\0'.repeat(600),
            'x',
            bytes,
            bytes.subarray(0, head),
            '\x1f\x8b\x08',
            '(\xb5/\xfd',
            'BZh9',
          ]),
        ),
      ];
    case 4:
      return [edit(head, head, Uint8Array.of(dice.between(0, 255)))];
    case 5:
      return [edit(0, 0, bytes.slice(0, dice.pick([2, 4, 10, length])))];
    default:
      return [edit(head, head + 1)];
  }
}

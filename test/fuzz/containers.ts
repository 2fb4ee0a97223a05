import { constants, crc32, deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { bzip2 } from '../evidence/compression/bzip2.ts';

export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Seconds since 1970 of 2026-02-01, and the same as zip writes it. */
const MODIFIED = 1_769_904_000;
const DOS_TIME = (((2026 - 1980) << 9) | (2 << 5) | 1) << 16;
const BLOCK = 512;

/** The header of a member of a tar archive, with its sum. */
export function tarHeader(name: string, size: number, type = '0'): Buffer {
  const header = Buffer.alloc(BLOCK);
  header.write(name.slice(0, 100), 0);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  header.write(`${MODIFIED.toString(8).padStart(11, '0')}\0`, 136);
  header.write(type, 156);
  header.write('ustar\x0000', 257);
  header.write(tarSum(header), 148);
  return header;
}

/** The sum of a header, as it stands in it. */
export function tarSum(header: Uint8Array): string {
  let sum = 0;
  for (let at = 0; at < BLOCK; at++) sum += at >= 148 && at < 156 ? 0x20 : (header[at] as number);
  return `${sum.toString(8).padStart(6, '0')}\0 `;
}

const padded = (bytes: Uint8Array) =>
  Buffer.concat([bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)]);

export function tarMember(name: string, bytes: Uint8Array, type = '0'): Buffer {
  return Buffer.concat([tarHeader(name, bytes.length, type), padded(bytes)]);
}

/** @param how names in headers of PAX or of GNU, or as they are */
export function tar(members: readonly NamedBytes[], how: 'plain' | 'pax' | 'gnu' = 'plain'): Buffer {
  const pieces = members.flatMap(({ name, bytes }) => {
    if (how === 'pax') return [tarMember('x', paxRecord('path', name), 'x'), tarMember('short', bytes)];
    if (how === 'gnu')
      return [tarMember('././@LongLink', Buffer.from(`${name}\0`), 'L'), tarMember('short', bytes)];
    return [tarMember(name, bytes)];
  });
  return Buffer.concat([...pieces, Buffer.alloc(2 * BLOCK)]);
}

export function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + 1;
  while (String(length).length + rest !== length) length++;
  return Buffer.from(`${length} ${key}=${value}\n`);
}

export interface ZipHow {
  readonly stored?: boolean;
  readonly descriptors?: boolean;
  readonly zip64?: boolean;
}

/** A zip archive, on request with data descriptors or the fields of zip64. */
export function zip(members: readonly NamedBytes[], { stored, descriptors, zip64 }: ZipHow = {}): Buffer {
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes } of members) {
    const data = stored === true ? Buffer.from(bytes) : deflateRawSync(bytes);
    const sum = crc32(bytes);
    const common = (late: boolean) => {
      const fields = Buffer.alloc(26);
      fields.writeUInt16LE(zip64 === true ? 45 : 20, 0);
      fields.writeUInt16LE(descriptors === true ? 0x808 : 0x800, 2);
      fields.writeUInt16LE(stored === true ? 0 : 8, 4);
      fields.writeUInt32LE(DOS_TIME >>> 0, 6);
      if (!late) fields.writeUInt32LE(sum, 10);
      if (!late) fields.writeUInt32LE(data.length, 14);
      if (!late) fields.writeUInt32LE(bytes.length, 18);
      fields.writeUInt16LE(Buffer.byteLength(name), 22);
      return fields;
    };
    const local = Buffer.concat([
      Buffer.from('PK\x03\x04'),
      common(descriptors === true),
      Buffer.from(name),
      data,
    ]);
    const descriptor = Buffer.alloc(descriptors === true ? 16 : 0);
    if (descriptors === true) {
      descriptor.write('PK\x07\x08', 'latin1');
      descriptor.writeUInt32LE(sum, 4);
      descriptor.writeUInt32LE(data.length, 8);
      descriptor.writeUInt32LE(bytes.length, 12);
    }
    const extra = Buffer.alloc(zip64 === true ? 28 : 0);
    const fields = common(false);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    if (zip64 === true) {
      extra.writeUInt16LE(1, 0);
      extra.writeUInt16LE(24, 2);
      extra.writeBigUInt64LE(BigInt(bytes.length), 4);
      extra.writeBigUInt64LE(BigInt(data.length), 12);
      extra.writeBigUInt64LE(BigInt(offset), 20);
      fields.fill(0xff, 14, 22);
      fields.writeUInt16LE(extra.length, 24);
      tail.fill(0xff, 10, 14);
    }
    const made = Buffer.from([zip64 === true ? 45 : 20, 3]);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), made, fields, tail, Buffer.from(name), extra]));
    pieces.push(local, descriptor);
    offset += local.length + descriptor.length;
  }
  return Buffer.concat([...pieces, ...directory, zipEnd(directory, offset, zip64 === true)]);
}

function zipEnd(directory: readonly Buffer[], offset: number, zip64: boolean): Buffer {
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  for (const at of [8, 10]) end.writeUInt16LE(zip64 ? 0xffff : directory.length, at);
  end.writeUInt32LE(zip64 ? 0xffffffff : size, 12);
  end.writeUInt32LE(zip64 ? 0xffffffff : offset, 16);
  if (!zip64) return end;
  const wide = Buffer.alloc(56 + 20);
  wide.write('PK\x06\x06', 'latin1');
  wide.writeBigUInt64LE(44n, 4);
  wide.writeUInt16LE(45, 12);
  wide.writeUInt16LE(45, 14);
  for (const at of [24, 32]) wide.writeBigUInt64LE(BigInt(directory.length), at);
  wide.writeBigUInt64LE(BigInt(size), 40);
  wide.writeBigUInt64LE(BigInt(offset), 48);
  wide.write('PK\x06\x07', 56, 'latin1');
  wide.writeBigUInt64LE(BigInt(offset + size), 64);
  wide.writeUInt32LE(1, 72);
  return Buffer.concat([wide, end]);
}

/** How text comes in a file: each wrapping is undone by the program without a word. */
export const WRAPPINGS = {
  gzip: (bytes) => gzipSync(bytes),
  'two gzip members': (bytes) =>
    Buffer.concat([
      gzipSync(bytes.subarray(0, bytes.length >> 1)),
      gzipSync(bytes.subarray(bytes.length >> 1)),
    ]),
  // As the command `zstd` writes it; without the checksum nobody can tell damage from data.
  zstd: (bytes) => zstdCompressSync(bytes, { params: { [constants.ZSTD_c_checksumFlag]: 1 } }),
  bzip2: (bytes) => bzip2(bytes),
} as const satisfies Readonly<Record<string, (bytes: Buffer) => Buffer>>;

export type Wrapping = keyof typeof WRAPPINGS;

export const ARCHIVES = {
  tar: (members) => tar(members),
  'tar with PAX headers': (members) => tar(members, 'pax'),
  'tar with GNU names': (members) => tar(members, 'gnu'),
  'tar in gzip': (members) => gzipSync(tar(members)),
  zip: (members) => zip(members),
  'stored zip': (members) => zip(members, { stored: true }),
  'zip with data descriptors': (members) => zip(members, { descriptors: true }),
  zip64: (members) => zip(members, { zip64: true }),
  'zip in tar': (members) => tar([{ name: 'inner.zip', bytes: zip(members) }]),
} as const satisfies Readonly<Record<string, (members: readonly NamedBytes[]) => Buffer>>;

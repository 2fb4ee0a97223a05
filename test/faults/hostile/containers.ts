import type { Writing } from './writing.ts';

/** A member of a zip as its headers shall describe it, true or not. */
export interface ZipMember {
  readonly name: string;
  readonly packed: Buffer;
  readonly method: number;
  readonly size: number;
  readonly crc: number;
}

/** Writes a zip. @param shared whether all members point to the bytes of the first */
export function zipOf(out: Writing, members: readonly ZipMember[], shared = false): void {
  let at = 0;
  let directory = Buffer.alloc(0);
  const entries: Buffer[] = [];
  for (const [index, { name, packed, method, size, crc }] of members.entries()) {
    const text = Buffer.from(name);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(method, 4);
    fields.writeUInt32LE(crc, 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(size, 18);
    fields.writeUInt16LE(text.length, 22);
    const offset = shared ? 0 : at;
    if (!shared || index === 0) {
      out.put(Buffer.from('PK\u0003\u0004')).put(fields).put(text).put(packed);
      at += 4 + fields.length + text.length + packed.length;
    }
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    entries.push(Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), fields, tail, text]));
  }
  directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  out.put(directory).put(end).close();
}

/** The header of a tar member. */
export function tarHeader(name: string, size: number, type = '0', link = ''): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write('0000644\0', 100);
  header.write(`${size.toString(8).padStart(11, '0')} `.slice(-12), 124);
  header.write('00000000000 ', 136);
  header.fill(' ', 148, 156);
  header.write(type, 156);
  header.write(link, 157, 100);
  header.write('ustar\u000000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

export const tarEnd = (): Buffer => Buffer.alloc(1024);

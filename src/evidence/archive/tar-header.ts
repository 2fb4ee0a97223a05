import { TextDecoder } from 'node:util';
import { SourceDamage } from '../source.ts';

const LINE_FEED = 0x0a;

/** What extended headers say of the entry after them. */
export interface LongFields {
  readonly name?: string;
  readonly size?: number;
  /** Seconds since 1970. */
  readonly modified?: number;
  readonly sparse?: boolean;
}

/** The name in a header of 512 bytes, with the ustar prefix in front. */
export function readName(header: Uint8Array): string {
  const name = text(header.subarray(0, 100));
  // GNU's older format has other things where POSIX has the prefix, and says so by blanks after the magic.
  const posix = text(header.subarray(257, 263)) === 'ustar';
  const prefix = posix ? text(header.subarray(345, 500)) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** A number in octal digits, or, with the first bit set, in binary; null when it is neither, or too large. */
export function octal(header: Uint8Array, at: number, length: number): number | null {
  const field = header.subarray(at, at + length);
  if (((field[0] as number) & 0x80) !== 0) {
    let value = (field[0] as number) & 0x7f;
    for (const byte of field.subarray(1)) value = value * 256 + byte;
    return Number.isSafeInteger(value) ? value : null;
  }
  const digits = /^[ \0]*([0-7]*)[ \0]*$/.exec(Buffer.from(field).toString('latin1'))?.[1];
  return digits === undefined ? null : Number.parseInt(digits || '0', 8);
}

/**
 * Reads the content of an extended header, and refuses what is none: a member may have been taken for one.
 *
 * @param type `L` and `K`: GNU's long name of a member, or of what a link leads to; `x` and `g`: the pax records of one
 *   entry, or of all
 * @throws SourceDamage `archive-damaged` when it holds no name, or the records cannot be told apart
 */
export function readExtended(type: string, content: Uint8Array): LongFields {
  if (type === 'x' || type === 'g') {
    const fields = readPax(content);
    return type === 'x' ? fields : {};
  }
  // All that write it end it with a zero byte, and no name holds one.
  const end = content.indexOf(0);
  if (end < 0 || content.subarray(end).some((byte) => byte !== 0)) {
    throw new SourceDamage('archive-damaged', 'the archive is damaged: an extended header holds no name');
  }
  return type === 'L' ? { name: text(content) } : {};
}

/** Records of the form `length key=value\n`, the length counting all of it. */
function readPax(content: Uint8Array): LongFields {
  const bytes = Buffer.from(content);
  let fields: LongFields = {};
  for (let at = 0; at < bytes.length; ) {
    const written = /^(\d{1,10}) /.exec(bytes.toString('latin1', at, at + 11))?.[1] ?? '';
    const end = at + Number(written);
    const begin = at + written.length + 1;
    if (written === '' || end <= begin || end > bytes.length || bytes[end - 1] !== LINE_FEED) {
      const message = `the archive is damaged: at byte ${at} of an extended header there is no record`;
      throw new SourceDamage('archive-damaged', message);
    }
    const record = decode(bytes.subarray(begin, end - 1));
    const equals = record.indexOf('=');
    fields = { ...fields, ...paxField(record.slice(0, equals), record.slice(equals + 1)) };
    at = end;
  }
  return fields;
}

function paxField(key: string, value: string): LongFields {
  if (key === 'path') return { name: value };
  if (key === 'size' && /^\d{1,15}$/.test(value)) return { size: Number(value) };
  if (key === 'mtime' && /^\d{1,15}(\.\d*)?$/.test(value)) return { modified: Math.floor(Number(value)) };
  return key.startsWith('GNU.sparse.') ? { sparse: true } : {};
}

function text(field: Uint8Array): string {
  const end = field.indexOf(0);
  return decode(end < 0 ? field : field.subarray(0, end));
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

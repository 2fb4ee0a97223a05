import { readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type Database from 'better-sqlite3';
import { SEAL_TABLES, type Seal } from '../schema/seal-rows.ts';
import { descriptorOf, onDisk } from './held-files.ts';

const AT_ONCE = 1024 * 1024;

type Range = readonly [from: number, to: number];

/**
 * What the header of the file says of how it is written, not of what it holds: the modes of the journal, the change counter
 * and what SQLite wrote beside it (https://www.sqlite.org/fileformat.html#the_database_header).
 */
const IN_HEADER: readonly Range[] = [
  [18, 20],
  [24, 28],
  [92, 100],
];
const CHANGE_COUNTER = 24;
/** Locks are on the bytes from here on; SQLite leaves their page alone, and some systems do not let others read it. */
const LOCKED = 0x40000000;

/**
 * The checksum of the file below a connection, without the pages of the seal. In a transaction of that connection, and
 * where what it sees is all in the file and not in a log beside it. Null where the file is shorter than it says.
 */
export function sumFile(db: Database.Database): Omit<Seal, 'scans'> | null {
  const pageSize = Number(db.pragma('page_size', { simple: true }));
  const pages = Number(db.pragma('page_count', { simple: true }));
  const descriptor = descriptorOf(db);
  const left = leftOut(db, pageSize);
  const size = pages * pageSize;
  const buffer = Buffer.allocUnsafe(Math.min(AT_ONCE, size));
  let sum = 0;
  let changes = 0;
  let next = 0;
  for (let at = 0; at < size; ) {
    const until = Math.min(at + buffer.length, size, left.find(([from]) => from > at)?.[0] ?? size);
    const skipped = left[next];
    if (skipped !== undefined && skipped[0] <= at) {
      at = Math.max(at, skipped[1]);
      next++;
      continue;
    }
    if (!fill(descriptor, buffer, at, until - at)) return null;
    sum = crc32(buffer.subarray(0, until - at), sum);
    at = until;
  }
  if (size > 0) changes = changesOf(db) ?? 0;
  return { pages, crc32: sum, changes };
}

/** The change counter in the header of the file; null where the file is too short to have one. */
export function changesOf(db: Database.Database): number | null {
  const buffer = Buffer.allocUnsafe(4);
  return fill(descriptorOf(db), buffer, CHANGE_COUNTER, 4) ? buffer.readUInt32BE(0) : null;
}

/** In the order of the file. */
function leftOut(db: Database.Database, pageSize: number): readonly Range[] {
  const page = (number: number): Range => [(number - 1) * pageSize, number * pageSize];
  const roots = db
    .prepare<[string, string], number>('SELECT rootpage FROM sqlite_schema WHERE name IN (?, ?)')
    .pluck()
    .all(...SEAL_TABLES);
  const locked = LOCKED - (LOCKED % pageSize);
  return [...IN_HEADER, ...roots.map(page), [locked, locked + pageSize] as const].sort((a, b) => a[0] - b[0]);
}

/** False where the file ends before. */
function fill(descriptor: number, buffer: Buffer, at: number, length: number): boolean {
  for (let done = 0; done < length; ) {
    const read = onDisk(() => readSync(descriptor, buffer, done, length - done, at + done));
    if (read === 0) return false;
    done += read;
  }
  return true;
}

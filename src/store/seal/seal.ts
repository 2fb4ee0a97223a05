import type { Database } from 'better-sqlite3';
import { readSeal, writeSeal } from '../schema/seal-rows.ts';
import { changesOf, sumFile } from './file-sum.ts';
import { scansIn } from './scans.ts';

/**
 * What the seal of a store says of its file:
 *
 * - `intact`: every byte is as the last writer left it;
 * - `open`: nothing, for a writer is at work, was killed, or is another program;
 * - `damaged`: bytes have changed without anybody writing.
 */
export type SealState = 'intact' | 'open' | 'damaged';

/** Holds for what the connection sees at this moment: file and seal are read in one transaction. */
export function sealOf(db: Database): SealState {
  return db.transaction((): SealState => {
    const seal = readSeal(db);
    if (seal === null || seal === 'damaged') return seal ?? 'open';
    const found = sumFile(db);
    if (found === null) return 'damaged';
    if (found.changes !== seal.changes) return 'open';
    return found.pages === seal.pages && found.crc32 === seal.crc32 ? 'intact' : 'damaged';
  })();
}

/** Whether there is a checksum by which damage would have been found when the store was opened. */
export function isSealed(db: Database): boolean {
  return db.transaction((): boolean => {
    const seal = readSeal(db);
    return seal !== null && seal !== 'damaged' && seal.changes === changesOf(db);
  })();
}

/**
 * Seals what a connection has written, when that is done. Where others keep the log of the file in use for longer than
 * `patience` (milliseconds), the store stays open, and whoever writes next seals it.
 */
export function sealStore(db: Database, patience: number): 'sealed' | 'written by others' | 'read by others' {
  const isWritten = isWrittenByOthers(db);
  const latest = Date.now() + (isWritten ? 0 : patience);
  while (!attempt(db)) {
    if (Date.now() >= latest) return isWritten ? 'written by others' : 'read by others';
    pause();
  }
  return 'sealed';
}

function attempt(db: Database): boolean {
  const others = db.prepare<[], number>('SELECT data_version FROM pragma_data_version').pluck();
  const before = others.get();
  const isPlain = db.pragma('journal_mode', { simple: true }) !== 'wal';
  if (!isPlain && !isInFile(db)) return false;
  return db
    .transaction((): boolean => {
      if (others.get() !== before) return false;
      const sum = sumFile(db);
      if (sum === null) return true;
      // Without a log, the transaction that writes the seal is one more change.
      const changes = isPlain ? (sum.changes + 1) % 2 ** 32 : sum.changes;
      writeSeal(db, { ...sum, changes, scans: scansIn(db).sha256 });
      return true;
    })
    .immediate();
}

/** Whether all of the log is in the file, or is now. */
function isInFile(db: Database): boolean {
  const [done] = db.pragma('wal_checkpoint(PASSIVE)') as readonly Record<'log' | 'checkpointed', number>[];
  return done !== undefined && done.log === done.checkpointed;
}

/** A run without an end is one at work, or one that was killed. */
function isWrittenByOthers(db: Database): boolean {
  return db.prepare('SELECT 1 FROM run WHERE finished_at IS NULL').get() !== undefined;
}

/** Between two attempts to do what others are in the way of: 50 milliseconds. */
export function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
}

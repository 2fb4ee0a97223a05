import { closeSync, fstatSync, openSync, statSync } from 'node:fs';
import Sqlite, { type Database } from 'better-sqlite3';
import { errorText } from '../../text/error-text.ts';

/** Files by device and number, of the connections that are open and of the descriptors beside them. */
const connections = new Map<Database, string>();
const descriptors = new Map<number, string>();

const fileOf = ({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): string => `${dev}:${ino}`;

/** To be called for every connection to a store. */
export function holdConnection(db: Database): void {
  connections.set(db, fileOf(onDisk(() => statSync(db.name, { bigint: true }))));
}

/** What cannot be read of a store's file is no damage, but what SQLite calls an error of the disk. */
export function onDisk<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Sqlite.SqliteError(errorText(error), 'SQLITE_IOERR_READ');
  }
}

/**
 * A descriptor to read the file of a connection by. It stays open as long as this process has a connection to the file: on
 * POSIX, closing any descriptor of a file takes away all locks that the process has on it, SQLite's among them
 * (https://www.sqlite.org/howtocorrupt.html, 2.2).
 */
export function descriptorOf(db: Database): number {
  const known = [...descriptors].find(([, file]) => file === connections.get(db));
  if (known !== undefined) return known[0];
  const descriptor = onDisk(() => openSync(db.name, 'r'));
  descriptors.set(descriptor, fileOf(onDisk(() => fstatSync(descriptor, { bigint: true }))));
  return descriptor;
}

/** To be called when connections were closed. */
export function letGo(): void {
  for (const db of connections.keys()) if (!db.open) connections.delete(db);
  const held = new Set(connections.values());
  for (const [descriptor, file] of descriptors) {
    if (held.has(file)) continue;
    descriptors.delete(descriptor);
    closeSync(descriptor);
  }
}

import Database from 'better-sqlite3';
import { TrustsieveError } from '../errors.ts';
import { type NodeVersions, sqliteRefusal } from '../evidence/tables/sqlite-node.ts';
import { errorText } from '../text/error-text.ts';

/**
 * Loads SQLite's binary, so that where it cannot be loaded nothing has been written yet.
 * Errors: `platform-unsupported`.
 */
export function loadSqlite(
  open: () => Database.Database = () => new Database(':memory:'),
  versions: NodeVersions = process.versions,
): void {
  const refusal = sqliteRefusal(versions);
  if (refusal !== null) throw new TrustsieveError('platform-unsupported', refusal);
  try {
    open().close();
  } catch (error) {
    const [line = ''] = errorText(error).split('\n');
    throw new TrustsieveError(
      'platform-unsupported',
      `SQLite does not load on this machine (${process.platform}-${process.arch}), for it needs Linux with glibc 2.34 or newer (RHEL 8 and Amazon Linux 2 are older) or musl, macOS or Windows, on x64 or arm64: ${line}`,
      { cause: error },
    );
  }
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import initSqlJs from 'sql.js';
import { describe, expect, it } from 'vitest';
import { settleExposures } from '../../../src/history/report/settle-exposures.ts';
import { openStore } from '../../../src/store/index.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { roleRecord, scan, type TestFile } from '../files.ts';

/** Trust policies by role name; two such files are of one moment. */
function fileOf(path: string, roles: Readonly<Record<string, string>>): TestFile {
  const [account, capturedAt] = ['111122223333', '2026-01-01T00:00:00Z'];
  return {
    path,
    captures: [{ account, capturedAt, complete: true, reasons: [] }],
    records: Object.entries(roles).map(([roleName, policy]) =>
      roleRecord({ account, capturedAt, roleName, roleId: `AROA${roleName}`, policy, status: 'live' }),
    ),
  };
}

/** Rows in no order, as text. */
const told = (rows: readonly unknown[]): readonly string[] => rows.map((row) => JSON.stringify(row)).sort();

describe('the views of the store', () => {
  it('say the same in an older SQLite, such as systems bring along', async () => {
    const path = join(temporaryFolder(), 's.db');
    const store = openStore(path, { mode: 'write' });
    scan(store, [
      fileOf('a.json', { Open: '{"fail":1}', Guarded: '{"pass":1}' }),
      fileOf('b.json', { Open: '{"fail":2}', Guarded: '{"pass":1}' }),
    ]);
    settleExposures(store);
    store.close();

    const { Database: OlderDatabase } = await initSqlJs();
    const older = new OlderDatabase(readFileSync(path));
    const today = new Database(path, { readonly: true });
    expect(older.exec('SELECT sqlite_version()')[0]?.values).toEqual([['3.39.3']]);
    const views = today
      .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name")
      .pluck()
      .all();
    expect(views).toContain('v_current_finding');
    for (const view of views) {
      const rows = today.prepare(`SELECT * FROM ${view}`).raw().all();
      expect(told(older.exec(`SELECT * FROM ${view}`)[0]?.values ?? []), view).toEqual(told(rows));
    }
    const failing = today.prepare<[], number>('SELECT count(*) FROM v_current_finding').pluck().get();
    const disputed = today.prepare<[], number>('SELECT count(*) FROM v_disagreement').pluck().get();
    expect({ failing, disputed }).toEqual({ failing: 1, disputed: 1 });
    older.close();
    today.close();
  });
});

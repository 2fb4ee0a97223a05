import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { MAIN } from '../../cli/built.ts';
import { type HostileCase, soundExport } from './case.ts';

/** Stores that somebody added something to. */
export const STORE_CASES: readonly HostileCase[] = [
  tampered('store-trigger', 'a store with a trigger that drops what is written', [
    'CREATE TRIGGER lost AFTER INSERT ON observation BEGIN DELETE FROM observation; END',
  ]),
  tampered('store-view', 'a store whose view of findings shows nothing', [
    'DROP VIEW v_finding',
    'CREATE VIEW v_finding AS SELECT 1 AS account_id WHERE 0',
  ]),
];

function tampered(name: string, what: string, statements: readonly string[]): HostileCase {
  return {
    name,
    what,
    store: true,
    write: (folder) => {
      const earlier = join(folder, 'earlier');
      mkdirSync(earlier);
      writeFileSync(join(earlier, 'earlier.json'), soundExport('Earlier', '111122223333'));
      const db = join(folder, 'store.db');
      execFileSync(
        process.execPath,
        [MAIN, 'scan', earlier, '--db', db, '--captured-at', '2026-04-01', '--quiet'],
        { stdio: 'ignore' },
      );
      rmSync(earlier, { recursive: true });
      const store = new Database(db);
      for (const statement of statements) store.exec(statement);
      store.close();
    },
    seconds: 60,
    megabytes: 300,
    exit: 2,
    says: /the store .* is damaged/,
  };
}

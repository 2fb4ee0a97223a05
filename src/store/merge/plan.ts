import type { Database } from 'better-sqlite3';
import { isLedger } from '../schema/sql-conditions.ts';
import type { MergedRun } from './runs.ts';

/**
 * What of which store goes where, in tables that are gone with the connection, because there is a row for each file:
 *
 * - `m_run`, `m_evidence`: the numbers of runs and files in a store, and in the merged one. `roles` and `ledgers` are 1 where the file is
 *   taken from this store, as one of roles and as one of what further rules judge.
 * - `m_account`: how many rows of `capture_source` a store has of an account, and how many of them count; `alone`: nothing else
 *   does, so that what the store worked out of them holds.
 */
const TABLES = `
CREATE TEMP TABLE m_run (
  store INTEGER, old INTEGER, new INTEGER, further INTEGER, PRIMARY KEY (store, old)
) WITHOUT ROWID;
CREATE TEMP TABLE m_evidence (
  store INTEGER, old INTEGER, path TEXT, sha256 TEXT, ran INTEGER, judged INTEGER, content TEXT,
  new INTEGER, roles INTEGER DEFAULT 0, ledgers INTEGER DEFAULT 0, PRIMARY KEY (store, old)
) WITHOUT ROWID;
CREATE TEMP TABLE m_account (
  store INTEGER, account TEXT, held INTEGER, counting INTEGER, items INTEGER, alone INTEGER DEFAULT 0, PRIMARY KEY (store, account)
) WITHOUT ROWID;
CREATE INDEX m_by_account ON m_account (account);
`;

export function beginPlan(db: Database, runs: readonly MergedRun[]): void {
  db.exec(TABLES);
  const add = db.prepare('INSERT INTO m_run VALUES (?, ?, ?, ?)');
  for (const { id, of } of runs) for (const one of of) add.run(one.store, one.id, id, one.further ? 1 : 0);
}

/** Takes up the files of the store that is attached as `s`. */
export function planFiles(db: Database, store: number): void {
  db.prepare(
    `INSERT INTO m_evidence (store, old, path, sha256, ran, judged, content)
     SELECT $store, e.id, e.path, e.sha256,
       (SELECT max(r.new) FROM s.run_evidence x JOIN m_run r ON r.store = $store AND r.old = x.run_id WHERE x.evidence_id = e.id),
       coalesce(
         (SELECT max(r.new) FROM s.run_evidence x JOIN m_run r ON r.store = $store AND r.old = x.run_id AND r.further = 1
          WHERE x.evidence_id = e.id),
         (SELECT 0 FROM s.capture_source c WHERE c.evidence_id = e.id AND ${isLedger('c.account_id')} LIMIT 1)),
       json_array(e.bytes, e.format, e.account, e.captured_at, e.captured_from, e.records_read, e.records_accepted,
         e.records_superseded, e.records_duplicate, e.records_rejected, e.status, e.problems, e.problem_codes, e.whole,
         (SELECT json_group_array(json_array(c.account_id, c.captured_at, c.complete, c.reason) ORDER BY c.account_id, c.captured_at)
          FROM s.capture_source c WHERE c.evidence_id = e.id))
     FROM s.evidence e`,
  ).run({ store });
}

/**
 * Numbers the files, and decides for each from which store it is taken: as one scan after the other would have it, what the last run
 * made of it stands. Which store that is does not matter where several have that run.
 */
export function chooseFiles(db: Database): void {
  db.exec(`
    CREATE TEMP TABLE m_file (new INTEGER PRIMARY KEY, path TEXT, sha256 TEXT, UNIQUE (path, sha256));
    INSERT INTO m_file (path, sha256) SELECT DISTINCT path, sha256 FROM m_evidence ORDER BY path, sha256;
    UPDATE m_evidence SET new = (SELECT f.new FROM m_file f WHERE f.path = m_evidence.path AND f.sha256 = m_evidence.sha256);
    DROP TABLE m_file;
    UPDATE m_evidence SET roles = 1 FROM (
      SELECT store AS s, old AS o, row_number() OVER (PARTITION BY new ORDER BY ran DESC, content DESC, store) AS place FROM m_evidence
    ) WHERE place = 1 AND store = s AND old = o;
    UPDATE m_evidence SET ledgers = 1 FROM (
      SELECT store AS s, old AS o, row_number() OVER (PARTITION BY new ORDER BY judged DESC, content DESC, store) AS place FROM m_evidence
      WHERE judged IS NOT NULL
    ) WHERE place = 1 AND store = s AND old = o;
  `);
}

/** SQL: the row, of `s.capture_source` as `c` and of `m_evidence` as `e`, counts. */
export const COUNTS = `iif(${isLedger('c.account_id')}, e.ledgers, e.roles)`;

/** Takes up the accounts of the store that is attached as `s`. */
export function planAccounts(db: Database, store: number): void {
  db.prepare(
    `INSERT INTO m_account (store, account, held, counting, items)
     SELECT $store, c.account_id, count(*), sum(${COUNTS}), 0
     FROM s.capture_source c JOIN m_evidence e ON e.store = $store AND e.old = c.evidence_id GROUP BY c.account_id`,
  ).run({ store });
  if (db.prepare('SELECT 1 FROM s.config_item LIMIT 1').get() === undefined) return;
  db.prepare(
    `INSERT INTO m_account (store, account, held, counting, items)
     SELECT DISTINCT $store, account_id, 0, 0, 1 FROM s.role WHERE id IN (SELECT role FROM s.config_item)
     ON CONFLICT (store, account) DO UPDATE SET items = 1`,
  ).run({ store });
}

/** Finds out of which accounts one store tells all. */
export function chooseAccounts(db: Database): void {
  db.exec(`
    UPDATE m_account SET alone = 1 WHERE held > 0 AND held = counting
      AND NOT EXISTS (SELECT 1 FROM m_account o WHERE o.account = m_account.account AND o.store <> m_account.store
        AND (o.counting > 0 OR o.items = 1));
  `);
}

/** The accounts and ledgers that several stores tell of. */
export function sharedAccounts(db: Database): readonly string[] {
  return db
    .prepare<[], string>(
      'SELECT account FROM m_account GROUP BY account HAVING max(alone) = 0 AND sum(counting) > 0 ORDER BY account',
    )
    .pluck()
    .all();
}

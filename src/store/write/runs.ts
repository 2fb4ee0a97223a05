import type { Database } from 'better-sqlite3';
import { STALE_AFTER } from '../../model/completeness.ts';
import type { RunRow } from '../../model/report-source.ts';
import { keepLists } from '../lists/account-lists.ts';
import { saveRules } from '../lists/rules.ts';
import { unsettling } from '../schema/settled.ts';
import type { RunStart } from './run.ts';

/** Begins a run; returns its id. */
export function insertRun(db: Database, start: RunStart): number {
  return db
    .transaction((): number => {
      // A run that never came to its end was killed, or the machine went down.
      db.prepare(`UPDATE run SET status = 'interrupted' WHERE status = 'running'`).run();
      unsettling(db).run();
      saveRules(db, start.furtherRules ?? []);
      const { lastInsertRowid } = db
        .prepare(
          `INSERT INTO run (started_at, as_of, tool_version, rules, options, exceptions, stale_after, max_age, status)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'running')`,
        )
        .run(
          start.startedAt,
          start.asOf,
          start.toolVersion,
          JSON.stringify([...start.rules].sort()),
          JSON.stringify(start.options ?? null),
          JSON.stringify(start.exceptions ?? []),
          start.staleAfter ?? STALE_AFTER,
          start.maxAge ?? null,
        );
      const id = Number(lastInsertRowid);
      keepLists(db, id);
      return id;
    })
    .immediate();
}

export function finishRun(db: Database, id: number, status: RunRow['status'], finishedAt: string): void {
  db.prepare('UPDATE run SET status = ?, finished_at = ? WHERE id = ?').run(status, finishedAt, id);
}

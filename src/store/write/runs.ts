import type { Database } from 'better-sqlite3';
import { STALE_AFTER } from '../../model/completeness.ts';
import type { RunRow } from '../../model/report-source.ts';
import { keepLists } from '../lists/account-lists.ts';
import { saveRules } from '../lists/rules.ts';
import { quietly } from '../schema/quiet-changes.ts';
import { unsettling } from '../schema/settled.ts';
import type { RunStart } from './run.ts';

/** Begins a run; returns its id. */
export function insertRun(db: Database, start: RunStart): number {
  return db
    .transaction((): number => {
      // A run that never came to its end was killed, or the machine went down.
      db.prepare(`UPDATE run SET status = 'interrupted' WHERE status = 'running'`).run();
      // Another program may say something else of the same evidence.
      const last = db.prepare<[], string>('SELECT tool_version FROM run ORDER BY id DESC LIMIT 1').pluck();
      if (last.get() !== start.toolVersion) unsettling(db).all();
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
  const update = db.prepare('UPDATE run SET status = ?, finished_at = ? WHERE id = ?');
  quietly(db, () => update.run(status, finishedAt, id));
}

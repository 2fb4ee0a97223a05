import type { Database } from 'better-sqlite3';
import { STALE_AFTER } from '../../model/completeness.ts';
import type { EvidenceRow } from '../../model/evidence-row.ts';
import type { RunRow } from '../../model/report-source.ts';
import { keepLists } from '../lists/account-lists.ts';
import { saveRules } from '../lists/rules.ts';
import { quietly } from '../schema/quiet-changes.ts';
import { writing } from '../schema/seal-rows.ts';
import { unsettling } from '../schema/settled.ts';
import type { RunStart } from './run.ts';

/** Begins a run; returns its id. */
export function insertRun(db: Database, start: RunStart): number {
  return writing(db, (): number => {
    // A run that never came to its end was killed, or the machine went down.
    db.prepare(`UPDATE run SET status = 'interrupted' WHERE status = 'running'`).run();
    const rules = JSON.stringify([...start.rules].sort());
    const exceptions = JSON.stringify(start.exceptions ?? []);
    // Another program may say something else of the same evidence, and exceptions end with time.
    const last = db.prepare<[object], number>(
      `SELECT 1 FROM run WHERE id = (SELECT max(id) FROM run) AND tool_version = $toolVersion AND rules = $rules
           AND exceptions = $exceptions AND (exceptions = '[]' OR as_of = $asOf)`,
    );
    const { toolVersion, asOf } = start;
    if (last.get({ toolVersion, asOf, rules, exceptions }) === undefined) unsettling(db).all();
    saveRules(db, start.furtherRules ?? []);
    const { lastInsertRowid } = db
      .prepare(
        `INSERT INTO run (id, started_at, as_of, tool_version, rules, options, exceptions, stale_after, max_age, status)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'running')`,
      )
      .run(
        start.id ?? null,
        start.startedAt,
        asOf,
        toolVersion,
        rules,
        JSON.stringify(start.options ?? null),
        exceptions,
        start.staleAfter ?? STALE_AFTER,
        start.maxAge ?? null,
      );
    const id = Number(lastInsertRowid);
    keepLists(db, id);
    const addShard = db.prepare('INSERT INTO shard (run_id, list, parts, part) VALUES (?, ?, ?, ?)');
    for (const { list, parts, part } of start.shards ?? []) addShard.run(id, list, parts, part);
    return id;
  });
}

/** Makes files that the store has files of a run, too. */
export function joinRun(
  db: Database,
  id: number,
  files: readonly Pick<EvidenceRow, 'path' | 'sha256'>[],
): void {
  const join = db.prepare(
    `INSERT OR IGNORE INTO run_evidence (run_id, evidence_id)
     SELECT ?, id FROM evidence WHERE path = ? AND sha256 = ?`,
  );
  writing(db, () => {
    for (const { path, sha256 } of files) join.run(id, path, sha256);
  });
}

export function finishRun(db: Database, id: number, status: RunRow['status'], finishedAt: string): void {
  const update = db.prepare('UPDATE run SET status = ?, finished_at = ? WHERE id = ?');
  writing(db, () => quietly(db, () => update.run(status, finishedAt, id)));
}

/** How a run ended, where it is known already when. */
export function endRun(db: Database, id: number, status: RunRow['status']): void {
  const update = db.prepare('UPDATE run SET status = ? WHERE id = ?');
  writing(db, () => quietly(db, () => update.run(status, id)));
}

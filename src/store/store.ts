import type { Database } from 'better-sqlite3';
import type { MemberList } from '../audit/account-lists.ts';
import type { AccountRelations } from '../audit/relations.ts';
import type { PolicyVerdict } from '../audit/verdict.ts';
import { TrustsieveError } from '../errors.ts';
import { keepFirstLists, keepLists } from './account-lists.ts';
import { closeDatabase, openDatabase, type StoreMode } from './connection.ts';
import { type Dictionary, openDictionary } from './dictionary.ts';
import { type Fold, openFold } from './fold.ts';
import { forgetRun } from './forget.ts';
import { damageOf } from './health.ts';
import { ledgerId } from './ledger.ts';
import { saveMembers } from './members.ts';
import { openReader, type StoreReader } from './reader.ts';
import { loadRelations, saveRelations } from './relations.ts';
import { saveRules } from './rules.ts';
import { type EvidenceWriter, type Run, type RunStart, reconcile } from './run.ts';
import { PolicyMemo, type StagedPolicy } from './staged-policy.ts';
import { STAGING_LIMITS, Staging, type StagingLimits } from './staging.ts';
import { guarded, guardedReading } from './store-error.ts';
import { type RunRow, STALE_AFTER } from './types.ts';

/** A stored trust policy. */
export interface PolicyRow extends StagedPolicy {
  readonly id: number;
}

/** The results of all runs in one SQLite file. What goes wrong in it throws `TrustsieveError`. */
export interface Store {
  readonly path: string;
  readonly reader: StoreReader;
  /**
   * The reader of a moment in evidence time (a column time): wherever the whole store is asked for, what it would have
   * said had it seen nothing later.
   */
  readerAt(time: string): StoreReader;
  beginRun(start: RunStart): Run;
  saveRelations(relations: AccountRelations): void;
  relations(): AccountRelations;
  /** Replaces the member list; see `members` of the reader. */
  saveMembers(list: MemberList): void;
  /** Adds or replaces one verdict; `account` is '' when it holds for every account the policy does not mention. */
  saveVerdict(policyId: number, account: string, verdict: PolicyVerdict): void;
  /** All trust policies by id, streamed. */
  policies(): Iterable<PolicyRow>;
  /** By id. */
  listRuns(): readonly RunRow[];
  /** What a full check of the file finds wrong, one line each; it takes as long as reading all of the file. */
  damage(): readonly string[];
  /**
   * Takes a run back: what only its files showed is as if never scanned. Returns how many files that were.
   * Errors: `not-found` for an unknown run.
   */
  forgetRun(id: number): number;
  close(): void;
}

export interface StoreOptions {
  /** `write` makes the file when there is none. */
  readonly mode: StoreMode;
  readonly limits?: StagingLimits;
}

/** Errors: `store-not-found`, `store-version`, `store-unwritable`, `store-damaged`. */
export function openStore(path: string, { mode, limits = STAGING_LIMITS }: StoreOptions): Store {
  const db = openDatabase(path, mode);
  let dictionary: Dictionary | undefined;
  let fold: Fold | undefined;
  let files = 0;

  const writer = (): Fold => {
    if (mode === 'read') throw new TrustsieveError('internal', `the store \`${path}\` is open for reading`);
    fold ??= openFold(db, words());
    return fold;
  };
  const words = (): Dictionary => {
    dictionary ??= openDictionary(db, new PolicyMemo(limits.policyCharacters));
    return dictionary;
  };

  function evidenceWriter(run: number, withEntities: boolean): EvidenceWriter {
    const staging = new Staging(db, files++, words(), limits);
    const entities = withEntities ? new Staging(db, files++, words(), limits) : null;
    const needed = (): Staging => {
      if (entities === null) throw new TrustsieveError('internal', 'an entity came without a rule for it');
      return entities;
    };
    return {
      add: (record, evaluated) => guarded(path, () => staging.add(record, evaluated)),
      reject: (reject) => guarded(path, () => staging.reject(reject)),
      entity: (record, outcomes) => guarded(path, () => needed().addEntity(record, outcomes)),
      entityCapture: (type, capture) =>
        guarded(path, () => needed().claim({ ...capture, account: ledgerId(capture.account, type) })),
      finish: (outcome) =>
        guarded(path, () => {
          for (const capture of outcome.captures) staging.claim(capture);
          const row = reconcile(outcome, staging);
          // All rows have their numbers before the transaction begins.
          entities?.distinct();
          words().commit();
          writer().fold(staging, entities, row, run);
          clear();
          return row;
        }),
      abandon: () => guarded(path, clear),
    };

    function clear(): void {
      staging.clear();
      entities?.clear();
    }
  }

  return {
    path,
    reader: guardedReading(path, openReader(db, null)),
    readerAt: (time) =>
      guardedReading(
        path,
        guarded(path, () => openReader(db, time)),
      ),
    beginRun: (start) =>
      guarded(path, () => {
        writer();
        words().commit();
        // Other rules may judge now, so nothing that was saved before counts as saved.
        words().forget();
        words().verdicts.judgeBy(start.ruleDigests ?? {});
        const id = insertRun(db, start);
        return {
          id,
          evidence: () => evidenceWriter(id, (start.furtherRules ?? []).length > 0),
          finish: (status, finishedAt) =>
            guarded(path, () => {
              words().commit();
              finishRun(db, id, status, finishedAt);
            }),
        };
      }),
    saveRelations: (relations) =>
      guarded(path, () => {
        dictionary?.commit();
        keepFirstLists(db);
        saveRelations(db, relations);
      }),
    saveMembers: (list) =>
      guarded(path, () => {
        keepFirstLists(db);
        saveMembers(db, list);
      }),
    saveVerdict: (policyId, account, verdict) =>
      guarded(path, () => {
        const { verdicts, commit } = words();
        commit();
        db.transaction(() => verdicts.saveOne(policyId, account, verdict)).immediate();
      }),
    ...guardedReading(path, {
      relations: () => loadRelations(db),
      policies: () =>
        db
          .prepare<[], PolicyRow>(
            `SELECT id, sha256, state, document, detail FROM policy WHERE state <> 'outcomes' ORDER BY id`,
          )
          .iterate(),
      listRuns: () => listRuns(db),
      damage: () => damageOf(db, 'full'),
    }),
    forgetRun: (id) =>
      guarded(path, () => {
        const { rebuild } = writer();
        words().commit();
        return forgetRun(db, id, rebuild);
      }),
    close() {
      try {
        dictionary?.commit();
      } catch {
        // Whoever ran into it has thrown already; what was not committed is of no file.
      }
      closeDatabase(db);
    },
  };
}

function insertRun(db: Database, start: RunStart): number {
  return db
    .transaction((): number => {
      // A run that never came to its end was killed, or the machine went down.
      db.prepare(`UPDATE run SET status = 'interrupted' WHERE status = 'running'`).run();
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

function finishRun(db: Database, id: number, status: RunRow['status'], finishedAt: string): void {
  db.prepare('UPDATE run SET status = ?, finished_at = ? WHERE id = ?').run(status, finishedAt, id);
}

function listRuns(db: Database): readonly RunRow[] {
  return db
    .prepare<[], RunRow>(
      `WITH period AS (
         SELECT x.run_id, min(s.captured_at) AS "from", max(s.captured_at) AS "to"
         FROM run_evidence x JOIN capture_source s USING (evidence_id) GROUP BY x.run_id
       )
       SELECT r.id, r.started_at AS startedAt, r.finished_at AS finishedAt, r.as_of AS asOf,
         r.tool_version AS toolVersion, r.status, count(e.id) AS files, coalesce(sum(e.records_read), 0) AS records,
         p."from" || 'Z' AS evidenceFrom, p."to" || 'Z' AS evidenceTo
       FROM run r LEFT JOIN run_evidence x ON x.run_id = r.id LEFT JOIN evidence e ON e.id = x.evidence_id
       LEFT JOIN period p ON p.run_id = r.id
       GROUP BY r.id ORDER BY r.id`,
    )
    .all();
}

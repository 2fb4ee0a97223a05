import { TrustsieveError } from '../errors.ts';
import type { MemberList } from '../model/account-lists.ts';
import type { AccountRelations } from '../model/relations.ts';
import type { RunRow } from '../model/report-source.ts';
import type { PolicyVerdict } from '../model/verdict.ts';
import { type Closed, closeDatabase } from './closing.ts';
import { openDatabase, type StoreMode } from './connection.ts';
import { keepFirstLists, loadRelations, saveMembers, saveRelations } from './lists/account-lists.ts';
import { openReader, type StoreReader } from './read/reader.ts';
import { listRuns } from './read/runs.ts';
import { damageOf } from './schema/health.ts';
import { isSealed } from './seal/seal.ts';
import { guarded, guardedReading } from './store-error.ts';
import type { ExposureWriter } from './write/exposures.ts';
import type { Run, RunStart } from './write/run.ts';
import { endRun } from './write/runs.ts';
import type { StagedPolicy } from './write/staged-policy.ts';
import { STAGING_LIMITS, type StagingLimits } from './write/staging.ts';
import { StoreWriter } from './write/store-writer.ts';

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
  /** What was saved; the reader's relations have what organisation evidence says besides. */
  relations(): AccountRelations;
  /** Replaces the member list; see `members` of the reader. */
  saveMembers(list: MemberList): void;
  /** Adds or replaces one verdict; `account` is '' when it holds for every account the policy does not mention. */
  saveVerdict(policyId: number, account: string, verdict: PolicyVerdict): void;
  /** All trust policies by id, streamed. */
  policies(): Iterable<PolicyRow>;
  /** By id. */
  listRuns(): readonly RunRow[];
  /** Says how a run ended of which that was not known. */
  endRun(id: number, status: 'complete' | 'incomplete'): void;
  /** What a full check of the file finds wrong, one line each; it takes as long as reading all of the file. */
  damage(): readonly string[];
  /**
   * Whether the file carries the checksum that tells damage. It does not while somebody writes to it, and until the next
   * writer has closed it when one was killed, met a failing disk or is another program.
   */
  isSealed(): boolean;
  /**
   * Takes a run back: what only its files showed is as if never scanned. Returns how many files that were.
   * Errors: `not-found` for an unknown run.
   */
  forgetRun(id: number): number;
  /**
   * Writes what the views say of roles beside the verdicts on their trust policies, in one transaction. What changes since is
   * taken away again with whatever it hangs on, account by account, so it is to be called at the end of a run, and when one
   * was forgotten.
   */
  settleExposures(work: (writer: ExposureWriter) => void): void;
  /** Errors: `store-unwritable` when the disk fails meanwhile; the store is closed, and nothing that was kept is lost. */
  close(): Closed;
}

export interface StoreOptions {
  /** `write` makes the file when there is none. */
  readonly mode: StoreMode;
  readonly limits?: StagingLimits;
}

/** Errors: `store-not-found`, `store-version`, `store-unwritable`, `store-damaged`. */
export function openStore(path: string, { mode, limits = STAGING_LIMITS }: StoreOptions): Store {
  const db = openDatabase(path, mode);
  const writer = new StoreWriter(db, path, limits);
  return {
    path,
    reader: guardedReading(path, openReader(db, null)),
    readerAt: (time) =>
      guardedReading(
        path,
        guarded(path, () => openReader(db, time)),
      ),
    beginRun: (start) => guarded(path, () => writer.beginRun(start)),
    saveRelations: (relations) =>
      guarded(path, () => {
        writer.commit();
        keepFirstLists(db);
        saveRelations(db, relations);
      }),
    saveMembers: (list) =>
      guarded(path, () => {
        keepFirstLists(db);
        saveMembers(db, list);
      }),
    saveVerdict: (policyId, account, verdict) =>
      guarded(path, () => writer.saveVerdict(policyId, account, verdict)),
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
      isSealed: () => isSealed(db),
    }),
    endRun: (id, status) => guarded(path, () => endRun(db, id, status)),
    forgetRun: (id) => guarded(path, () => writer.forgetRun(id)),
    settleExposures: (work) => guarded(path, () => writer.settleExposures(work)),
    close() {
      try {
        writer.commit();
      } catch {
        // Whoever ran into it has thrown already; what was not committed is of no file.
      }
      return closeDatabase(db);
    },
  };
}

/**
 * Opens a store to say something of what it holds. One that no scan has filled, as when the first was killed at its
 * beginning, is refused: an empty answer would look clean.
 */
export function openScannedStore(path: string): Store {
  const store = openStore(path, { mode: 'read' });
  if (store.listRuns().length > 0) return store;
  store.close();
  throw new TrustsieveError('not-found', `the store \`${path}\` holds no scan yet: scan evidence first`);
}

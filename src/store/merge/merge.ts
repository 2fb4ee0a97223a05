import { chmodSync, closeSync, fsyncSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';
import { TrustsieveError } from '../../errors.ts';
import { closeDatabase } from '../closing.ts';
import { openDatabase } from '../connection.ts';
import { Fold } from '../fold/fold.ts';
import { letGo } from '../seal/held-files.ts';
import { asStoreError } from '../store-error.ts';
import { openPolicies } from '../write/policies.ts';
import { addFacts, copyAccounts, type Names } from './facts.ts';
import type { Input } from './input.ts';
import { toldInRuns, writeLists } from './lists.ts';
import { refuseMending } from './mended.ts';
import { addNames, addRulesAndAccounts, addVerdicts } from './names.ts';
import { beginPlan, chooseAccounts, chooseFiles, planAccounts, planFiles, sharedAccounts } from './plan.ts';
import { refuseUnlike, refuseUnlikeShards } from './refuse.ts';
import { runsOfInput } from './run-of-input.ts';
import { type MergedRun, mergeRuns } from './runs.ts';
import { addSightings } from './sightings.ts';

export interface MergeOptions {
  /** The new store: no file may be there. */
  readonly file: string;
  /** What it is called in messages. */
  readonly shownAs: string;
  /** A path that several stores name is one place. */
  readonly samePaths: boolean;
}

/** A run whose shards were read apart; how it ended is known only when all of them are together. */
export interface ShardedRun {
  readonly id: number;
  readonly asOf: string;
}

/**
 * Writes what the stores hold together into a new one, as if one scan after the other had filled it, in the order of time. Hands over
 * every now and then, so that the caller can stop. Views are not settled yet.
 *
 * Errors: `usage` and `not-found` for what cannot be merged, `store-damaged`, `store-unwritable`.
 *
 * @returns the runs whose shards were read apart
 */
export function* mergeStores(
  inputs: readonly Input[],
  options: MergeOptions,
): Generator<void, readonly ShardedRun[]> {
  const runs = planRuns(inputs);
  yield;
  const db = openDatabase(options.file, 'write');
  // The store that a statement reads, for messages.
  let reading: Input | null = null;
  let isWhole = false;
  function* each(work: (store: number) => Iterable<void> | void): Generator<void> {
    for (const [store, input] of inputs.entries()) {
      reading = input;
      db.prepare('ATTACH ? AS s').run(input.file);
      yield* work(store) ?? [];
      db.exec('DETACH s');
      reading = null;
      yield;
    }
  }
  try {
    // Until it is whole nobody needs it, so nothing has to be taken back.
    db.pragma('main.journal_mode = OFF');
    db.pragma('synchronous = OFF');
    db.pragma(`cache_size = -${CACHE_KIBIBYTES}`);
    beginPlan(db, runs);
    yield* each((store) => planFiles(db, store));
    chooseFiles(db);
    yield* each((store) => planAccounts(db, store));
    chooseAccounts(db);
    db.exec('BEGIN');
    writeRuns(db, runs);
    db.exec('COMMIT');
    yield* each(function* (store) {
      db.exec('BEGIN');
      yield* addStore(db, store);
      db.exec('COMMIT');
    });
    const fold = new Fold(db, { policies: openPolicies(db) });
    for (const account of sharedAccounts(db)) {
      db.transaction(() => fold.rebuild(account))();
      yield;
    }
    fold.settle();
    writeLists(
      db,
      runs,
      inputs.map(({ read }) => read(toldInRuns)),
    );
    if (!options.samePaths) refuseMending(db, runs, inputs);
    for (const input of inputs) input.unchanged();
    isWhole = true;
  } catch (error) {
    throw asMergeError(error, options.shownAs, reading);
  } finally {
    if (!isWhole) {
      db.close();
      letGo();
    }
  }
  closeDatabase(db);
  return runs.flatMap(shardedRun);
}

const CACHE_KIBIBYTES = 32 * 1024;

function planRuns(inputs: readonly Input[]): readonly MergedRun[] {
  refuseUnlike(inputs);
  const runs = mergeRuns(inputs.map(({ read }, store) => read((db) => runsOfInput(db, store))));
  refuseUnlikeShards(runs, inputs);
  return runs;
}

function* addStore(db: Database.Database, store: number): Generator<void> {
  addRulesAndAccounts(db);
  const names: Names = {
    policies: addNames(db, 'policy'),
    roles: addNames(db, 'role'),
    details: addNames(db, 'role_detail'),
    managed: addNames(db, 'managed_policy'),
    documents: addNames(db, 'managed_policy_document'),
    holders: addNames(db, 'policy_holder'),
  };
  yield;
  addVerdicts(db, names.policies);
  yield;
  addFacts(db, store, names);
  yield;
  yield* addSightings(db, store, names);
  copyAccounts(db, store, names);
}

function writeRuns(db: Database.Database, runs: readonly MergedRun[]): void {
  const add = db.prepare(
    `INSERT INTO run (id, started_at, finished_at, as_of, tool_version, rules, options, exceptions, stale_after, max_age, status)
     VALUES ($id, $startedAt, $finishedAt, $asOf, $toolVersion, $rules, $options, $exceptions, $staleAfter, $maxAge, $status)`,
  );
  const addShard = db.prepare('INSERT INTO shard (run_id, list, parts, part) VALUES (?, ?, ?, ?)');
  for (const { id, columns, shard } of runs) {
    add.run({ id, ...columns });
    for (const part of shard?.read ?? []) addShard.run(id, shard?.list, shard?.parts, part);
  }
}

function shardedRun({ id, columns, isSet }: MergedRun): readonly ShardedRun[] {
  return isSet ? [{ id, asOf: columns.asOf }] : [];
}

/** What goes wrong with a store that is read names that store; all else is about the one that is written. */
function asMergeError(error: unknown, shownAs: string, reading: Input | null): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  if (/^SQLITE_(?:FULL|IOERR_WRITE|IOERR_FSYNC|IOERR_TRUNCATE)/.test(error.code)) {
    return new TrustsieveError(
      'store-unwritable',
      `cannot write the store \`${shownAs}\`: the disk is full; make room there and in the folder for temporary files, and merge again`,
      { cause: error },
    );
  }
  return asStoreError(reading?.path ?? shownAs, error);
}

/** Makes sure that a file is on disk, readable by its owner only. */
export function secure(file: string): void {
  chmodSync(file, 0o600);
  const handle = openSync(file, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { AccountRelations } from '../../../src/model/relations.ts';
import { mergeStores, openInput, openStore, removeDatabase } from '../../../src/store/index.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { type Dump, dumpStore } from '../dump.ts';
import { RULE, type TestFile, writeFile } from '../files.ts';

/** One scan of a history, as a test describes it. */
export interface TestRun {
  /** Seconds after the first. */
  readonly at: number;
  readonly files: readonly TestFile[];
  readonly lists?: 'organisation' | 'vendors' | 'both' | undefined;
  readonly ends?: 'complete' | 'interrupted' | 'killed';
  readonly paths?: readonly string[];
  readonly shard?: { readonly list: string; readonly parts: number; readonly part: number };
  readonly asOf?: string;
  readonly toolVersion?: string;
}

const folder = temporaryFolder();
let made = 0;

export function fresh(): string {
  return join(folder, `${made++}.db`);
}

export const momentOf = (at: number): string =>
  new Date(Date.UTC(2030, 0, 1) + at * 1000).toISOString().replace('.000', '');

const ORGANISATION = ['000000000001', '000000000002'];

/** Scans one after the other into one store. */
export function storeOf(runs: readonly TestRun[], path = fresh()): string {
  for (const given of runs) {
    const store = openStore(path, { mode: 'write' });
    saveLists(store, given);
    const run = store.beginRun({
      startedAt: momentOf(given.at),
      asOf: given.asOf ?? momentOf(0),
      toolVersion: given.toolVersion ?? '1.2.3',
      rules: [RULE],
      options: { paths: given.paths ?? [`scan-${given.at}`], receivedAt: momentOf(given.at) },
    });
    for (const file of given.files) writeFile(run, file);
    if (given.ends !== 'killed') run.finish(given.ends ?? 'complete', momentOf(given.at + 1));
    store.close();
    const { shard } = given;
    if (shard === undefined) continue;
    const db = new Database(path);
    db.prepare('INSERT INTO shard VALUES (?, ?, ?, ?)').run(run.id, shard.list, shard.parts, shard.part);
    db.close();
  }
  return path;
}

function saveLists(store: ReturnType<typeof openStore>, { at, lists }: TestRun): void {
  if (lists === undefined) return;
  const before = store.relations();
  const isOwn = (relation: string): boolean => relation === 'same-organisation';
  const accounts = new Map(
    [...before.accounts].filter(
      ([, { relation }]) => lists !== 'both' && isOwn(relation) !== (lists === 'organisation'),
    ),
  );
  if (lists !== 'vendors') {
    const members = ORGANISATION.map((account) => ({ account, name: `own ${at}`, status: 'ACTIVE' }));
    store.saveMembers({ members, whole: true });
    for (const account of ORGANISATION)
      accounts.set(account, { name: `own ${at}`, relation: 'same-organisation' });
  }
  if (lists !== 'organisation')
    accounts.set('999988887777', { name: `vendor ${at}`, relation: 'third-party' });
  const relations: AccountRelations = {
    accounts,
    organisationKnown: lists !== 'vendors' || before.organisationKnown,
  };
  store.saveRelations(relations);
}

/** Merges to the end; returns where. */
export function merged(paths: readonly string[], samePaths = true, out = fresh()): string {
  const copies: string[] = [];
  const temporary = (): string => {
    copies.push(fresh());
    return copies.at(-1) as string;
  };
  const inputs = paths.map((path) => openInput(path, temporary));
  try {
    const steps = mergeStores(inputs, { file: out, shownAs: 'all.db', samePaths });
    let step = steps.next();
    while (step.done !== true) step = steps.next();
  } finally {
    for (const input of inputs) input.close();
    for (const copy of copies) removeDatabase(copy);
  }
  return out;
}

/** All that a store holds, and what the order of its runs decides. */
export function held(
  path: string,
): Dump &
  Record<'runs' | 'runFiles' | 'lists' | 'shards' | 'accounts' | 'settings' | 'mended', readonly unknown[]> {
  const facts = dumpStore(path);
  const db = new Database(path, { readonly: true });
  try {
    const rows = (sql: string): readonly unknown[] => db.prepare(sql).raw().all();
    const number = 'row_number() OVER (ORDER BY id)';
    return {
      ...facts,
      runs: rows(`SELECT ${number}, started_at, finished_at, as_of, tool_version, rules, options, exceptions, stale_after, max_age,
        iif(status = 'running', 'interrupted', status) FROM run ORDER BY id`),
      runFiles: rows(`WITH n AS (SELECT id, ${number} AS place FROM run)
        SELECT n.place, e.path, e.sha256 FROM run_evidence x JOIN n ON n.id = x.run_id JOIN evidence e ON e.id = x.evidence_id ORDER BY 1, 2, 3`),
      lists: rows(
        `WITH n AS (SELECT id, ${number} AS place FROM run) SELECT n.place, list FROM account_list JOIN n ON n.id = run_id ORDER BY 1`,
      ),
      shards: rows(
        `WITH n AS (SELECT id, ${number} AS place FROM run) SELECT n.place, list, parts, part FROM shard JOIN n ON n.id = run_id ORDER BY 1, 2, 3, 4`,
      ),
      accounts: rows('SELECT id, name, relation FROM account ORDER BY 1'),
      settings: rows(
        'SELECT organisation_known, members FROM setting UNION ALL SELECT account_id, name FROM member ORDER BY 1',
      ),
      mended: rows('SELECT path, sha256 FROM v_missing_evidence ORDER BY 1, 2'),
    };
  } finally {
    db.close();
  }
}

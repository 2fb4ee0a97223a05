import { createHash } from 'node:crypto';
import Database from 'better-sqlite3';
import type { Shard } from '../../model/completeness.ts';
import { type AccountListsThen, keptLists } from '../lists/account-lists.ts';
import type { StoredRule } from '../lists/rules.ts';
import { readSeal, SEAL_TABLES } from '../schema/seal-rows.ts';
import { loadSqlite } from '../sqlite-binary.ts';

/** A scan as the store kept it: all that is needed to repeat it, given the evidence. */
export interface StoredScan {
  readonly id: number;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly asOf: string;
  readonly status: string;
  /** Ids. */
  readonly rules: readonly string[];
  /** As given to `RunStart`. */
  readonly options: unknown;
  readonly exceptions: readonly unknown[];
  readonly staleAfter: number;
  readonly maxAge: number | null;
  /** The lists of accounts from this run on; null: those of the run before. */
  readonly lists: AccountListsThen | null;
  readonly shards: readonly Shard[];
  readonly evidence: readonly StoredEvidence[];
}

export interface StoredEvidence {
  readonly path: string;
  /** Empty: it could not be read. */
  readonly sha256: string;
  readonly bytes: number;
  /** A column time. */
  readonly capturedAt: string | null;
}

/** What can still be read of the scans of a store. */
export interface SavedScans {
  /** By id. */
  readonly scans: readonly StoredScan[];
  readonly rules: readonly StoredRule[];
  /** Whether this is, to the last letter, what was there when the store was sealed. */
  readonly isProven: boolean;
}

const ROWS = {
  runs: `SELECT id, started_at, finished_at, as_of, status, rules, options, exceptions, stale_after, max_age
    FROM run ORDER BY id`,
  rules: 'SELECT id, kind, unjudged, metadata FROM rule ORDER BY id',
  lists: 'SELECT run_id, list FROM account_list ORDER BY run_id',
  shards: 'SELECT run_id, list, parts, part FROM shard ORDER BY run_id, list, parts, part',
  evidence: `SELECT x.run_id, e.path, e.sha256, e.bytes, e.captured_at
    FROM run_evidence x JOIN evidence e ON e.id = x.evidence_id ORDER BY x.run_id, x.evidence_id`,
} as const;

type Row = Readonly<Record<string, string | number | null>>;
type Rows = Record<keyof typeof ROWS, Row[]>;

/**
 * The SHA-256 of what the store says of its scans, so that repair knows whether damage has spared it.
 *
 * @param onRow is told of every row; where it is given, what cannot be read is left out, and `isWhole` says so
 */
export function scansIn(
  db: Database.Database,
  onRow?: (of: keyof typeof ROWS, row: Row) => void,
): { readonly sha256: string; readonly isWhole: boolean } {
  const hash = createHash('sha256');
  let isWhole = true;
  for (const [of, sql] of Object.entries(ROWS) as [keyof typeof ROWS, string][]) {
    try {
      for (const row of db.prepare<[], Row>(sql).iterate()) {
        hash.update(`${JSON.stringify(row)}\n`);
        onRow?.(of, row);
      }
    } catch (error) {
      if (onRow === undefined) throw error;
      isWhole = false;
    }
  }
  return { sha256: hash.digest('hex'), isWhole };
}

/** Reads what is left of a damaged store; null when that is no scan. */
export function scansOf(path: string): SavedScans | null {
  loadSqlite();
  let db: Database.Database | undefined;
  try {
    db = new Database(path, { readonly: true, fileMustExist: true });
    const rows: Rows = { runs: [], rules: [], lists: [], shards: [], evidence: [] };
    const { sha256, isWhole } = scansIn(db, (of, row) => rows[of].push(row));
    const scans = rows.runs.map((run) => attempt(() => scanOf(run, rows)));
    const rules = rows.rules.map((rule) => attempt(() => ruleOf(rule)));
    const found = scans.filter((scan) => scan !== null);
    if (found.length === 0) return null;
    return {
      scans: found,
      rules: rules.filter((rule) => rule !== null),
      isProven: isWhole && sealedScans(db).includes(sha256) && !scans.includes(null) && !rules.includes(null),
    };
  } catch {
    return null;
  } finally {
    db?.close();
  }
}

/** What either of the two rows of the seal says. */
function sealedScans(db: Database.Database): readonly (string | null)[] {
  const seal = attempt(() => readSeal(db));
  if (seal !== 'damaged') return [seal?.scans ?? null];
  return SEAL_TABLES.map((table) =>
    attempt(() => db.prepare<[], string | null>(`SELECT scans FROM ${table}`).pluck().get() ?? null),
  );
}

function scanOf(run: Row, rows: Rows): StoredScan {
  const id = Number(run['id']);
  const own = (of: Row[]): Row[] => of.filter((row) => row['run_id'] === id);
  const [list] = own(rows.lists);
  return {
    id,
    startedAt: String(run['started_at']),
    finishedAt: textOf(run['finished_at']),
    asOf: String(run['as_of']),
    status: String(run['status']),
    rules: JSON.parse(String(run['rules'])) as readonly string[],
    options: JSON.parse(String(run['options'])),
    exceptions: JSON.parse(String(run['exceptions'])) as readonly unknown[],
    staleAfter: Number(run['stale_after']),
    maxAge: run['max_age'] == null ? null : Number(run['max_age']),
    lists: list === undefined ? null : keptLists(String(list['list'])),
    shards: own(rows.shards).map(({ list: of, parts, part }) => ({
      list: String(of),
      parts: Number(parts),
      part: Number(part),
    })),
    evidence: own(rows.evidence).map((row) => ({
      path: String(row['path']),
      sha256: String(row['sha256']),
      bytes: Number(row['bytes']),
      capturedAt: textOf(row['captured_at']),
    })),
  };
}

function ruleOf({ kind, unjudged, metadata }: Row): StoredRule {
  return {
    metadata: JSON.parse(String(metadata)) as StoredRule['metadata'],
    kind: String(kind),
    unjudged: textOf(unjudged),
  };
}

function textOf(value: string | number | null | undefined): string | null {
  return value == null ? null : String(value);
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}

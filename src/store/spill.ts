import type { Database } from 'better-sqlite3';
import type { PolicyVerdict } from '../audit/verdict.ts';
import { openPieces } from './spill-pieces.ts';
import type { StagedPolicy } from './staged-policy.ts';
import type { Evaluated, StagedCapture, StagedReject, StagedVerdicts } from './staged-role.ts';

/**
 * Temporary tables take the rows of files too large to wait in memory. They live in SQLite's own temporary file,
 * which vanishes with the process, so a killed run leaves nothing of a half-read file. Each file has tables of its
 * own, because dropping a table is far cheaper than deleting its rows.
 */
const TABLES = {
  spill_capture: `account TEXT, captured_at TEXT, complete INTEGER, reason TEXT,
    PRIMARY KEY (account, captured_at)`,
  spill_policy: 'sha256 TEXT PRIMARY KEY, state TEXT, document TEXT, detail TEXT',
  spill_verdict: 'sha256 TEXT, account TEXT, verdicts TEXT, PRIMARY KEY (sha256, account)',
  spill_reject: 'ordinal INTEGER PRIMARY KEY, offset INTEGER, pointer TEXT, code TEXT, message TEXT',
} as const;
const PAGE = 8192;

/** Rows of one file on disk. */
export interface Spill {
  write(
    captures: Iterable<StagedCapture>,
    verdicts: Iterable<StagedVerdicts>,
    rejects: Iterable<StagedReject>,
  ): void;
  /** Settles which of several records of one role stands; to be called before reading. Returns how many do. */
  compact(): number;
  captures(): Iterable<StagedCapture>;
  verdicts(): Iterable<StagedVerdicts>;
  rejects(): Iterable<readonly StagedReject[]>;
  clear(): void;
}

interface CaptureRow {
  readonly account: string;
  readonly capturedAt: string;
  readonly complete: number | null;
  readonly reason: string | null;
}

/** `file` tells the files of one connection apart; an account with more than `mergeRoles` is merged in parts. */
export function openSpill(db: Database, file: number, mergeRoles: number): Spill {
  for (const [name, columns] of Object.entries(TABLES)) {
    db.exec(`CREATE TEMP TABLE ${name}_${file} (${columns}) WITHOUT ROWID`);
  }
  const pieces = openPieces(db, `spill_role_${file}`, mergeRoles);
  const addCapture = db.prepare(
    `INSERT INTO spill_capture_${file} VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE
     SET complete = coalesce(min(complete, excluded.complete), complete, excluded.complete),
         reason = coalesce(min(reason, excluded.reason), reason, excluded.reason)`,
  );
  const addPolicy = db.prepare(`INSERT OR IGNORE INTO spill_policy_${file} VALUES (?, ?, ?, ?)`);
  const addVerdicts = db.prepare(`INSERT OR IGNORE INTO spill_verdict_${file} VALUES (?, ?, ?)`);
  const addReject = db.prepare(`INSERT INTO spill_reject_${file} VALUES (?, ?, ?, ?, ?)`);
  let rejectCount = 0;

  const write = db.transaction<Spill['write']>((captures, verdicts, rejects) => {
    for (const { account, capturedAt, complete, reason, pages } of captures) {
      addCapture.run(account, capturedAt, complete === null ? null : Number(complete), reason);
      for (const page of pages) if (page.length > 0) pieces.write(account, capturedAt, page);
    }
    for (const { policy, evaluated } of verdicts) {
      addPolicy.run(policy.sha256, policy.state, policy.document, policy.detail);
      for (const scope of evaluated) {
        addVerdicts.run(policy.sha256, scope.account, JSON.stringify(scope.verdicts));
      }
    }
    for (const { offset, pointer, code, message } of rejects) {
      addReject.run(rejectCount++, offset, pointer, code, message);
    }
  });

  const nextCapture = db.prepare<[string, string], CaptureRow>(
    `SELECT account, captured_at AS capturedAt, complete, reason FROM spill_capture_${file}
     WHERE (account, captured_at) > (?, ?) ORDER BY account, captured_at LIMIT 1`,
  );
  const nextPolicies = db.prepare<[string], StagedPolicy>(
    `SELECT sha256, state, document, detail FROM spill_policy_${file} WHERE sha256 > ? ORDER BY sha256 LIMIT ${PAGE}`,
  );
  const verdictsOf = db.prepare<[string], { account: string; verdicts: string }>(
    `SELECT account, verdicts FROM spill_verdict_${file} WHERE sha256 = ? ORDER BY account`,
  );
  const nextRejects = db.prepare<[number], StagedReject>(
    `SELECT offset, pointer, code, message FROM spill_reject_${file} WHERE ordinal >= ? ORDER BY ordinal LIMIT ${PAGE}`,
  );

  return {
    write: (captures, verdicts, rejects) => write.deferred(captures, verdicts, rejects),
    compact: () => pieces.compact(),
    *captures() {
      let row = nextCapture.get('', '');
      while (row !== undefined) {
        const { account, capturedAt, reason } = row;
        const complete = row.complete === null ? null : row.complete === 1;
        yield { account, capturedAt, complete, reason, pages: pieces.read(account, capturedAt) };
        row = nextCapture.get(account, capturedAt);
      }
    },
    *verdicts() {
      let page = nextPolicies.all('');
      while (page.length > 0) {
        for (const policy of page) {
          const evaluated = verdictsOf.all(policy.sha256).map(
            (row): Evaluated => ({
              account: row.account,
              verdicts: JSON.parse(row.verdicts) as readonly PolicyVerdict[],
            }),
          );
          yield { policy, evaluated };
        }
        page = nextPolicies.all(page.at(-1)?.sha256 ?? '');
      }
    },
    *rejects() {
      for (let from = 0; from < rejectCount; from += PAGE) yield nextRejects.all(from);
    },
    clear() {
      for (const name of [...Object.keys(TABLES), 'spill_role'])
        db.exec(`DROP TABLE IF EXISTS ${name}_${file}`);
    },
  };
}

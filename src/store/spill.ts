import type { Database } from 'better-sqlite3';
import type { PolicyVerdict } from '../audit/verdict.ts';
import type { StagedPolicy } from './staged-policy.ts';
import type { Evaluated, StagedCapture, StagedReject, StagedRole, StagedVerdicts } from './staged-role.ts';

/**
 * Temporary tables take the rows of files too large to wait in memory. They live in SQLite's own temporary file,
 * which vanishes with the process, so a killed run leaves nothing of a half-read file. Each file has tables of its
 * own, because dropping a table is far cheaper than deleting its rows.
 */
const TABLES = {
  spill_capture: `account TEXT, captured_at TEXT, complete INTEGER, reason TEXT,
    PRIMARY KEY (account, captured_at)`,
  spill_role: `account TEXT, captured_at TEXT, arn TEXT, role_id TEXT, role_name TEXT, partition TEXT,
    policy TEXT, version TEXT, offset INTEGER, PRIMARY KEY (account, captured_at, arn, role_id)`,
  spill_policy: 'sha256 TEXT PRIMARY KEY, state TEXT, document TEXT, detail TEXT',
  spill_verdict: 'sha256 TEXT, account TEXT, verdicts TEXT, PRIMARY KEY (sha256, account)',
  spill_reject: 'ordinal INTEGER PRIMARY KEY, offset INTEGER, pointer TEXT, code TEXT, message TEXT',
} as const;
const PAGE = 8192;

/** Rows of one file on disk. */
export interface Spill {
  /** Adds rows; a role that is there already stays or gives way as `supersedes` says. Returns how many were new. */
  write(
    captures: Iterable<StagedCapture>,
    verdicts: Iterable<StagedVerdicts>,
    rejects: Iterable<StagedReject>,
  ): number;
  captures(): Iterable<StagedCapture>;
  verdicts(): Iterable<StagedVerdicts>;
  rejects(): Iterable<readonly StagedReject[]>;
  clear(): void;
}

export function openSpill(db: Database, file: number): Spill {
  for (const [name, columns] of Object.entries(TABLES)) {
    db.exec(`CREATE TEMP TABLE ${name}_${file} (${columns}) WITHOUT ROWID`);
  }
  const addCapture = db.prepare(
    `INSERT INTO spill_capture_${file} VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE
     SET complete = coalesce(min(complete, excluded.complete), complete, excluded.complete),
         reason = coalesce(min(reason, excluded.reason), reason, excluded.reason)`,
  );
  const addRole = db.prepare(`INSERT OR IGNORE INTO spill_role_${file} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const betterRole = db.prepare(
    `UPDATE spill_role_${file} SET role_name = $roleName, partition = $partition, policy = $policy,
       version = $version, offset = $offset
     WHERE account = $account AND captured_at = $capturedAt AND arn = $arn AND role_id = $roleId
       AND ($version, $policy, -$offset) > (version, policy, -offset)`,
  );
  const addPolicy = db.prepare(`INSERT OR IGNORE INTO spill_policy_${file} VALUES (?, ?, ?, ?)`);
  const addVerdicts = db.prepare(`INSERT OR IGNORE INTO spill_verdict_${file} VALUES (?, ?, ?)`);
  const addReject = db.prepare(`INSERT INTO spill_reject_${file} VALUES (?, ?, ?, ?, ?)`);
  let rejectCount = 0;

  const write = db.transaction<Spill['write']>((captures, verdicts, rejects) => {
    let added = 0;
    for (const { account, capturedAt, complete, reason, pages } of captures) {
      addCapture.run(account, capturedAt, complete === null ? null : Number(complete), reason);
      for (const page of pages) {
        for (const role of page) {
          const { arn, roleId, roleName, partition, policy, version, offset } = role;
          const { changes } = addRole.run(
            account,
            capturedAt,
            arn,
            roleId,
            roleName,
            partition,
            policy,
            version,
            offset,
          );
          added += changes;
          if (changes === 0) betterRole.run({ ...role, account, capturedAt });
        }
      }
    }
    for (const { policy, evaluated } of verdicts) {
      addPolicy.run(policy.sha256, policy.state, policy.document, policy.detail);
      for (const scope of evaluated) {
        addVerdicts.run(policy.sha256, scope.account, JSON.stringify(scope.verdicts));
      }
    }
    for (const reject of rejects) {
      addReject.run(rejectCount++, reject.offset, reject.pointer, reject.code, reject.message);
    }
    return added;
  });

  const nextCapture = db.prepare<[string, string], CaptureRow>(
    `SELECT account, captured_at AS capturedAt, complete, reason FROM spill_capture_${file} WHERE (account, captured_at) > (?, ?) ORDER BY account, captured_at LIMIT 1`,
  );
  const nextRoles = db.prepare<[string, string, string, string], StagedRole>(
    `SELECT arn, role_name AS roleName, role_id AS roleId, partition, policy, version, offset FROM spill_role_${file} WHERE account = ? AND captured_at = ? AND (arn, role_id) > (?, ?)
     ORDER BY arn, role_id LIMIT ${PAGE}`,
  );
  const nextPolicies = db.prepare<[string], StagedPolicy>(
    `SELECT sha256, state, document, detail FROM spill_policy_${file} WHERE sha256 > ? ORDER BY sha256
     LIMIT ${PAGE}`,
  );
  const verdictsOf = db.prepare<[string], { account: string; verdicts: string }>(
    `SELECT account, verdicts FROM spill_verdict_${file} WHERE sha256 = ? ORDER BY account`,
  );
  const nextRejects = db.prepare<[number], StagedReject>(
    `SELECT offset, pointer, code, message FROM spill_reject_${file} WHERE ordinal >= ? ORDER BY ordinal
     LIMIT ${PAGE}`,
  );

  function* pagesOf(account: string, capturedAt: string): Iterable<readonly StagedRole[]> {
    let arn = '';
    let roleId = '';
    for (;;) {
      const page = nextRoles.all(account, capturedAt, arn, roleId);
      const last = page.at(-1);
      if (last === undefined) return;
      yield page;
      ({ arn, roleId } = last);
    }
  }

  return {
    write: (captures, verdicts, rejects) => write.deferred(captures, verdicts, rejects),
    *captures() {
      let row: CaptureRow | undefined = { account: '', capturedAt: '', complete: null, reason: null };
      for (;;) {
        row = nextCapture.get(row.account, row.capturedAt);
        if (row === undefined) return;
        const complete = row.complete === null ? null : row.complete === 1;
        yield { ...row, complete, pages: pagesOf(row.account, row.capturedAt) };
      }
    },
    *verdicts() {
      let after = '';
      for (;;) {
        const page = nextPolicies.all(after);
        if (page.length === 0) return;
        for (const policy of page) {
          const evaluated = verdictsOf.all(policy.sha256).map(
            (row): Evaluated => ({
              account: row.account,
              verdicts: JSON.parse(row.verdicts) as readonly PolicyVerdict[],
            }),
          );
          yield { policy, evaluated };
          after = policy.sha256;
        }
      }
    },
    *rejects() {
      for (let from = 0; from < rejectCount; from += PAGE) yield nextRejects.all(from);
    },
    clear() {
      for (const name of Object.keys(TABLES)) db.exec(`DROP TABLE ${name}_${file}`);
    },
  };
}

interface CaptureRow {
  readonly account: string;
  readonly capturedAt: string;
  readonly complete: number | null;
  readonly reason: string | null;
}

import type { Database } from 'better-sqlite3';
import { STRANGER_ACCOUNTS } from '../audit/strangers.ts';
import type { Outcome } from '../audit/verdict.ts';
import { sharedExternalIds } from './external-ids.ts';
import { interruptedRuns } from './interrupted.ts';
import { loadMembers, type MemberList } from './members.ts';
import { type MissingEvidence, missingEvidence } from './missing-evidence.ts';
import {
  everyPolicyIsDecided,
  type JudgedPolicy,
  openOutcomeReader,
  openPolicyReader,
} from './policy-reader.ts';
import {
  currentPolicies,
  type ObservedRole,
  observedRoles,
  type Place,
  type PolicyCount,
  placesAt,
  type RoleChoice,
} from './role-reader.ts';
import { loadRules, type StoredRule } from './rules.ts';
import {
  type AccountMoment,
  accountMoments,
  type CaptureRow,
  type CaptureScope,
  capturesBefore,
  capturesOf,
  type EvidenceTotals,
  evidenceRows,
  evidenceTotals,
  ledgerMoments,
  rejectRows,
  timedByModification,
} from './scope.ts';
import { unknownAccount } from './strangers.ts';
import type { EvidenceRow, InterruptedRun, RejectRow } from './types.ts';

/** Plain rows for the history stage. Wherever `run` is null, the whole store is in scope. */
export interface StoreReader {
  accountMoments(scope: CaptureScope): readonly AccountMoment[];
  /** By entity type; the account of a moment is the ledger's id. See ledger.ts. */
  ledgerMoments(scope: CaptureScope, account: string): ReadonlyMap<string, AccountMoment>;
  /** Of an account or a ledger, not after a column time, oldest first. */
  capturesOf(account: string, until: string): Iterable<CaptureRow>;
  /** Of an account or a ledger, before a column time, newest first. */
  capturesBefore(account: string, time: string): Iterable<CaptureRow>;
  observedRoles(account: string, choice?: RoleChoice): Iterable<ObservedRole>;
  /** See currentPolicies in role-reader.ts. */
  currentPolicies(moment: AccountMoment): readonly PolicyCount[] | null;
  judgedPolicy(policy: number, account: string): JudgedPolicy;
  /** Of the verdicts of a judged policy the outcomes alone, by rule id. */
  outcomes(policy: number, account: string): ReadonlyMap<string, Outcome>;
  /** See policy-reader.ts. */
  everyPolicyIsDecided(rules: readonly string[]): boolean;
  placesAt(account: string, at: string): (role: number, policy: number) => Place;
  evidenceName(id: number): { readonly path: string; readonly sha256: string };
  evidenceRows(run: number | null): Iterable<EvidenceRow>;
  rejectRows(run: number | null): Iterable<RejectRow>;
  evidenceTotals(run: number | null): EvidenceTotals;
  /** See interrupted.ts. */
  interruptedRuns(run: number | null): readonly InterruptedRun[];
  /** See missing-evidence.ts. */
  missingEvidence(run: number | null, examples: number): MissingEvidence;
  /** Files in scope whose capture time is their modification time. */
  timedByModification(run: number | null): number;
  /** The own organisation's accounts; null when never given. */
  members(): MemberList | null;
  /** True when all evidence of the account is AWS Config's, without IAM being recorded. */
  isUnrecorded(account: string): boolean;
  /** See external-ids.ts. */
  sharedExternalIds(): ReadonlySet<string>;
  /** An account that stands for anybody, since nothing in the store names it; null when there is none. */
  strangerAccount(): string | null;
  /** Rules and program version of a run, or of the last; null when there is none. */
  runFacts(run: number | null): RunFacts | null;
}

export interface RunFacts {
  readonly toolVersion: string;
  /** Sorted. */
  readonly rules: readonly string[];
  /** Those of them that come from rule files, by id. */
  readonly furtherRules: readonly StoredRule[];
  /** As given to `RunStart`. */
  readonly exceptions: readonly unknown[];
  /** Days. */
  readonly staleAfter: number;
  /** Days; null: no account is too old. */
  readonly maxAge: number | null;
}

type RunColumns = Pick<RunFacts, 'toolVersion' | 'staleAfter' | 'maxAge'> & {
  readonly rules: string;
  readonly exceptions: string;
};

const REMEMBERED = 4096;

export function openReader(db: Database): StoreReader {
  const judgedPolicy = openPolicyReader(db);
  const nameOf = db.prepare<[number], { path: string; sha256: string }>(
    'SELECT path, sha256 FROM evidence WHERE id = ?',
  );
  let stranger: { readonly account: string | null } | undefined;
  const recordedElsewhere = db
    .prepare<[{ account: string }], number>(
      `SELECT 1 FROM capture_source
       WHERE account_id = $account AND instr(coalesce(reason, ''), 'no-iam-recorded') = 0 LIMIT 1`,
    )
    .pluck();
  const names = new Map<number, { readonly path: string; readonly sha256: string }>();
  return {
    accountMoments: (scope) => accountMoments(db, scope),
    ledgerMoments: (scope, account) => ledgerMoments(db, scope, account),
    capturesOf: (account, until) => capturesOf(db, account, until),
    capturesBefore: (account, time) => capturesBefore(db, account, time),
    observedRoles: (account, choice) => observedRoles(db, account, choice),
    currentPolicies: (moment) => currentPolicies(db, moment),
    judgedPolicy,
    outcomes: openOutcomeReader(db),
    everyPolicyIsDecided: (rules) => everyPolicyIsDecided(db, rules),
    placesAt: (account, at) => placesAt(db, account, at),
    evidenceName(id) {
      let name = names.get(id);
      if (name === undefined) {
        name = nameOf.get(id);
        if (name === undefined) throw new Error(`evidence ${id} is not in the store`);
        if (names.size >= REMEMBERED) names.clear();
        names.set(id, name);
      }
      return name;
    },
    evidenceRows: (run) => evidenceRows(db, run),
    rejectRows: (run) => rejectRows(db, run),
    evidenceTotals: (run) => evidenceTotals(db, run),
    interruptedRuns: (run) => interruptedRuns(db, run),
    missingEvidence: (run, examples) => missingEvidence(db, run, examples),
    timedByModification: (run) => timedByModification(db, run),
    members: () => loadMembers(db),
    isUnrecorded: (account) => recordedElsewhere.get({ account }) === undefined,
    sharedExternalIds: () => sharedExternalIds(db),
    strangerAccount() {
      stranger ??= { account: unknownAccount(db, STRANGER_ACCOUNTS) };
      return stranger.account;
    },
    runFacts(run) {
      const row = db
        .prepare<[{ run: number | null }], RunColumns>(
          `SELECT tool_version AS toolVersion, rules, exceptions, stale_after AS staleAfter, max_age AS maxAge
           FROM run WHERE id = coalesce($run, (SELECT max(id) FROM run))`,
        )
        .get({ run });
      if (row === undefined) return null;
      const rules = JSON.parse(row.rules) as readonly string[];
      const exceptions = JSON.parse(row.exceptions) as readonly unknown[];
      return { ...row, rules, furtherRules: loadRules(db, rules), exceptions };
    },
  };
}

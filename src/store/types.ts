import type { Note } from '../audit/notes.ts';
import type { Outcome, VerdictObject } from '../audit/verdict.ts';
import type { DataProblem } from '../errors.ts';
import type { FileProblem } from '../formats/file-problem.ts';
import type { CaptureTimeSource } from '../formats/record.ts';

/** One evidence file of a run with its reconciliation: read = accepted + superseded + duplicate + rejected. */
export interface EvidenceRow {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Format id such as `gaad`; null when the file was not recognised. */
  readonly format: string | null;
  /** Null when the file holds no account or several. */
  readonly account: string | null;
  /** Null when the file holds no capture or several. */
  readonly capturedAt: string | null;
  readonly capturedFrom: CaptureTimeSource | null;
  readonly recordsRead: number;
  readonly recordsAccepted: number;
  /** Older states of a role that a newer one in the same file and capture set aside. */
  readonly recordsSuperseded: number;
  /** Records that say again what another one in the same file says. */
  readonly recordsDuplicate: number;
  readonly recordsRejected: number;
  /** `complete`, `incomplete` (see `problems`), or `unreadable`. */
  readonly status: 'complete' | 'incomplete' | 'unreadable';
  /** What keeps the file from being complete and what else is worth knowing. */
  readonly problems: readonly FileProblem[];
  /**
   * Present when something of the file could not be read or used. `mended`: it was since, at the same path or by whole
   * files that show all of it at the same accounts and times, so that nothing is missing.
   */
  readonly loss?: 'missing' | 'mended';
}

export interface RejectRow {
  readonly path: string;
  readonly offset: number;
  readonly pointer: string;
  readonly code: DataProblem;
  readonly message: string;
}

export interface AccountRow {
  readonly account: string;
  readonly name: string | null;
  /** Latest capture. */
  readonly capturedAt: string;
  readonly complete: boolean;
  /** Whole days from the latest capture to the newest of the store, when they are more than `staleAfter`; else null. */
  readonly carriedForward: number | null;
  readonly roles: number;
  readonly verdicts: Readonly<Record<Outcome, number>>;
}

/** An account that should have been covered, and is not: of a member list, or, when too old, any that is not closed. */
export interface AccountGap {
  readonly account: string;
  readonly name: string | null;
  /**
   * `no-evidence`: no capture at all. `never-complete`: captures, none of them complete. `too-old`: its latest complete
   * capture is older than `maxAge` allows.
   */
  readonly why: 'no-evidence' | 'never-complete' | 'too-old';
  /** Latest capture, complete or not; null when there is none. ISO 8601 UTC. */
  readonly capturedAt: string | null;
  /** Whole days from `capturedAt` to the newest capture of the store; null without a capture. */
  readonly age: number | null;
}

/** A member of the list that is closed, so that its absence is no gap. */
export interface ClosedAccount {
  readonly account: string;
  readonly name: string | null;
  /** As AWS Organizations writes it: `SUSPENDED`, `PENDING_CLOSURE`, `CLOSED`. */
  readonly status: string;
}

/** The code of a disagreement: on the verdicts of the role as a note, on the capture, and as a reason of what is missing. */
export const CONFLICTING_RECORDS = 'conflicting-records' satisfies Note;

/** A role on which files of one moment disagree, where the look in scope rests on that moment. */
export interface DisagreementRow {
  readonly account: string;
  readonly arn: string;
  readonly roleId: string;
  /** The moment, ISO 8601 UTC. */
  readonly capturedAt: string;
  /**
   * `policies`: they show different trust policies; for each rule the worst verdict stands. `existence`: one says that the
   * role is gone, or shows all roles without it; the role stands. `ids`: the ARN has several role ids; each stands.
   */
  readonly what: 'policies' | 'existence' | 'ids';
  /** Files that show the role then, by path. */
  readonly sources: readonly { readonly path: string; readonly sha256: string; readonly offset: number }[];
}

/** Rejected records of one code in all files in scope. */
export interface RejectGroup {
  readonly code: DataProblem;
  readonly count: number;
  /** The first of them, by path and place. */
  readonly example: RejectRow;
}

/**
 * Whether the evidence in scope shows all there should be, and what is missing. A function of what the store holds:
 * it does not matter over how many scans the evidence came.
 */
export interface Completeness {
  /** False: no member list was given, so nobody can say which accounts are missing. */
  readonly membersKnown: boolean;
  /** False: the member list says that a further page follows, which was not given. */
  readonly membersWhole?: boolean;
  /** Members that should be there, closed ones left out; 0 when not known. */
  readonly members: number;
  /** By account. */
  readonly gaps: readonly AccountGap[];
  /** By account. */
  readonly closed: readonly ClosedAccount[];
  /** Accounts whose latest capture is more than `staleAfter` days older than the newest of the store. */
  readonly carriedForward: number;
  /** Accounts whose roles are not all known at their latest capture. */
  readonly accountsIncomplete: number;
  /** Days. */
  readonly staleAfter: number;
  /** Days; null: no account is too old. */
  readonly maxAge: number | null;
  /** Files that could not be read whole and whose loss nothing has mended since; by path. */
  readonly unread: number;
  /** By code. */
  readonly rejects: readonly RejectGroup[];
  /** Files whose capture time is the modification time of the file, so that it may be the time of a copy. */
  readonly timedByModification: number;
  /** Roles on which files of one moment disagree, at the looks in scope. */
  readonly disagreements: number;
  /**
   * Why the evidence is incomplete, as parts of one sentence; empty when nothing is known to be missing. Nothing is
   * missing and the member list is known: only then may a report call itself complete.
   */
  readonly reasons: readonly string[];
}

export interface VerdictFilter {
  /** Outcomes wanted; all when absent. */
  readonly outcomes?: readonly Outcome[];
  readonly rule?: string;
  /** One role by ARN. */
  readonly arn?: string;
}

/** A role's current verdict together with the trust policy it speaks of. */
export interface StoredVerdict {
  readonly object: VerdictObject;
  /** Compact JSON text of the trust policy; null when the export had none that could be read. */
  readonly policy: string | null;
  /** The role id by which the role was first known, for what names a finding over time. */
  readonly knownAs: string;
}

export interface RunRow {
  readonly id: number;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly asOf: string;
  readonly toolVersion: string;
  readonly status: 'running' | 'complete' | 'incomplete' | 'interrupted';
  readonly files: number;
  readonly records: number;
  /** The first and the last capture that its files hold, ISO 8601 UTC; null without one. */
  readonly evidenceFrom: string | null;
  readonly evidenceTo: string | null;
}

/** From the first to the last capture, ISO 8601 UTC. */
export interface EvidencePeriod {
  readonly from: string;
  readonly to: string;
}

/** A scan that was interrupted or killed, or is still under way: what it was given may not have been read. */
export interface InterruptedRun {
  readonly id: number;
  /** As given on its command line; empty when that is not known. */
  readonly paths: readonly string[];
}

export interface Totals {
  readonly accounts: number;
  readonly accountsIncomplete: number;
  readonly roles: number;
  readonly verdicts: Readonly<Record<Outcome, number>>;
  readonly files: number;
  readonly bytes: number;
  readonly recordsRead: number;
  readonly recordsAccepted: number;
  /** Older states of a role that a newer one in the same file and capture set aside. */
  readonly recordsSuperseded: number;
  /** Records that say again what another one in the same file says. */
  readonly recordsDuplicate: number;
  readonly recordsRejected: number;
}

/** One entry of an exceptions file, checked. JSON can say all of it, so that the store keeps it with the run. */
export interface AcceptedRisk {
  readonly id: string;
  /** Patterns as written; null: anything. */
  readonly rule: string | null;
  readonly account: string | null;
  readonly role: string | null;
  /** Principals that may get in, and accounts they may come from; empty: any. A way in must match one of each. */
  readonly principals: readonly string[];
  readonly principalAccounts: readonly string[];
  readonly reason: string;
  /** A day, which still counts, or a moment in ISO 8601 UTC. */
  readonly expires: string;
  readonly owner: string | null;
  readonly ticket: string | null;
}

/** An exception judged against `asOf`. */
export interface ExceptionRow extends AcceptedRisk {
  /** `expiring`: within 30 days of `asOf`. An expired one suppresses nothing. */
  readonly status: 'active' | 'expiring' | 'expired';
  /** Failing verdicts that it covers, or would cover had it not expired. */
  readonly findings: number;
  /** Failing verdicts that it speaks of, but which have further unguarded ways in, so that it does not cover them. */
  readonly partly: number;
  /** Why it covers more than one would expect, one sentence each; empty when it does not. */
  readonly overBroad: readonly string[];
}

/** Days after which an account counts as carried forward, unless told otherwise. */
export const STALE_AFTER = 7;

export const TREND_PERIODS = ['day', 'week', 'month', 'quarter'] as const;
export type TrendPeriod = (typeof TREND_PERIODS)[number];

/** How it stood at the end of one calendar period (UTC; weeks end on Sunday) that has a capture. */
export interface TrendPoint {
  /** The last day of the period, `2026-03-31`. */
  readonly at: string;
  /** Accounts captured by then. */
  readonly accounts: number;
  /** Those of them with no capture within the period: they stand as last captured. */
  readonly carriedForward: number;
  readonly roles: number;
  /** Failing roles. */
  readonly fail: number;
  /** `fail / roles`, from 0 to 1; 0 when there are no roles. */
  readonly failRate: number;
  /** Findings since the point before that were not there then, in accounts covered at both; reopened ones too. */
  readonly new: number;
  /** Findings of the point before that are gone, in accounts covered at both. */
  readonly resolved: number;
}

/** What became of findings between two looks at each account. */
export interface ChangeCounts {
  readonly new: number;
  readonly resolved: number;
  readonly changed: number;
  readonly reopened: number;
  readonly unchanged: number;
  readonly notComparable: number;
  /** Those of `notComparable` of whose account and rule there is no earlier look. */
  readonly baseline: number;
}

/**
 * What a report may read: the latest capture of every account in scope. Every list comes in a stable order
 * (accounts by id; verdicts by account, ARN, role id, rule; evidence by path) and is streamed from the store.
 */
export interface ReportSource {
  /** The moment exceptions and date rules are judged against, ISO 8601 UTC. */
  readonly asOf: string;
  readonly toolVersion: string;
  /**
   * Runs in scope that did not come to their end, by id. One counts as mended, and is left out, when a later run over
   * the same paths did, or over folders that hold them; not where one run alone is in scope.
   */
  readonly interrupted: readonly InterruptedRun[];
  totals(): Totals;
  /** What is missing. Counted at the first question. */
  completeness(): Completeness;
  accounts(): Iterable<AccountRow>;
  evidence(): Iterable<EvidenceRow>;
  /** By account, ARN, role id. Reads only roles that can be concerned. */
  disagreements(): Iterable<DisagreementRow>;
  rejects(): Iterable<RejectRow>;
  verdicts(filter: VerdictFilter): Iterable<StoredVerdict>;
  /** The exceptions that apply, in the order of their file, expired ones included. Reads all failing verdicts. */
  exceptions(): readonly ExceptionRow[];
  /**
   * What became of findings since the look before at each account: the numbers of `diff previous latest`, and the states
   * of the verdicts counted, resolved ones included. Reads every role that ever failed once.
   */
  changes(): ChangeCounts;
  /** The built-in rule over all captures of the accounts in scope, oldest first. Reads every observation once. */
  trend(by: TrendPeriod): readonly TrendPoint[];
}

import type { DataProblem } from '../errors.ts';
import type { RejectRow } from './evidence-row.ts';
import type { Note } from './notes.ts';

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

/** One of the reasons why evidence is incomplete, in short. */
export interface Lack {
  /** With its count, such as `2 files could not be read in full`. */
  readonly what: string;
  /** The first accounts, files, roles or codes that it speaks of. */
  readonly named: readonly string[];
  /** How many more there are. */
  readonly more: number;
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
  /**
   * Accounts in scope of which evidence of the organisation was given, but not every resource control policy with its
   * text, by id: their verdicts stand on the trust policies alone.
   */
  readonly guardrailsUnknown?: readonly UnknownGuardrails[];
  /** What cannot be so in evidence of organisations. */
  readonly organizationProblems?: readonly CodedProblem[];
  /** Organisations of which the newest evidence is more than `staleAfter` days older than the newest capture, by id. */
  readonly organizationsBehind?: readonly OrganizationBehind[];
  /** Roles on which files of one moment disagree, at the looks in scope. */
  readonly disagreements: number;
  /**
   * Why the evidence is incomplete, as parts of one sentence; empty when nothing is known to be missing. Nothing is
   * missing and the member list is known: only then may a report call itself complete.
   */
  readonly reasons: readonly string[];
  /** The same reasons in short, one for one. */
  readonly lacks?: readonly Lack[];
}

/** An account of which not every resource control policy is known. */
export interface UnknownGuardrails {
  readonly account: string;
  /** What the evidence does not show, behind the words `does not show`. */
  readonly lack: string;
}

export interface CodedProblem {
  /** Stable. */
  readonly code: string;
  /** A part of a sentence. */
  readonly message: string;
}

export interface OrganizationBehind {
  /** `o-...`. */
  readonly organization: string;
  /** ISO 8601 UTC. */
  readonly capturedAt: string;
  /** Days. */
  readonly age: number;
}

/** A scan that was interrupted or killed, or is still under way: what it was given may not have been read. */
export interface InterruptedRun {
  readonly id: number;
  /** As given on its command line; empty when that is not known. */
  readonly paths: readonly string[];
}

/** One part of a list of inputs (`scan --shard I/N`). */
export interface Shard {
  /** SHA-256 of the whole list, hexadecimal. */
  readonly list: string;
  /** Of how many parts it is made. */
  readonly parts: number;
  /** From 1. */
  readonly part: number;
}

/** Parts of a list of inputs that no scan has read, where others of the same list were (`scan --shard I/N`). */
export interface MissingParts {
  /** SHA-256 of the whole list, hexadecimal. */
  readonly list: string;
  /** Of how many parts it is made. */
  readonly parts: number;
  /** The missing ones, each stretch of them by its first and its last; ascending. */
  readonly missing: readonly (readonly [first: number, last: number])[];
  /** Where one run alone is in scope: that run; else null. */
  readonly run: number | null;
}

/** Days after which an account counts as carried forward, unless told otherwise. */
export const STALE_AFTER = 7;

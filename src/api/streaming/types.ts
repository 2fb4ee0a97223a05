import type { GivenBytes } from '../../evidence/given-bytes.ts';
import type { CaptureTimeSource } from '../../model/capture.ts';
import type { AccountGap, RejectGroup } from '../../model/completeness.ts';
import type { Outcome } from '../../model/exposure.ts';
import type { FileProblem } from '../../model/file-problem.ts';
import type { VerdictObject } from '../../model/verdict.ts';
import type { KnownAccounts, OwnAccount } from '../options.ts';

/** Evidence that comes as bytes, compressed or an archive as it may be. */
export interface GivenEvidence {
  /** What the evidence is called in verdicts; a date in it counts as one in a file name. */
  readonly name: string;
  /** Read once, and closed at the end, whatever the end is. */
  readonly bytes: GivenBytes;
}

/** An account as `aws organizations list-accounts` writes it. */
export interface OrganisationAccount extends OwnAccount {
  /** `ACTIVE` when left out. `State` is the newer name and counts first. */
  readonly State?: string | undefined;
  readonly Status?: string | undefined;
}

/** What `aws organizations list-accounts` prints. */
export interface OrganisationPage {
  readonly Accounts: readonly OrganisationAccount[];
  /** A further page follows: the list is not whole. */
  readonly NextToken?: string | null | undefined;
}

/** As far as it is used of an AbortSignal, which has the same. */
export interface StopSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** The options of `scan` that make sense without a store, under the same names. */
export interface EvidenceOptions {
  /** Account of evidence that carries none: 12 digits, as text. */
  readonly account?: string | undefined;
  /** Capture time of evidence that carries none, such as `2026-02-01`. */
  readonly capturedAt?: string | undefined;
  /** Id of a format, instead of looking at the content. */
  readonly format?: string | undefined;
  /** Your word that listings and query results show all roles, though no service-linked role is among them. */
  readonly whole?: boolean | undefined;
  /**
   * The accounts of the own organisation, all of them: one page of `aws organizations list-accounts`, all pages, or the
   * bare accounts. Grades findings, and makes an open account without complete evidence something that is missing.
   */
  readonly accounts?:
    | OrganisationPage
    | readonly OrganisationPage[]
    | readonly OrganisationAccount[]
    | undefined;
  /** Names for accounts of others. */
  readonly knownAccounts?: readonly KnownAccounts[] | undefined;
  /** The moment to judge against. Left out: now. */
  readonly asOf?: string | undefined;
  /** Ends the reading: the loop then throws the signal's reason. */
  readonly signal?: StopSignal | undefined;
  /** Told of every file and every member of an archive once all that came of it is handed out. */
  readonly onEvidence?: ((reading: EvidenceReading) => void) | undefined;
}

/** The evidence behind a verdict. */
export interface EvidencePlace {
  /** Path of the file; a member of an archive has its archive's path in front. Empty when of no file. */
  readonly source: string;
  /**
   * Hexadecimal. Null while the file is not read to its end, as it is for the verdict of a role: its EvidenceReading has
   * it then. Empty for a file that could not be opened.
   */
  readonly sha256: string | null;
  /** Byte offset of the record in the decompressed file; null for what is of no record. */
  readonly offset: number | null;
  /** ISO 8601 UTC. */
  readonly capturedAt: string | null;
}

/**
 * The verdict object, without what only a store knows: `firstSeen`, `lastSeen`, `state`, `suppressedBy`, `guardrail`,
 * `impact`.
 *
 * One with an empty `arn` is no verdict on a role, but something that is missing, as `verdict: "error"` with a `reason`:
 * the code by which a record was rejected, `evidence-unread`, `account-gap`, or `no-roles` when nothing was found at all.
 */
export interface EvidenceVerdict
  extends Omit<
    VerdictObject,
    'evidence' | 'firstSeen' | 'lastSeen' | 'state' | 'suppressedBy' | 'guardrail' | 'impact'
  > {
  readonly evidence: EvidencePlace;
}

/**
 * One file, or one member of an archive, read to its end: recordsRead = recordsJudged + recordsDeleted + recordsRejected +
 * recordsOfOrganizations.
 */
export interface EvidenceReading {
  readonly path: string;
  /** Hexadecimal; empty when the file could not be opened. */
  readonly sha256: string;
  /** As received, still compressed. */
  readonly bytes: number;
  /** Id of the format, `zip` or `tar`; null when it was not recognised. */
  readonly format: string | null;
  /** Null when the file shows none or several. */
  readonly account: string | null;
  /** Null when the file has none or several. ISO 8601 UTC. */
  readonly capturedAt: string | null;
  readonly capturedFrom: CaptureTimeSource | null;
  readonly recordsRead: number;
  /** Records that a verdict was handed out for. */
  readonly recordsJudged: number;
  /** Records that say that a role is gone: there is nothing to judge. */
  readonly recordsDeleted: number;
  readonly recordsRejected: number;
  /** Records that say something of an organisation, which is not used here. */
  readonly recordsOfOrganizations: number;
  /** `incomplete`: more was there to read, or is known to be missing. `unreadable`: nothing could be read. */
  readonly status: 'complete' | 'incomplete' | 'unreadable';
  readonly problems: readonly FileProblem[];
}

/** Files of one kind that hold no evidence and were left aside. */
export interface LeftAside {
  /** What they are, with an article, or the code `not-evidence` or `unrelated`. */
  readonly what: string;
  readonly files: number;
  /** Path of the first. */
  readonly example: string;
}

/** What the reading came to, so far. */
export interface JudgingSummary {
  /**
   * True only when the loop came to its end, nothing is missing, and `accounts` were given and are all covered. Files are
   * not compared with each other; only a store does that.
   */
  readonly complete: boolean;
  /** `unknown`: nothing is known to be missing, but without `accounts` nobody can say that nothing is. */
  readonly standing: 'complete' | 'incomplete' | 'unknown';
  /** Why it is incomplete, as parts of one sentence. */
  readonly reasons: readonly string[];
  /** False while there is more to come, and for good when the loop was left early. */
  readonly ended: boolean;
  /** Files and members of archives that were read. */
  readonly files: number;
  readonly bytes: number;
  readonly recordsRead: number;
  readonly recordsJudged: number;
  readonly recordsDeleted: number;
  readonly recordsRejected: number;
  readonly recordsOfOrganizations: number;
  /** Verdicts on roles by outcome; what is missing is not among them. */
  readonly verdicts: Readonly<Record<Outcome, number>>;
  /** Files that could not be read whole. */
  readonly unread: number;
  /** Rejected records by code. */
  readonly rejects: readonly RejectGroup[];
  /** Accounts of the organisation without complete evidence; none before the end. */
  readonly gaps: readonly AccountGap[];
  readonly leftAside: readonly LeftAside[];
  /** Files whose capture time is their modification time, which may be the time of a copy. */
  readonly timedByModification: number;
}

/** The verdicts on evidence as it is read. To be iterated once. */
export interface Judging extends AsyncIterable<EvidenceVerdict> {
  /** What it came to so far; ask when the loop is over. */
  summary(): JudgingSummary;
}

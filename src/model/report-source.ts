import type { Completeness, DisagreementRow, InterruptedRun, MissingParts } from './completeness.ts';
import type { EvidenceRow, RejectRow } from './evidence-row.ts';
import type { ExceptionRow } from './exception.ts';
import type { Outcome } from './exposure.ts';
import type { RecordCounts } from './record-counts.ts';
import type { ThirdPartyRow } from './third-party.ts';
import type { ChangeCounts, TrendPeriod, TrendPoint } from './trend.ts';
import type { GradedPath, VerdictObject } from './verdict.ts';
import type { UnfailingClass } from './verdict-class.ts';

export interface AccountRow {
  readonly account: string;
  readonly name: string | null;
  /** Latest capture. */
  readonly capturedAt: string;
  readonly complete: boolean;
  /** Whole days from the latest capture to the newest of the store, when they are more than `staleAfter`; else null. */
  readonly carriedForward: number | null;
  readonly roles: number;
  /** The verdicts that count; see `effectiveVerdict`. */
  readonly verdicts: Readonly<Record<Outcome, number>>;
  /** Verdicts that fail by the trust policy alone, and that guardrails close. */
  readonly closed: number;
}

export interface VerdictFilter {
  /** Outcomes wanted, be it of the trust policy alone or of the verdict that counts; all when absent. */
  readonly outcomes?: readonly Outcome[];
  readonly rule?: string;
  /** One role by ARN. */
  readonly arn?: string;
  /** Those of one account. */
  readonly account?: string;
  /** Of what passes or is not applicable this many of each class will do, the first of them; others may be left out. */
  readonly most?: Readonly<Record<UnfailingClass, number>>;
}

/** What is counted of a verdict; of its paths those that guardrails leave. */
export type CountedVerdict = Pick<
  VerdictObject,
  'rule' | 'verdict' | 'literal' | 'severity' | 'guardrail' | 'paths'
>;

/** Verdicts that are alike in what is counted. */
export interface VerdictCount {
  readonly verdict: CountedVerdict;
  readonly count: number;
}

/** A role's current verdict together with the trust policy it speaks of. */
export interface StoredVerdict {
  readonly object: VerdictObject;
  /** Compact JSON text of the trust policy; null when the export had none that could be read. */
  readonly policy: string | null;
  /** Its ways in as guardrails leave them: the paths of the object where there are none. */
  readonly ways: readonly GradedPath[];
  /** The sentence on these ways, where guardrails leave others than the message of the object speaks of. */
  readonly leftMessage?: string;
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

export interface Totals extends RecordCounts {
  readonly accounts: number;
  readonly accountsIncomplete: number;
  readonly roles: number;
  /** As in `AccountRow`, like the next. */
  readonly verdicts: Readonly<Record<Outcome, number>>;
  readonly closed: number;
  readonly files: number;
  readonly bytes: number;
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
  /** Parts of lists of inputs that were not scanned; where one run alone is in scope, that it did not read. */
  readonly missingParts: readonly MissingParts[];
  totals(): Totals;
  /** What is missing. Counted at the first question. */
  completeness(): Completeness;
  accounts(): Iterable<AccountRow>;
  evidence(): Iterable<EvidenceRow>;
  /** By account, ARN, role id. Reads only roles that can be concerned. */
  disagreements(): Iterable<DisagreementRow>;
  rejects(): Iterable<RejectRow>;
  verdicts(filter: VerdictFilter): Iterable<StoredVerdict>;
  /** All that pass or are not applicable by the verdict that counts, in no order. Much sooner known than `verdicts`. */
  verdictCounts(): Iterable<VerdictCount>;
  /**
   * Which outside accounts get into which roles, by D9.AWS.IAM.99: accounts outside of the own organisation first; of these,
   * and of the own ones, first who has open roles, then by severity, privileges, how many such roles they have, and id. Roles
   * that could not be decided stand with the accounts that they name, or under `NOBODY_NAMED`. Holds what it hands out at once, which is bounded: with
   * more than 50,000 accounts, these come in groups by id, each in this order. Reads every role that lets anyone in.
   */
  thirdParties(): Iterable<ThirdPartyRow>;
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

/**
 * Reads what a store holds: verdicts with their history, and what is missing. What is exported here keeps its names and
 * meaning within a major version.
 */

import { TrustsieveError } from '../errors.ts';
import { type Moment, momentOf } from '../history/calendar.ts';
import type { Report } from '../history/report/report.ts';
import { openScopedReport } from '../history/report/scoped-report.ts';
import type { Completeness, DisagreementRow, InterruptedRun, MissingParts } from '../model/completeness.ts';
import type { EvidenceRow, RejectRow } from '../model/evidence-row.ts';
import type { Outcome } from '../model/exposure.ts';
import type { AccountRow, ReportSource, RunRow, Totals } from '../model/report-source.ts';
import type { ChangeCounts } from '../model/trend.ts';
import { OUTCOMES } from '../model/verdict.ts';
import { reportObjects } from '../report/json/index.ts';
import { missingOf, standingOf } from '../report/shared/missing.ts';
import type { ReportedObject } from '../report/shared/missing-object.ts';
import { RULES } from '../rules/index.ts';
import { openScannedStore, type Store } from '../store/index.ts';
import { timeOption } from './options.ts';

export { type DataProblem, type ErrorCode, TrustsieveError } from '../errors.ts';
export type { CaptureTimeSource } from '../model/capture.ts';
export type {
  AccountGap,
  ClosedAccount,
  Completeness,
  DisagreementRow,
  InterruptedRun,
  MissingParts,
  RejectGroup,
} from '../model/completeness.ts';
export type { EvidenceRow, RejectRow } from '../model/evidence-row.ts';
export type { Guard, Outcome, Witness } from '../model/exposure.ts';
export type { FileProblem } from '../model/file-problem.ts';
export type { AccountRow, RunRow, Totals } from '../model/report-source.ts';
export type { ChangeCounts } from '../model/trend.ts';
export type { FindingState, GradedPath, Relation, Severity } from '../model/verdict.ts';

/** What of the store is looked at; the options of `report`, under the same names. What is left out is as the run had it. */
export interface StoreScope {
  /** Id of a run: what it read, as it was then. Left out: all the store holds. */
  readonly run?: number | undefined;
  /** What stood then, in evidence time: a date (to its end, UTC) or a time. Not together with `run`. */
  readonly at?: string | undefined;
  /** The moment that exceptions and dates are judged against. */
  readonly asOf?: string | undefined;
  /** Days after which an account without a newer capture is called carried forward. */
  readonly staleAfter?: number | undefined;
  /** Days after which evidence is too old to count; null: never. */
  readonly maxAge?: number | null | undefined;
}

/** Which verdicts are wanted. */
export interface FindingFilter {
  /** Left out: `fail` and `error`, as in reports. */
  readonly status?: 'all' | readonly Outcome[] | undefined;
  /** Id of a rule; left out: all. What is missing is listed whatever the rule. */
  readonly rule?: string | undefined;
}

/**
 * The verdict object of `report --format ndjson`: one for each role and rule.
 *
 * One with an empty `arn` is no verdict on a role, but something that is missing, as `verdict: "error"` with a `reason`:
 * `scan-interrupted`, `scan-parts-missing`, `account-gap`, `evidence-unread`, the code by which a record was rejected, or
 * `conflicting-records`. What cannot be said of it is null.
 */
export interface Finding extends ReportedObject {}

/** Whether the evidence shows all there should be, and what is missing. */
export interface StoreCompleteness extends Completeness {
  /** True only when nothing is missing and a member list shows that no account is. */
  readonly complete: boolean;
  /** `unknown`: nothing is known to be missing, but without a member list nobody can say that nothing is. */
  readonly standing: 'complete' | 'incomplete' | 'unknown';
  /** Scans that did not come to their end; their reasons are among `reasons`. */
  readonly interrupted: readonly InterruptedRun[];
  /** Parts of lists of inputs that were not scanned (`scan --shard`); their reasons are among `reasons`. */
  readonly missingParts: readonly MissingParts[];
}

/**
 * A store that is open for reading. Lists are streamed, and may be run through again. After `close`, everything throws
 * `usage`, lists under way too.
 */
export interface FindingStore {
  /**
   * By account, ARN, role id, rule; what is missing comes last, unless `status` leaves out `error`. Throws `not-found` for
   * a rule that did not judge, `usage` for a `status` that cannot be.
   */
  findings(filter?: FindingFilter): Iterable<Finding>;
  /** Ask it whatever else you ask: a list without findings says nothing while evidence is missing. */
  completeness(): StoreCompleteness;
  totals(): Totals;
  /** What became of findings since the look before at each account. */
  changes(): ChangeCounts;
  /** Every account at its latest capture, by id. */
  accounts(): Iterable<AccountRow>;
  /** Every file with its counts and problems, by path. */
  evidence(): Iterable<EvidenceRow>;
  /** Every rejected record, by path and place. */
  rejects(): Iterable<RejectRow>;
  /** Roles on which files of one moment disagree. */
  disagreements(): Iterable<DisagreementRow>;
  /** Every scan of the store, by id, whatever the scope. */
  runs(): readonly RunRow[];
  close(): void;
}

/**
 * Opens a store that `scan` has made. It is not written to, unless an older version of the program made it: then it is
 * brought up to date, as `report` does. It may lie on a read-only disk otherwise.
 *
 * @throws TrustsieveError `store-not-found`, `store-version`, `store-damaged`, `store-unwritable`,
 *   `platform-unsupported`; `usage` for a scope that cannot be; `not-found` for a store without any scan, an unknown run,
 *   and a moment before all evidence
 */
export function openStore(path: string, scope: StoreScope = {}): FindingStore {
  const { staleAfter, maxAge } = scope;
  const wanted = {
    run: scope.run ?? null,
    at: momentIn(scope),
    asOf: timeOption('asOf', scope.asOf),
    ...(staleAfter !== undefined && { staleAfter: daysOf('staleAfter', staleAfter) }),
    ...(maxAge !== undefined && { maxAge: maxAge === null ? null : daysOf('maxAge', maxAge) }),
  };
  const store = openScannedStore(path);
  try {
    return findingStore(store, openScopedReport(store, wanted));
  } catch (error) {
    store.close();
    throw error;
  }
}

/** Its methods need no `this`, so that callers may take them apart. */
function findingStore(store: Store, report: Report): FindingStore {
  const open = new OpenReading(store);
  const rules = [...RULES, ...report.furtherRules.map(({ metadata }) => metadata)];
  return {
    findings({ status, rule }: FindingFilter = {}) {
      const outcomes = outcomesOf(status);
      if (rule !== undefined && !rules.some(({ id }) => id === rule)) {
        throw new TrustsieveError(
          'not-found',
          `no rule \`${rule}\` has judged in the store \`${store.path}\``,
        );
      }
      const from = rule === undefined ? report : onlyRule(report, rule);
      const options = { rules, noteSentences: {}, ...(outcomes !== null && { outcomes }) };
      return open.list(() => reportObjects(from, options));
    },
    completeness: () => open.read(() => completenessOf(report)),
    totals: () => open.read(() => report.totals()),
    changes: () => open.read(() => report.changes()),
    accounts: () => open.list(() => report.accounts()),
    evidence: () => open.list(() => report.evidence()),
    rejects: () => open.list(() => report.rejects()),
    disagreements: () => open.list(() => report.disagreements()),
    runs: () => open.read(() => store.listRuns()),
    close: () => open.close(),
  };
}

/** Reads a store until it is closed. */
class OpenReading {
  private readonly store: Store;
  /** Lists under way, which SQLite holds open. */
  private readonly underWay = new Set<Iterator<unknown>>();
  private closed = false;

  constructor(store: Store) {
    this.store = store;
  }

  close(): void {
    this.closed = true;
    for (const list of this.underWay) list.return?.();
    this.underWay.clear();
    this.store.close();
  }

  read<Value>(value: () => Value): Value {
    if (this.closed) throw usage(`the store \`${this.store.path}\` is closed`);
    return value();
  }

  /** A list that was not read to its end when the store was closed throws: it must not look as if it had ended. */
  list<Row>(rows: () => Iterable<Row>): Iterable<Row> {
    return { [Symbol.iterator]: () => this.iterate(this.read(rows)[Symbol.iterator]()) };
  }

  private iterate<Row>(rows: Iterator<Row>): Iterator<Row> {
    this.underWay.add(rows);
    return {
      next: () => {
        const step = this.read(() => rows.next());
        if (step.done === true) this.underWay.delete(rows);
        return step;
      },
      return: () => {
        this.underWay.delete(rows);
        rows.return?.();
        return { done: true, value: undefined };
      },
    };
  }
}

function completenessOf(source: ReportSource): StoreCompleteness {
  const missing = missingOf(source);
  const standing = standingOf(missing);
  const { interrupted, missingParts } = source;
  return { ...missing, complete: standing === 'complete', standing, interrupted, missingParts };
}

function onlyRule(source: ReportSource, rule: string): ReportSource {
  return { ...source, verdicts: (filter) => source.verdicts({ ...filter, rule }) };
}

/** Null: as reports do. */
function outcomesOf(status: FindingFilter['status']): readonly Outcome[] | null {
  if (status === undefined) return null;
  if (status === 'all') return OUTCOMES;
  // Nothing asked for would look like nothing found.
  if (Array.isArray(status) && status.length > 0 && status.every((one) => OUTCOMES.includes(one)))
    return status;
  throw usage(`\`status\` is a list of ${OUTCOMES.join(', ')}, or all`);
}

function momentIn({ run, at }: StoreScope): Moment | null {
  if (run !== undefined && !Number.isSafeInteger(run)) throw usage('`run` is the number of a run');
  if (at === undefined) return null;
  if (run !== undefined) throw usage('`at` and `run` do not go together: a run has moments of its own');
  const moment = momentOf(at);
  if (moment !== null) return moment;
  throw usage('`at` is not a date or time: write it like 2026-03-31 or 2026-03-31T12:00:00Z');
}

function daysOf(name: string, days: number): number {
  if (Number.isInteger(days) && days >= 0) return days;
  throw usage(`\`${name}\` is a whole number of days`);
}

function usage(message: string): TrustsieveError {
  return new TrustsieveError('usage', message);
}

import type { FindingState, Outcome, Severity, VerdictObject } from '../audit/verdict.ts';
import type {
  AccountRow,
  ChangeCounts,
  DisagreementRow,
  EvidenceRow,
  ReportSource,
  StoredVerdict,
} from '../store/types.ts';
import { type ExternalAccount, ExternalTally } from './external-accounts.ts';
import { unreadFiles } from './missing-objects.ts';
import { type ClassCounts, classOf, emptyCounts } from './selection.ts';
import { SEVERITIES, STATES } from './shared/labels.ts';
import { carriedAccounts } from './shared/missing.ts';
import { exposedPaths } from './shared/paths.ts';

/** Findings the page shows without any script. */
export const STATIC_FINDINGS = 50;
/** Incomplete accounts and files the summary names one by one. */
const NAMED_GAPS = 12;
/** Roles on which files disagree that a report names one by one. */
const NAMED_DISAGREEMENTS = 2_000;
/** Pairs of an external account and an own one counted one by one; beyond that the picture says that it is partial. */
const COUNTED_PAIRS = 200_000;

/** What the summary says of the whole result, gathered in one pass with memory that does not grow with it. */
export interface Statistics {
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly severities: Readonly<Record<Severity, number>>;
  readonly classes: ClassCounts;
  /** Verdicts by rule. */
  readonly byRule: ReadonlyMap<string, Readonly<Record<Outcome, number>>>;
  /** Failing verdicts, and errors where a finding was before, by state. */
  readonly states: Readonly<Record<FindingState, number>>;
  /** The same and what is gone, as `diff` counts it. */
  readonly changes: ChangeCounts;
  /** Failing verdicts that an exception accepts; they stay counted as failing. */
  readonly suppressed: number;
  readonly weakPasses: number;
  /** Verdicts by sound and literal reading, where the two are not the same. */
  readonly differences: readonly {
    readonly verdict: Outcome;
    readonly literal: Outcome;
    readonly count: number;
  }[];
  /** Failing verdicts by account, in the order of SEVERITIES. */
  readonly byAccount: ReadonlyMap<string, readonly number[]>;
  /** Accounts that get in, the most unguarded roles first. */
  readonly externals: readonly ExternalAccount[];
  readonly externalsPartial: boolean;
  /** Failing roles by the external account that gets in and the account it gets into. */
  readonly reach: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Some pairs of accounts were not counted, because there were too many. */
  readonly reachPartial: boolean;
  /** Rows in the list of rejected records. */
  readonly rejects: number;
  /** Accounts whose evidence is incomplete and files that are not complete, the first of each. */
  readonly incompleteAccounts: readonly AccountRow[];
  /** Ages in days of the accounts that are carried forward, by account. */
  readonly carriedAccounts: ReadonlyMap<string, number>;
  readonly incompleteFiles: readonly EvidenceRow[];
  readonly incompleteFileCount: number;
  /** The first roles on which files disagree, and how many there are. */
  readonly disagreements: readonly DisagreementRow[];
  readonly disagreementCount: number;
  /** The worst findings, as many as the page shows without a script. */
  readonly worst: readonly VerdictObject[];
}

/** `also` sees every verdict on the way. */
export function gatherStatistics(
  source: ReportSource,
  also: (verdict: StoredVerdict) => void = () => undefined,
): Statistics {
  const outcomes: Record<Outcome, number> = { pass: 0, fail: 0, 'not-applicable': 0, error: 0 };
  const severities: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0 };
  const states = Object.fromEntries(STATES.map((state) => [state, 0])) as Record<FindingState, number>;
  const classes = emptyCounts();
  const byRule = new Map<string, Record<Outcome, number>>();
  const differences = new Map<string, { verdict: Outcome; literal: Outcome; count: number }>();
  const byAccount = new Map<string, number[]>();
  const externals = new ExternalTally();
  const worst: Record<string, VerdictObject[]> = {};
  let suppressed = 0;
  let weakPasses = 0;
  const reach = new Map<string, Map<string, number>>();
  let pairs = 0;

  for (const verdict of source.verdicts({})) {
    also(verdict);
    const { object } = verdict;
    const group = classOf(object);
    classes[group] += 1;
    outcomes[object.verdict] += 1;
    const ofRule = byRule.get(object.rule) ?? { pass: 0, fail: 0, 'not-applicable': 0, error: 0 };
    ofRule[object.verdict] += 1;
    byRule.set(object.rule, ofRule);
    if (object.verdict === 'pass' && object.severity !== null) weakPasses += 1;
    if (object.verdict !== object.literal) {
      const key = `${object.verdict} ${object.literal}`;
      const found = differences.get(key);
      if (found !== undefined) found.count += 1;
      else differences.set(key, { verdict: object.verdict, literal: object.literal, count: 1 });
    }
    if (object.verdict === 'fail' || object.verdict === 'error') {
      worst[group] ??= [];
      if (worst[group].length < STATIC_FINDINGS) worst[group].push(object);
    }
    // Of what is undecided nothing is claimed, so nobody is said to get in there.
    if (object.verdict !== 'error') externals.add(object.paths);
    if (object.state !== null) states[object.state] += 1;
    if (object.verdict !== 'fail') continue;

    const severity = object.severity ?? 'low';
    severities[severity] += 1;
    if (object.suppressedBy !== null) suppressed += 1;
    const counts = byAccount.get(object.account) ?? [0, 0, 0, 0];
    const rank = SEVERITIES.indexOf(severity);
    counts[rank] = (counts[rank] ?? 0) + 1;
    byAccount.set(object.account, counts);
    for (const path of onePathOfEach(object)) {
      const into = reach.get(path.account) ?? new Map<string, number>();
      const before = into.get(object.account);
      if (before === undefined) pairs += 1;
      if (before !== undefined || pairs <= COUNTED_PAIRS) {
        reach.set(path.account, into.set(object.account, (before ?? 0) + 1));
      }
    }
  }

  let rejects = 0;
  for (const _ of source.rejects()) rejects += 1;
  const incompleteAccounts: AccountRow[] = [];
  for (const row of source.accounts()) {
    if (!row.complete && incompleteAccounts.length < NAMED_GAPS) incompleteAccounts.push(row);
  }
  const incompleteFiles: EvidenceRow[] = [];
  let incompleteFileCount = 0;
  for (const row of unreadFiles(source)) {
    incompleteFileCount += 1;
    if (incompleteFiles.length < NAMED_GAPS) incompleteFiles.push(row);
  }
  const disagreements: DisagreementRow[] = [];
  let disagreementCount = 0;
  for (const row of source.disagreements()) {
    disagreementCount += 1;
    if (disagreements.length < NAMED_DISAGREEMENTS) disagreements.push(row);
  }

  return {
    rejects,
    incompleteAccounts,
    carriedAccounts: carriedAccounts(source),
    incompleteFiles,
    incompleteFileCount,
    disagreements,
    disagreementCount,
    outcomes,
    severities,
    classes,
    byRule,
    states,
    changes: source.changes(),
    suppressed,
    weakPasses,
    differences: [...differences.values()].sort((a, b) => b.count - a.count || compare(keyOf(a), keyOf(b))),
    byAccount,
    externals: externals.ranked(),
    externalsPartial: externals.partial,
    reach,
    reachPartial: pairs > COUNTED_PAIRS,
    worst: ['critical', 'high', 'error', 'medium', 'low']
      .flatMap((group) => worst[group] ?? [])
      .slice(0, STATIC_FINDINGS),
  };
}

function onePathOfEach(object: VerdictObject) {
  const paths = new Map(exposedPaths(object.paths).map((path) => [path.account, path]));
  return paths.values();
}

function keyOf(difference: { verdict: string; literal: string }): string {
  return `${difference.verdict} ${difference.literal}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

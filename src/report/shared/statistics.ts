import type { EvidenceRow } from '../../model/evidence-row.ts';
import type { Outcome } from '../../model/exposure.ts';
import { type ClosingStatement, effectiveVerdict, isClosedByGuardrail } from '../../model/guardrail.ts';
import type {
  AccountRow,
  CountedVerdict,
  ReportSource,
  StoredVerdict,
  VerdictFilter,
} from '../../model/report-source.ts';
import { outsiderOf } from '../../model/third-party.ts';
import type { ChangeCounts } from '../../model/trend.ts';
import type { FindingState, Severity } from '../../model/verdict.ts';
import { type ClassCounts, classOf, emptyCounts } from '../../model/verdict-class.ts';
import { ofFirstRoles } from './disagreement.ts';
import { type ExternalAccount, ExternalTally } from './external-accounts.ts';
import { SEVERITIES, STATES } from './labels.ts';
import { carriedAccounts } from './missing.ts';
import { unreadFiles } from './missing-objects.ts';
import { exposedPaths } from './paths.ts';
import { type Failing, FailingCounts } from './words/headline.ts';
import { type WorstFinding, WorstFindings } from './worst-findings.ts';

/** Findings the page shows without any script. */
export const STATIC_FINDINGS = 50;
/** Findings of each rule that a report names first of all. */
const LEADING_FINDINGS = 5;
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
  /** Failing verdicts by rule. */
  readonly failing: ReadonlyMap<string, Failing>;
  /** The worst few failing verdicts by rule: of those that no exception accepts, or, where there are none, of the accepted. */
  readonly leading: ReadonlyMap<string, readonly WorstFinding[]>;
  /** Failing verdicts, and errors where a finding was before, by state. */
  readonly states: Readonly<Record<FindingState, number>>;
  /** The same and what is gone, as `diff` counts it. */
  readonly changes: ChangeCounts;
  /** Failing verdicts that an exception accepts; they stay counted as failing. */
  readonly suppressed: number;
  readonly weakPasses: number;
  /** Verdicts that fail by the trust policy alone, and that guardrails close; they are counted as what they come to. */
  readonly closed: number;
  /** Statements that close them, with how many of them each takes part in: first the one that closes most. */
  readonly closing: readonly { readonly statement: ClosingStatement; readonly closed: number }[];
  /** Verdicts of trust policies by sound and literal reading, where the two are not the same. */
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
  /** The first roles on which files disagree, and how many these are. */
  readonly disagreements: ReturnType<typeof ofFirstRoles>;
  /** The worst findings, as many as the page shows without a script. */
  readonly worst: readonly WorstFinding[];
}

/** What whoever gathers statistics wants to see on the way. */
export interface Listed {
  /** How many verdicts that are no findings; findings and errors come all, in their order. */
  readonly most: NonNullable<VerdictFilter['most']>;
  take(verdict: StoredVerdict): void;
}

const NONE: Listed = {
  most: { 'notable-pass': 0, 'notable-not-applicable': 0, pass: 0, 'not-applicable': 0 },
  take: () => undefined,
};

export function gatherStatistics(source: ReportSource, { most, take }: Listed = NONE): Statistics {
  let tally = new VerdictTally();
  for (const verdict of source.verdicts({ most })) {
    take(verdict);
    const effective = effectiveVerdict(verdict.object);
    if (effective === 'fail' || effective === 'error') tally.add(verdict);
  }
  for (const { verdict, count } of source.verdictCounts()) tally.count(verdict, count);
  if (tally.isPartial) {
    // Which accounts are left out hangs on the order.
    tally = new VerdictTally();
    for (const verdict of source.verdicts({})) tally.add(verdict);
  }
  return { ...tally.counts(), ...gapsOf(source), changes: source.changes() };
}

type Gaps = Pick<
  Statistics,
  | 'rejects'
  | 'incompleteAccounts'
  | 'carriedAccounts'
  | 'incompleteFiles'
  | 'incompleteFileCount'
  | 'disagreements'
>;

/** What the evidence lacks, the first of each kind. */
function gapsOf(source: ReportSource): Gaps {
  const accounts = firstWhere(source.accounts(), ({ complete }) => !complete);
  const files = firstWhere(unreadFiles(source), () => true);
  let rejects = 0;
  for (const _ of source.rejects()) rejects += 1;
  return {
    rejects,
    incompleteAccounts: accounts.first,
    carriedAccounts: carriedAccounts(source),
    incompleteFiles: files.first,
    incompleteFileCount: files.count,
    disagreements: ofFirstRoles(source.disagreements(), NAMED_DISAGREEMENTS),
  };
}

function firstWhere<T>(
  rows: Iterable<T>,
  isWanted: (row: T) => boolean,
): { readonly first: readonly T[]; readonly count: number } {
  const first: T[] = [];
  let count = 0;
  for (const row of rows) {
    if (!isWanted(row)) continue;
    count += 1;
    if (first.length < NAMED_GAPS) first.push(row);
  }
  return { first, count };
}

/**
 * Findings that `diff` counts as not comparable and no row of a report shows as such: they were there as last seen, and
 * what is there now is no finding, or not known.
 */
export function uncomparedElsewhere(
  states: Readonly<Record<FindingState, number>>,
  { notComparable }: ChangeCounts,
): number {
  return Math.max(0, notComparable - states.baseline - states['not-comparable']);
}

type Counted = Pick<StoredVerdict, 'object' | 'ways' | 'leftMessage'>;

/** Counts verdicts one by one. */
class VerdictTally {
  private readonly outcomes = noOutcomes();
  private readonly severities: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0 };
  private readonly states = Object.fromEntries(STATES.map((state) => [state, 0])) as Record<
    FindingState,
    number
  >;
  private readonly classes = emptyCounts();
  private readonly byRule = new Map<string, Record<Outcome, number>>();
  private readonly differences = new Map<string, { verdict: Outcome; literal: Outcome; count: number }>();
  private readonly byAccount = new Map<string, number[]>();
  private readonly externals = new ExternalTally();
  private readonly reach = new Map<string, Map<string, number>>();
  private readonly worst = new WorstFindings(STATIC_FINDINGS);
  private readonly failing = new Map<string, FailingTally>();
  private pairs = 0;
  private suppressed = 0;
  private weakPasses = 0;
  private closed = 0;
  private readonly closing = new Map<string, { statement: ClosingStatement; closed: number }>();

  add(verdict: Counted): void {
    const { object, ways } = verdict;
    const effective = effectiveVerdict(object);
    this.count({ ...object, paths: ways }, 1);
    if (object.state !== null) this.states[object.state] += 1;
    if (effective === 'fail') this.addFailing(verdict);
    if (effective === 'fail' || effective === 'error') this.worst.add(verdict);
  }

  /** Takes what verdicts are alike in, be it the whole of what they say or not. */
  count(verdict: CountedVerdict, times: number): void {
    this.addOutcome(verdict, times);
    this.addDifference(verdict, times);
    // Of what is undecided nothing is claimed, so nobody is said to get in there.
    if (effectiveVerdict(verdict) !== 'error') this.externals.add(verdict.paths, times);
  }

  get isPartial(): boolean {
    return this.externals.partial;
  }

  counts(): Omit<Statistics, keyof Gaps | 'changes'> {
    const { outcomes, severities, classes, byRule, states, byAccount, reach } = this;
    const { suppressed, weakPasses, closed } = this;
    return {
      outcomes,
      severities,
      classes,
      byRule,
      failing: new Map([...this.failing].map(([rule, { counts }]) => [rule, counts])),
      leading: new Map([...this.failing].map(([rule, { leading }]) => [rule, leadingOf(leading)])),
      states,
      suppressed,
      weakPasses,
      closed,
      closing: [...this.closing]
        .sort(([a, { closed: m }], [b, { closed: n }]) => n - m || (a < b ? -1 : 1))
        .map(([, one]) => one),
      byAccount,
      reach,
      differences: [...this.differences.values()].sort(
        (a, b) => b.count - a.count || (keyOf(a) < keyOf(b) ? -1 : 1),
      ),
      externals: this.externals.ranked(),
      externalsPartial: this.externals.partial,
      reachPartial: this.pairs > COUNTED_PAIRS,
      worst: this.worst.list(),
    };
  }

  private addOutcome(counted: CountedVerdict, times: number): void {
    const { severity, rule } = counted;
    const verdict = effectiveVerdict(counted);
    if (isClosedByGuardrail(counted)) this.addClosed(counted, times);
    this.classes[classOf(counted)] += times;
    this.outcomes[verdict] += times;
    const ofRule = this.byRule.get(rule) ?? noOutcomes();
    ofRule[verdict] += times;
    this.byRule.set(rule, ofRule);
    if (verdict === 'pass' && severity !== null) this.weakPasses += times;
  }

  private addClosed({ guardrail }: CountedVerdict, times: number): void {
    this.closed += times;
    for (const statement of guardrail?.policies ?? []) {
      const key = JSON.stringify([statement.id, statement.statement, statement.attachedTo]);
      const found = this.closing.get(key);
      if (found !== undefined) found.closed += times;
      else this.closing.set(key, { statement, closed: times });
    }
  }

  private addDifference(counted: CountedVerdict, times: number): void {
    const { verdict, literal } = counted;
    if (verdict === literal) return;
    const found = this.differences.get(keyOf(counted));
    if (found !== undefined) found.count += times;
    else this.differences.set(keyOf(counted), { verdict, literal, count: times });
  }

  private addFailing(verdict: Counted): void {
    const { object, ways } = verdict;
    const severity = object.severity ?? 'low';
    this.severities[severity] += 1;
    const what = object.suppressedBy === null ? 'open' : 'accepted';
    if (what === 'accepted') this.suppressed += 1;
    const ofRule = this.failing.get(object.rule) ?? noFailing();
    this.failing.set(object.rule, ofRule);
    ofRule.counts.add(object, ways);
    ofRule.leading[what].add(verdict);
    const counts = this.byAccount.get(object.account) ?? [0, 0, 0, 0];
    const rank = SEVERITIES.indexOf(severity);
    counts[rank] = (counts[rank] ?? 0) + 1;
    this.byAccount.set(object.account, counts);
    for (const outsider of new Set(exposedPaths(ways).map(outsiderOf)))
      this.addReach(outsider, object.account);
  }

  private addReach(from: string, to: string): void {
    const into = this.reach.get(from) ?? new Map<string, number>();
    const before = into.get(to);
    if (before === undefined) this.pairs += 1;
    if (before === undefined && this.pairs > COUNTED_PAIRS) return;
    this.reach.set(from, into.set(to, (before ?? 0) + 1));
  }
}

interface FailingTally {
  readonly counts: FailingCounts;
  readonly leading: { readonly open: WorstFindings; readonly accepted: WorstFindings };
}

function noFailing(): FailingTally {
  const leading = {
    open: new WorstFindings(LEADING_FINDINGS),
    accepted: new WorstFindings(LEADING_FINDINGS),
  };
  return { counts: new FailingCounts(), leading };
}

function leadingOf({ open, accepted }: FailingTally['leading']): readonly WorstFinding[] {
  const standing = open.list();
  return standing.length > 0 ? standing : accepted.list();
}

function noOutcomes(): Record<Outcome, number> {
  return { pass: 0, fail: 0, 'not-applicable': 0, error: 0 };
}

function keyOf(difference: { verdict: string; literal: string }): string {
  return `${difference.verdict} ${difference.literal}`;
}

import { parseJson } from '../../iam/json.ts';
import { prettyPolicy } from '../../iam/pretty-policy.ts';
import type { Outcome } from '../../model/exposure.ts';
import type { EvidencePeriod } from '../../model/report-source.ts';
import type { ChangeCounts } from '../../model/trend.ts';
import type { Store, StoreReader } from '../../store/index.ts';
import { openDisagreementTally } from '../completeness/disagreement-tally.ts';
import { runFactsIn } from '../run-facts.ts';
import {
  type AccountCoverage,
  type AccountPair,
  accountPairs,
  type CoveredAccount,
  countAccounts,
  coveredAccounts,
  type DiffSide,
  type LooksBefore,
  refuseBackwards,
  type SidesCaptures,
  sideCaptures,
} from './account-pairs.ts';
import { type Change, type ChangeCause, type FindingChange, openChangeTally } from './change.ts';
import { ChangeDescriber, type ChangeDetails } from './change-details.ts';
import { type ChangeGroups, ChangeGroupTally } from './change-groups.ts';
import {
  type ComparedAccount,
  type CountedChanges,
  compareAccount,
  type SideRules,
} from './compare-account.ts';
import { ledgersBefore } from './finding-state.ts';
import { remarksOn } from './remarks.ts';

export type { CoveredAccount, DiffSide, LooksBefore, SideCaptures } from './account-pairs.ts';
export type { ChangeDetails, Direction, OutsideAccount } from './change-details.ts';
export type { ChangeGroup, ChangeGroups } from './change-groups.ts';

/** One finding that is on either side. */
export interface DiffChange extends ChangeDetails {
  readonly change: Change;
  /** Null when unchanged. */
  readonly cause: ChangeCause | null;
  readonly rule: string;
  readonly account: string;
  readonly arn: string;
  readonly roleId: string;
  /** Null where there was no role, or nothing is known of it. */
  readonly fromVerdict: Outcome | null;
  readonly toVerdict: Outcome | null;
  readonly accountName: string | null;
  readonly roleName: string;
}

export type DiffSummary = Omit<ChangeCounts, 'baseline'>;

export interface Diff {
  readonly from: string;
  readonly to: string;
  readonly coverage: { readonly accounts: AccountCoverage };
  /** Those on either side, by id. */
  readonly accounts: readonly CoveredAccount[];
  readonly captures: SidesCaptures;
  /** From when to when the store has evidence; null without any. */
  readonly evidence: EvidencePeriod | null;
  /** What a reader has to know of the two sides before any number; see `remarksOn`. */
  readonly remarks: readonly string[];
  readonly summary: DiffSummary;
  /** What `summary` counts in more detail, but for what is unchanged. */
  readonly groups: ChangeGroups;
  /** Findings of `summary.notComparable` of whose account and rule there is no earlier look. */
  readonly baseline: number;
  /** Why the comparison may mislead, as parts of one sentence: findings on whose role files of one moment disagree. */
  readonly disputed: readonly string[];
  /** By account, ARN, rule, role id; streamed, and readable more than once. */
  readonly changes: Iterable<DiffChange>;
  /** A policy of a change laid out for reading; null where the export had none that could be read. */
  policyLines(policy: number): readonly string[] | null;
}

export interface DiffOptions {
  /** Lists unchanged findings too. */
  readonly all?: boolean;
  /** Changes held so that the store need not be read a second time, each with whom it lets in counted one by one. */
  readonly heldChanges?: number;
}

const HELD_CHANGES = 50_000;

/**
 * Compares the findings of the store between two moments or runs.
 * Errors: `not-found` for an unknown run; `usage` where an account would go back in time.
 */
export function diffStore(
  store: Store,
  from: DiffSide | LooksBefore,
  to: DiffSide,
  { all = false, heldChanges = HELD_CHANGES }: DiffOptions = {},
): Diff {
  const comparison = new StoreComparison(store, from, to);
  const tally = openChangeTally();
  const groups = new ChangeGroupTally();
  const disagreements = openDisagreementTally();
  const held: DiffChange[] = [];
  let weight = 0;
  const counted = { wants: isUnchanged, add: tally.add };
  for (const change of comparison.changes(all ? undefined : counted)) {
    tally.add(change);
    if (change.disputed) disagreements.add(change);
    if (!all && isUnchanged(change)) continue;
    const told = comparison.told(change);
    groups.add(told);
    weight += 1 + told.fromWho.length + told.toWho.length;
    if (weight <= heldChanges) held.push(told);
    else held.length = 0;
  }
  const { baseline, ...summary } = tally.counts();
  const accounts = coveredAccounts(comparison.pairs, to);
  return {
    from: from.label,
    to: to.label,
    coverage: { accounts: countAccounts(accounts) },
    accounts,
    captures: sideCaptures(accounts),
    evidence: store.reader.evidencePeriod(),
    remarks: remarksOn(store.reader, comparison.pairs, from, to),
    summary,
    groups: groups.counts(),
    baseline,
    disputed: disagreements.reasons(' that were compared'),
    policyLines: (policy) => policyLines(store.reader.policyDocument(policy)),
    changes:
      weight <= heldChanges ? held : { [Symbol.iterator]: () => listed(comparison, all)[Symbol.iterator]() },
  };
}

function policyLines(document: string | null): readonly string[] | null {
  if (document === null) return null;
  try {
    return prettyPolicy(parseJson(document)).split('\n');
  } catch {
    return [document];
  }
}

type AccountChange = FindingChange & Pick<DiffChange, 'account' | 'accountName'>;

/** What becomes of the findings of a store between two sides. */
class StoreComparison {
  readonly pairs: readonly AccountPair[];
  private readonly reader: StoreReader;
  private readonly from: DiffSide | LooksBefore;
  private readonly to: DiffSide;
  private readonly rulesFrom: SideRules;
  private readonly rulesTo: SideRules;
  /** The entity types that rules of rule files judge. */
  private readonly judgedKinds: ReadonlySet<string>;
  private readonly describer: ChangeDescriber;

  constructor(store: Store, from: DiffSide | LooksBefore, to: DiffSide) {
    this.reader = store.reader;
    this.from = from;
    this.to = to;
    this.rulesTo = rulesOf(store, to.scope);
    this.rulesFrom = from.scope.kind === 'previous' ? this.rulesTo : rulesOf(store, from.scope);
    this.pairs = accountPairs(this.reader, from, to);
    const further = [...this.rulesFrom.furtherRules, ...this.rulesTo.furtherRules];
    this.judgedKinds = new Set(further.map(({ kind }) => kind));
    this.describer = new ChangeDescriber(this.reader, further);
  }

  /** By account, ARN, rule, role id; may be asked for more than once. `counted`: see compareAccount. */
  *changes(counted?: CountedChanges): Iterable<AccountChange> {
    for (const pair of this.pairs) {
      const { account, name: accountName } = pair;
      const looks = { ...pair, strict: true, ...this.ledgers(account) };
      for (const change of compareAccount(this.reader, looks, this.rulesFrom, this.rulesTo, counted)) {
        yield { ...change, account, accountName };
      }
    }
  }

  told(one: AccountChange): DiffChange {
    const { change, cause, rule, account, arn, roleId, fromVerdict, toVerdict, accountName, roleName } = one;
    return {
      change,
      cause,
      rule,
      account,
      arn,
      roleId,
      fromVerdict,
      toVerdict,
      accountName,
      roleName,
      ...this.describer.describe(account, one),
    };
  }

  private ledgers(account: string): Pick<ComparedAccount, 'ledgersFrom' | 'ledgersTo'> {
    const { reader, from, to } = this;
    const ledgersTo = reader.ledgerLooks(to.scope, account);
    const ledgersFrom =
      from.scope.kind === 'previous'
        ? ledgersBefore(reader, ledgersTo)
        : reader.ledgerLooks(from.scope, account);
    for (const [kind, ledger] of ledgersFrom) {
      const looks = { from: ledger, to: ledgersTo.get(kind) ?? null };
      if (this.judgedKinds.has(kind)) refuseBackwards(`the ${kind} of account ${account}`, looks, from, to);
    }
    return { ledgersFrom, ledgersTo };
  }
}

function* listed(comparison: StoreComparison, all: boolean): Iterable<DiffChange> {
  for (const change of comparison.changes(all ? undefined : UNCOUNTED)) {
    if (all || !isUnchanged(change)) yield comparison.told(change);
  }
}

/** For a second reading, when they are counted already. */
const UNCOUNTED: CountedChanges = { wants: isUnchanged, add: () => undefined };

function isUnchanged({ change }: FindingChange): boolean {
  return change === 'unchanged';
}

/** The rules of a run; at a moment in evidence time those of the last run, like in a report. */
function rulesOf({ reader, path }: Store, scope: DiffSide['scope']): SideRules {
  return runFactsIn(reader, path, scope.kind === 'run' ? scope.run : null) ?? { rules: [], furtherRules: [] };
}

import type { Outcome } from '../audit/verdict.ts';
import { TrustsieveError } from '../errors.ts';
import type { StoreReader } from '../store/reader.ts';
import type { CaptureScope } from '../store/scope.ts';
import type { Store } from '../store/store.ts';
import type { ChangeCounts } from '../store/types.ts';
import type { Change, ChangeCause } from './change.ts';
import { openChangeTally } from './change-counts.ts';
import type { FindingChange } from './compare.ts';
import { compareAccount, type SideRules } from './compare-account.ts';
import { openDisagreementTally } from './disagreement-tally.ts';
import { lookBefore } from './looks.ts';
import { dayNumber } from './periods.ts';
import type { Look } from './standing.ts';
import { ledgersBefore } from './state.ts';

/** One side of a comparison: a moment in evidence time, or what one run read. */
export interface DiffSide {
  /** As shown. */
  readonly label: string;
  readonly scope: Extract<CaptureScope, { readonly kind: 'at' | 'run' | 'all' }>;
}

/** Each account at the look before that of the other side: the earlier side of the states in reports. */
export interface LooksBefore {
  readonly label: string;
  readonly scope: { readonly kind: 'previous' };
}

/** One finding that is on either side. */
export interface DiffChange {
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
}

/** What a comparison covers, in accounts. */
export interface AccountCoverage {
  readonly both: number;
  readonly onlyFrom: number;
  readonly onlyTo: number;
  /** Of `both`: no capture since the earlier side, so that nothing can have changed. */
  readonly carriedForward: number;
  /** Of all: not every role is known on a side that covers it. */
  readonly incomplete: number;
}

/** How one account is covered. Times are ISO 8601 UTC; null: not covered. */
export interface CoveredAccount {
  readonly account: string;
  readonly name: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly carriedForward: boolean;
  readonly incomplete: boolean;
  /** Whole days from its capture to the later side. */
  readonly age: number;
}

export type DiffSummary = Omit<ChangeCounts, 'baseline'>;

export interface Diff {
  readonly from: string;
  readonly to: string;
  readonly coverage: { readonly accounts: AccountCoverage };
  /** Those on either side, by id. */
  readonly accounts: readonly CoveredAccount[];
  readonly summary: DiffSummary;
  /** Findings of `summary.notComparable` of whose account and rule there is no earlier look. */
  readonly baseline: number;
  /** Why the comparison may mislead, as parts of one sentence: findings on whose role files of one moment disagree. */
  readonly disputed: readonly string[];
  /** By account, ARN, rule, role id; streamed, and readable more than once. */
  readonly changes: Iterable<DiffChange>;
}

export interface DiffOptions {
  /** Lists unchanged findings too. */
  readonly all?: boolean;
  /** Changes held so that the store need not be read a second time. */
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
  options: DiffOptions = {},
): Diff {
  const { all = false, heldChanges = HELD_CHANGES } = options;
  const { reader } = store;
  const rulesTo = rulesOf(store, to.scope);
  const rulesFrom = from.scope.kind === 'previous' ? rulesTo : rulesOf(store, from.scope);
  const pairs = pairsOf(reader, from.scope, to.scope);
  for (const pair of pairs) refuseBackwards(`account ${pair.account}`, pair, from, to);

  const further = new Set(
    [...rulesFrom.furtherRules, ...rulesTo.furtherRules].map(({ kind }) => kind as string),
  );

  function* changes(): Iterable<FindingChange & { readonly account: string }> {
    for (const pair of pairs) {
      const { account } = pair;
      const ledgersTo = reader.ledgerMoments(to.scope, account);
      const ledgersFrom =
        from.scope.kind === 'previous'
          ? ledgersBefore(reader, ledgersTo)
          : reader.ledgerMoments(from.scope, account);
      for (const [kind, ledger] of ledgersFrom) {
        const later = ledgersTo.get(kind) ?? null;
        if (further.has(kind))
          refuseBackwards(`the ${kind} of account ${account}`, { from: ledger, to: later }, from, to);
      }
      const looks = { ...pair, strict: true, ledgersFrom, ledgersTo };
      for (const change of compareAccount(reader, looks, rulesFrom, rulesTo)) yield { ...change, account };
    }
  }

  function* listed(): Iterable<DiffChange> {
    for (const change of changes()) if (all || change.change !== 'unchanged') yield told(change);
  }

  const tally = openChangeTally();
  const disagreements = openDisagreementTally();
  const held: DiffChange[] = [];
  let complete = true;
  for (const change of changes()) {
    tally.add(change);
    if (change.disputed) disagreements.add(change);
    if (!all && change.change === 'unchanged') continue;
    if (held.length < heldChanges) held.push(told(change));
    else complete = false;
  }
  const { baseline, ...summary } = tally.counts();
  const accounts = coveredAccounts(pairs, to);
  return {
    from: from.label,
    to: to.label,
    coverage: { accounts: countAccounts(accounts) },
    accounts,
    summary,
    baseline,
    disputed: disagreements.reasons(' that were compared'),
    changes: complete ? held : { [Symbol.iterator]: () => listed()[Symbol.iterator]() },
  };
}

function told(one: FindingChange & { readonly account: string }): DiffChange {
  const { change, cause, rule, account, arn, roleId, fromVerdict, toVerdict } = one;
  return { change, cause, rule, account, arn, roleId, fromVerdict, toVerdict };
}

/** The rules of a run; at a moment in evidence time those of the last run, like in a report. */
function rulesOf(store: Store, scope: DiffSide['scope']): SideRules {
  const facts = store.reader.runFacts(scope.kind === 'run' ? scope.run : null);
  if (facts !== null) return facts;
  if (scope.kind !== 'run') return { rules: [], furtherRules: [] };
  throw new TrustsieveError(
    'not-found',
    `no run \`${scope.run}\` in \`${store.path}\`: list them with \`trustsieve runs\``,
  );
}

interface LookPair {
  readonly account: string;
  readonly name: string | null;
  readonly from: Look | null;
  readonly to: Look | null;
}

function pairsOf(
  reader: StoreReader,
  from: (DiffSide | LooksBefore)['scope'],
  to: DiffSide['scope'],
): readonly LookPair[] {
  const later = reader.accountMoments(to);
  if (from.kind === 'previous') {
    return later.map((moment) => ({
      account: moment.account,
      name: moment.name,
      from: lookBefore(reader, moment.account, moment.at),
      to: moment,
    }));
  }
  const pairs = new Map<string, LookPair>();
  for (const moment of reader.accountMoments(from)) {
    const { account, name } = moment;
    pairs.set(account, { account, name, from: moment, to: null });
  }
  for (const moment of later) {
    const { account, name } = moment;
    pairs.set(account, { account, name, from: pairs.get(account)?.from ?? null, to: moment });
  }
  return [...pairs.values()].sort((a, b) => (a.account < b.account ? -1 : 1));
}

/** What was resolved in between would be called new, and the other way round. */
function refuseBackwards(
  what: string,
  looks: Pick<LookPair, 'from' | 'to'>,
  from: DiffSide | LooksBefore,
  to: DiffSide,
): void {
  if (looks.from === null || looks.to === null || looks.from.at <= looks.to.at) return;
  throw new TrustsieveError(
    'usage',
    `\`${from.label}\` goes back in time to \`${to.label}\`: ${what} was captured at ${looks.from.at}Z there and at ${looks.to.at}Z here; name the earlier first, or compare dates`,
  );
}

function coveredAccounts(pairs: readonly LookPair[], { label, scope }: DiffSide): readonly CoveredAccount[] {
  const latest = pairs.reduce((last, { to }) => (to !== null && to.at > last ? to.at : last), '');
  const end = dayNumber(scope.kind === 'at' ? label : latest);
  return pairs.map(({ account, name, from, to }) => {
    const at = (to ?? from)?.at ?? '';
    return {
      account,
      name,
      from: from === null ? null : `${from.at}Z`,
      to: to === null ? null : `${to.at}Z`,
      carriedForward: from !== null && from.at === to?.at,
      incomplete: from?.complete === false || to?.complete === false,
      age: end - dayNumber(at),
    };
  });
}

function countAccounts(accounts: readonly CoveredAccount[]): AccountCoverage {
  const count = (test: (one: CoveredAccount) => boolean): number => accounts.filter(test).length;
  return {
    both: count(({ from, to }) => from !== null && to !== null),
    onlyFrom: count(({ to }) => to === null),
    onlyTo: count(({ from }) => from === null),
    carriedForward: count(({ carriedForward }) => carriedForward),
    incomplete: count(({ incomplete }) => incomplete),
  };
}

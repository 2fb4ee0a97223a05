import type { Outcome } from '../audit/verdict.ts';
import { TrustsieveError } from '../errors.ts';
import type { AccountMoment, CaptureScope } from '../store/scope.ts';
import type { Store } from '../store/store.ts';
import type { Change, ChangeCause } from './change.ts';
import { compareAccount, type SideRules } from './compare-account.ts';
import { dayNumber } from './periods.ts';

/** One side of a comparison: a moment in evidence time, or what one run read. */
export interface DiffSide {
  /** As shown. */
  readonly label: string;
  readonly scope: Extract<CaptureScope, { readonly kind: 'at' | 'run' }>;
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

export interface DiffSummary {
  readonly new: number;
  readonly resolved: number;
  readonly changed: number;
  readonly reopened: number;
  readonly unchanged: number;
  readonly notComparable: number;
}

export interface Diff {
  readonly from: string;
  readonly to: string;
  readonly coverage: { readonly accounts: AccountCoverage };
  /** Those on either side, by id. */
  readonly accounts: readonly CoveredAccount[];
  readonly summary: DiffSummary;
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
 * Errors: `not-found` for an unknown run.
 */
export function diffStore(store: Store, from: DiffSide, to: DiffSide, options: DiffOptions = {}): Diff {
  const { all = false, heldChanges = HELD_CHANGES } = options;
  const rulesFrom = rulesOf(store, from.scope);
  const rulesTo = rulesOf(store, to.scope);
  const pairs = pairMoments(store.reader.accountMoments(from.scope), store.reader.accountMoments(to.scope));

  function* changes(): Iterable<DiffChange> {
    for (const { account, from: lookFrom, to: lookTo } of pairs) {
      const looks = {
        account,
        from: lookFrom,
        to: lookTo,
        strict: true,
        ledgersFrom: store.reader.ledgerMoments(from.scope, account),
        ledgersTo: store.reader.ledgerMoments(to.scope, account),
      };
      for (const one of compareAccount(store.reader, looks, rulesFrom, rulesTo)) {
        const { change, cause, rule, arn, roleId, fromVerdict, toVerdict } = one;
        yield { change, cause, rule, account, arn, roleId, fromVerdict, toVerdict };
      }
    }
  }

  function* listed(): Iterable<DiffChange> {
    for (const change of changes()) if (all || change.change !== 'unchanged') yield change;
  }

  const counts: Record<Change, number> = {
    new: 0,
    resolved: 0,
    changed: 0,
    reopened: 0,
    unchanged: 0,
    'not-comparable': 0,
  };
  const held: DiffChange[] = [];
  let complete = true;
  for (const change of changes()) {
    counts[change.change]++;
    if (!all && change.change === 'unchanged') continue;
    if (held.length < heldChanges) held.push(change);
    else complete = false;
  }
  const { 'not-comparable': notComparable, ...others } = counts;
  const accounts = coveredAccounts(pairs, to);
  return {
    from: from.label,
    to: to.label,
    coverage: { accounts: countAccounts(accounts) },
    accounts,
    summary: { ...others, notComparable },
    changes: complete ? held : { [Symbol.iterator]: () => listed()[Symbol.iterator]() },
  };
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

interface MomentPair {
  readonly account: string;
  readonly from: AccountMoment | null;
  readonly to: AccountMoment | null;
}

function pairMoments(from: readonly AccountMoment[], to: readonly AccountMoment[]): readonly MomentPair[] {
  const byAccount = new Map<string, { from: AccountMoment | null; to: AccountMoment | null }>();
  for (const moment of from) byAccount.set(moment.account, { from: moment, to: null });
  for (const moment of to) {
    byAccount.set(moment.account, { from: byAccount.get(moment.account)?.from ?? null, to: moment });
  }
  return [...byAccount]
    .map(([account, sides]) => ({ account, ...sides }))
    .sort((a, b) => (a.account < b.account ? -1 : 1));
}

function coveredAccounts(
  pairs: readonly MomentPair[],
  { label, scope }: DiffSide,
): readonly CoveredAccount[] {
  const latest = pairs.reduce((last, { to }) => (to !== null && to.at > last ? to.at : last), '');
  const end = dayNumber(scope.kind === 'at' ? label : latest);
  return pairs.map(({ account, from, to }) => {
    const at = (to ?? from)?.at ?? '';
    return {
      account,
      name: (to ?? from)?.name ?? null,
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

import { TrustsieveError } from '../../errors.ts';
import type { AccountLook, CaptureScope, StoreReader } from '../../store/index.ts';
import { dayNumber } from '../calendar.ts';
import { type Look, lookBefore } from '../look/looks.ts';
import type { LookPair } from './compare-pair.ts';

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

/** An account with the look at it on either side. */
export interface AccountPair extends LookPair {
  readonly account: string;
  readonly name: string | null;
}

/** The accounts on either side, by id. Errors: `usage` where an account would go back in time. */
export function accountPairs(
  reader: StoreReader,
  from: DiffSide | LooksBefore,
  to: DiffSide,
): readonly AccountPair[] {
  const pairs = pairsOf(reader, from.scope, to.scope);
  for (const pair of pairs) refuseBackwards(`account ${pair.account}`, pair, from, to);
  return pairs;
}

function pairsOf(
  reader: StoreReader,
  from: (DiffSide | LooksBefore)['scope'],
  to: DiffSide['scope'],
): readonly AccountPair[] {
  const later = looksIn(reader, to);
  if (from.kind === 'previous') {
    return later.map((look) => ({
      account: look.account,
      name: look.name,
      from: lookBefore(reader, look.account, look.at),
      to: look,
    }));
  }
  const pairs = new Map<string, AccountPair>();
  for (const look of looksIn(reader, from)) {
    const { account, name } = look;
    pairs.set(account, { account, name, from: look, to: null });
  }
  for (const look of later) {
    const { account, name } = look;
    pairs.set(account, { account, name, from: pairs.get(account)?.from ?? null, to: look });
  }
  return [...pairs.values()].sort((a, b) => (a.account < b.account ? -1 : 1));
}

function looksIn(reader: StoreReader, scope: DiffSide['scope']): readonly (Look & AccountLook)[] {
  const looks = reader.accountLooks(scope);
  return scope.kind === 'at' ? looks.map((look) => ({ ...look, until: scope.time })) : looks;
}

/** Errors: `usage`; what was resolved in between would be called new, and the other way round. */
export function refuseBackwards(
  what: string,
  looks: LookPair,
  from: DiffSide | LooksBefore,
  to: DiffSide,
): void {
  if (looks.from === null || looks.to === null || looks.from.at <= looks.to.at) return;
  throw new TrustsieveError(
    'usage',
    `\`${from.label}\` goes back in time to \`${to.label}\`: ${what} was captured at ${looks.from.at}Z there and at ${looks.to.at}Z here; name the earlier first, or compare dates`,
  );
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

export function coveredAccounts(
  pairs: readonly AccountPair[],
  { label, scope }: DiffSide,
): readonly CoveredAccount[] {
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

export function countAccounts(accounts: readonly CoveredAccount[]): AccountCoverage {
  const count = (test: (one: CoveredAccount) => boolean): number => accounts.filter(test).length;
  return {
    both: count(({ from, to }) => from !== null && to !== null),
    onlyFrom: count(({ to }) => to === null),
    onlyTo: count(({ from }) => from === null),
    carriedForward: count(({ carriedForward }) => carriedForward),
    incomplete: count(({ incomplete }) => incomplete),
  };
}

/** The captures that one side of a comparison rests on, ISO 8601 UTC; of how many accounts. */
export interface SideCaptures {
  readonly first: string;
  readonly last: string;
  readonly accounts: number;
}

/** Null where a side has none. */
export interface SidesCaptures {
  readonly from: SideCaptures | null;
  readonly to: SideCaptures | null;
}

export function sideCaptures(accounts: readonly CoveredAccount[]): SidesCaptures {
  return {
    from: capturesOf(accounts.flatMap((one) => one.from ?? [])),
    to: capturesOf(accounts.flatMap((one) => one.to ?? [])),
  };
}

function capturesOf(times: readonly string[]): SideCaptures | null {
  const sorted = [...times].sort();
  const [first] = sorted;
  const last = sorted.at(-1);
  if (first === undefined || last === undefined) return null;
  return { first, last, accounts: times.length };
}

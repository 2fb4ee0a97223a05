import type { Relation } from '../../../model/verdict.ts';
import { RELATIONS } from '../../shared/paths.ts';
import type { Statistics } from '../../shared/statistics.ts';
import type { Stream } from './flow.ts';

/** Nodes of one side; what is beyond goes into one more of its kind. */
const SHOWN_NODES = 9;

/** Nodes that stand for several accounts; no account has such an id. */
export const OTHER_OUTSIDERS = 'other outsiders';
export const OTHER_OWN = 'others of the own organisation';
export const OTHER_ENTERED = 'other accounts entered';

export interface FlowStreams {
  /** In the order of the nodes. */
  readonly streams: readonly Stream[];
  /** Who gets in: anyone, third parties, accounts of unknown relation, the own organisation; of each kind the most roles first. */
  readonly from: readonly FlowEnd[];
  /** The accounts they get into: those that outsiders get into most come first. */
  readonly to: readonly FlowEnd[];
}

/** A node: one account, or several put together. */
export interface FlowEnd {
  readonly id: string;
  readonly accounts: readonly string[];
  /** Of who gets in. */
  readonly relation: Relation | null;
}

/** The streams from the accounts that get in to those they get into: the first, and the rest put together. */
export function flowStreams({ externals, reach }: Statistics): FlowStreams {
  const relations = new Map(externals.map(({ account, relation }) => [account, relation]));
  const relationOf = (account: string): Relation => relations.get(account) ?? 'unknown';
  const isOwn = (account: string): boolean => relationOf(account) === 'same-organisation';
  const givers = new Map<string, number>();
  const takers = new Map<string, { outside: number; all: number }>();
  for (const [external, into] of reach) {
    for (const [account, roles] of into) {
      givers.set(external, (givers.get(external) ?? 0) + roles);
      const sums = takers.get(account) ?? { outside: 0, all: 0 };
      takers.set(account, sums);
      sums.all += roles;
      if (!isOwn(external)) sums.outside += roles;
    }
  }
  const ranked = [...givers].sort(
    ([a, x], [b, y]) =>
      RELATIONS.indexOf(relationOf(a)) - RELATIONS.indexOf(relationOf(b)) || y - x || compare(a, b),
  );
  const entered = [...takers].sort(
    ([a, x], [b, y]) => y.outside - x.outside || y.all - x.all || compare(a, b),
  );
  const from = endsOf(
    ranked.map(([account]) => account),
    (account) => (isOwn(account) ? OTHER_OWN : OTHER_OUTSIDERS),
    relationOf,
  );
  const to = endsOf(
    entered.map(([account]) => account),
    () => OTHER_ENTERED,
    () => null,
  );
  return { streams: streamsBetween(reach, from, to), from, to };
}

/** The first accounts each by itself, the rest by the node that stands for them. */
function endsOf(
  accounts: readonly string[],
  othersOf: (account: string) => string,
  relationOf: (account: string) => Relation | null,
): readonly FlowEnd[] {
  const shown = accounts.length <= SHOWN_NODES + 1 ? accounts.length : SHOWN_NODES;
  const ends: FlowEnd[] = accounts
    .slice(0, shown)
    .map((account) => ({ id: account, accounts: [account], relation: relationOf(account) }));
  const others = new Map<string, string[]>();
  for (const account of accounts.slice(shown)) {
    const id = othersOf(account);
    const group = others.get(id) ?? [];
    others.set(id, group);
    group.push(account);
  }
  for (const [id, group] of others) {
    const relations = new Set(group.map(relationOf));
    const [relation = null] = relations;
    ends.push({ id, accounts: group, relation: relations.size === 1 ? relation : null });
  }
  return ends;
}

function streamsBetween(
  reach: Statistics['reach'],
  from: readonly FlowEnd[],
  to: readonly FlowEnd[],
): readonly Stream[] {
  const ids = (ends: readonly FlowEnd[]): ReadonlyMap<string, string> =>
    new Map(ends.flatMap(({ id, accounts }) => accounts.map((account) => [account, id] as const)));
  const [sources, targets] = [ids(from), ids(to)];
  const amounts = new Map<string, Map<string, number>>();
  for (const [external, into] of reach) {
    const source = sources.get(external) ?? OTHER_OUTSIDERS;
    const sums = amounts.get(source) ?? new Map<string, number>();
    amounts.set(source, sums);
    for (const [account, roles] of into) {
      const target = targets.get(account) ?? OTHER_ENTERED;
      sums.set(target, (sums.get(target) ?? 0) + roles);
    }
  }
  return from.flatMap(({ id: source }) =>
    to.flatMap(({ id: target }) => {
      const amount = amounts.get(source)?.get(target) ?? 0;
      return amount === 0 ? [] : [{ from: source, to: target, amount }];
    }),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

import type { Impact, Privileges } from '../model/role-detail.ts';

/** What is not known ranks before what is known to be little: it may be anything. */
const RANKS: Readonly<Record<Privileges, number>> = {
  administrator: 0,
  'can-become-administrator': 1,
  unknown: 2,
  limited: 3,
  none: 4,
};

/**
 * Orders impacts for ranking, the gravest first: by privileges, then by last use. The more recently used comes first, then
 * what is not known to be used or not, last what was never used.
 */
export function compareImpact(
  a: Pick<Impact, 'privileges' | 'lastUsed'>,
  b: Pick<Impact, 'privileges' | 'lastUsed'>,
): number {
  const byPrivileges = RANKS[a.privileges] - RANKS[b.privileges];
  if (byPrivileges !== 0) return byPrivileges;
  const [used, other] = [useRank(a.lastUsed), useRank(b.lastUsed)];
  return used === other ? 0 : used > other ? -1 : 1;
}

/** Milliseconds since 1970, or below all of them. */
function useRank(lastUsed: string | null): number {
  if (lastUsed === 'never') return Number.NEGATIVE_INFINITY;
  const time = lastUsed === null ? Number.NaN : Date.parse(lastUsed);
  return Number.isNaN(time) ? -Number.MAX_VALUE : time;
}

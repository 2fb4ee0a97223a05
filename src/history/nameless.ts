import type { ObservationRow, ObservedRole } from '../store/role-reader.ts';

/** One identity that an ARN had. Where no export told an id, the identity is nameless: its role id is ''. */
export interface KnownRole extends ObservedRole {
  /** What was seen of the role when no export had told its id yet; absent when nothing was. */
  readonly nameless?: readonly ObservationRow[];
}

/** The role id by which the role was first known; '' when nobody knew one then. */
export function knownAs({ roleId, observations, nameless = [] }: KnownRole): string {
  if (nameless.length === 0) return roleId;
  return firstSighting(nameless) < firstSighting(observations) ? '' : roleId;
}

function firstSighting(rows: readonly ObservationRow[]): string {
  const times = rows.flatMap(({ policy, first }) => (policy === null ? [] : [first]));
  return times.sort()[0] ?? '';
}

/** Who a nameless sighting can speak of: a role with an id, or a nameless role in the making. */
interface Owner {
  /** Null: nameless. */
  readonly role: ObservedRole | null;
  readonly rows: ObservationRow[];
  /** Nameless roles that turned out to be this one. */
  readonly taken: Owner[];
}

/** A stretch of a nameless row that speaks of one owner. */
interface Piece {
  readonly owner: Owner;
  readonly first: string;
  last: string;
}

/**
 * Gives what exports without role ids saw to the roles they saw. Such a sighting speaks of the role that exports with
 * ids show at that moment (of several, one with the same policy, else the first), else of the role that stands; where
 * none stands it is a nameless role, which the next sighting with an id takes over. Nothing is decided by what comes
 * later, so that an earlier moment stays as it was told.
 *
 * @param group the roles of one ARN by role id, the first of them without one
 * @param completeTimes of all complete captures, ascending
 */
export function joinNameless(
  group: readonly ObservedRole[],
  completeTimes: readonly string[],
): readonly KnownRole[] {
  const [nameless, ...others] = group as [ObservedRole, ...ObservedRole[]];
  const named = others.map((role): Owner => ({ role, rows: [...role.observations], taken: [] }));
  const eras: Owner[] = [];
  const pieces = new Map<ObservationRow, Piece[]>();
  let standing: readonly Owner[] = [];

  function newEra(): Owner {
    const era: Owner = { role: null, rows: [], taken: [] };
    eras.push(era);
    return era;
  }

  function assign(row: ObservationRow, owner: Owner, at: string): void {
    const own = pieces.get(row) ?? [];
    pieces.set(row, own);
    const last = own.at(-1);
    if (last?.owner === owner) {
      last.last = at;
      return;
    }
    if (last !== undefined) last.last = lastBefore(completeTimes, at) ?? last.last;
    own.push({ owner, first: at, last: at });
  }

  for (const at of turningTimes(group, completeTimes)) {
    const complete = completeTimes[placeOf(completeTimes, at)] === at;
    const speaks = (row: ObservationRow): boolean =>
      row.complete ? complete && row.first <= at && at <= row.last : row.last === at;
    const shows = ({ role }: Owner, live: boolean): boolean =>
      role?.observations.some((row) => (row.policy !== null) === live && speaks(row)) === true;
    const shown = named.filter((one) => shows(one, true));
    const own = nameless.observations.filter(speaks);
    const [first] = shown;
    if (first !== undefined) {
      const [before, second] = standing;
      if (before?.role === null && second === undefined) first.taken.push(before);
      for (const row of own) assign(row, agreeing(shown, row, speaks) ?? first, at);
      standing = shown;
    } else if (own.some(({ policy }) => policy !== null)) {
      const owner = standing.find((one) => !shows(one, false)) ?? newEra();
      for (const row of own) assign(row, owner, at);
      standing = [owner];
    } else {
      // Of a complete capture that does not show the ARN nothing has to be said.
      const deletions = own.filter((row) => !row.complete);
      for (const row of deletions) {
        for (const owner of standing.length > 0 ? standing : [newEra()]) owner.rows.push(row);
      }
      standing = complete || deletions.length > 0 ? [] : standing.filter((one) => !shows(one, false));
    }
  }

  for (const [row, own] of pieces) {
    const last = own.at(-1);
    if (last !== undefined) last.last = row.last;
    for (const { owner, first, last: end } of own) {
      const isAll = first === row.first && end === row.last;
      const place = end === row.last ? {} : { evidence: null, offset: null };
      owner.rows.push(isAll ? row : { ...row, ...place, first, last: end });
    }
  }
  const left = eras.flatMap(({ rows }) => rows);
  return [
    ...(left.length > 0 ? [{ ...nameless, observations: left }] : []),
    ...named.map(({ role, rows, taken }) => ({
      ...(role as ObservedRole),
      // What was seen with the id comes first.
      observations: rows,
      ...(taken.length > 0 && { nameless: taken.flatMap((era) => era.rows) }),
    })),
  ];
}

function agreeing(
  shown: readonly Owner[],
  { policy }: ObservationRow,
  speaks: (row: ObservationRow) => boolean,
): Owner | undefined {
  return shown.find(({ role }) => role?.observations.some((row) => row.policy === policy && speaks(row)));
}

/** When something can change: where rows begin and end, and at the next complete capture after each of these. */
function turningTimes(group: readonly ObservedRole[], completeTimes: readonly string[]): readonly string[] {
  const times = new Set<string>();
  for (const { observations } of group) {
    for (const { first, last } of observations) {
      for (const time of [first, last]) {
        times.add(time);
        const next = completeTimes[placeOf(completeTimes, `${time}!`)];
        if (next !== undefined) times.add(next);
      }
    }
  }
  return [...times].sort();
}

function lastBefore(times: readonly string[], at: string): string | undefined {
  return times[placeOf(times, at) - 1];
}

/** The place of the first time that is not before `at`. */
function placeOf(times: readonly string[], at: string): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as string) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

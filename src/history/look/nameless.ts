import type { ObservationRow, ObservedRole } from '../../store/index.ts';

/** What was seen of a role while no export had told its id. */
export interface NamelessStretch {
  readonly rows: readonly ObservationRow[];
  /** When an export first told the id. Column time. */
  readonly namedAt: string;
}

/** One identity that an ARN had. Where no export told an id, the identity is nameless: its role id is ''. */
export interface KnownRole extends ObservedRole {
  /** What was seen of the role when no export had told its id yet; absent when nothing was. */
  readonly nameless?: readonly NamelessStretch[];
}

/** The role id by which the role was first known; '' when nobody knew one then. */
export function knownAs({ roleId, observations, nameless = [] }: KnownRole): string {
  if (nameless.length === 0) return roleId;
  const before = nameless.flatMap(({ rows }) => rows);
  return firstSighting(before) < firstSighting(observations) ? '' : roleId;
}

function firstSighting(rows: readonly ObservationRow[]): string {
  const times = rows.flatMap(({ policy, first }) => (policy === null ? [] : [first]));
  return times.sort()[0] ?? '';
}

/** True when the row, seen without an id, had turned out to be of this role by that time. */
export function tookOver({ nameless = [] }: KnownRole, row: ObservationRow, by: string): boolean {
  return nameless.some(({ rows, namedAt }) => namedAt <= by && rows.includes(row));
}

/**
 * All that was seen of a role, in no order, as far as was known by then: of what was seen without an id, not what had
 * turned out to be another role of the ARN.
 */
export function rowsKnownBy(
  role: KnownRole,
  roles: readonly KnownRole[],
  by: string,
): readonly ObservationRow[] {
  const { roleId, observations, nameless } = role;
  if (nameless !== undefined) return [...observations, ...nameless.flatMap(({ rows }) => rows)];
  const takers = roleId === '' ? roles.filter((one) => one.nameless !== undefined) : [];
  if (takers.length === 0) return observations;
  return observations.filter((row) => !takers.some((taker) => tookOver(taker, row, by)));
}

/** Who a nameless sighting can speak of: a role with an id, or a nameless role in the making. */
interface Owner {
  /** Null: nameless. */
  readonly role: ObservedRole | null;
  readonly rows: ObservationRow[];
  /** Nameless roles that turned out to be this one. */
  readonly taken: { readonly owner: Owner; readonly at: string }[];
}

/** A piece of a nameless row that speaks of one owner. */
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
  const join = new NamelessJoin(group, completeTimes);
  for (const at of turningTimes(group, completeTimes)) join.goOnTo(at);
  return join.roles();
}

/** Goes through the moments of one ARN in order of time and keeps who stands. */
class NamelessJoin {
  private readonly nameless: ObservedRole;
  private readonly named: readonly Owner[];
  private readonly unnamed: Owner[] = [];
  private readonly pieces = new Map<ObservationRow, Piece[]>();
  private readonly completeTimes: readonly string[];
  private standing: readonly Owner[] = [];

  constructor(group: readonly ObservedRole[], completeTimes: readonly string[]) {
    const [nameless, ...others] = group as [ObservedRole, ...ObservedRole[]];
    this.nameless = nameless;
    this.named = others.map((role) => ({ role, rows: [...role.observations], taken: [] }));
    this.completeTimes = completeTimes;
  }

  goOnTo(at: string): void {
    const complete = this.completeTimes[placeOf(this.completeTimes, at)] === at;
    const speaks = (row: ObservationRow): boolean =>
      row.complete ? complete && row.first <= at && at <= row.last : row.last === at;
    const tells = ({ role }: Owner, live: boolean): boolean =>
      role?.observations.some((row) => (row.policy !== null) === live && speaks(row)) === true;
    const shown = this.named.filter((one) => tells(one, true));
    const own = this.nameless.observations.filter(speaks);
    const left = this.standing.filter((one) => !tells(one, false));
    const [first] = shown;
    if (first !== undefined) {
      this.takeOver(first, at);
      for (const row of own) this.assign(row, agreeing(shown, row, speaks) ?? first, at);
      this.standing = shown;
    } else if (own.some(({ policy }) => policy !== null)) {
      const owner = left[0] ?? this.newOwner();
      for (const row of own) this.assign(row, owner, at);
      this.standing = [owner];
    } else {
      // Of a complete capture that does not show the ARN nothing has to be said.
      const deletions = own.filter((row) => !row.complete);
      for (const row of deletions) this.tellGone(row);
      this.standing = complete || deletions.length > 0 ? [] : left;
    }
  }

  /** All identities of the ARN, the one without an id first when there is one. */
  roles(): readonly KnownRole[] {
    this.handOut();
    const observations = this.unnamed.flatMap(({ rows }) => rows);
    return [
      ...(observations.length > 0 ? [{ ...this.nameless, observations }] : []),
      ...this.named.map(({ role, rows, taken }) => ({
        ...(role as ObservedRole),
        // What was seen with the id comes first.
        observations: rows,
        ...(taken.length > 0 && {
          nameless: taken.map(({ owner, at }) => ({ rows: owner.rows, namedAt: at })),
        }),
      })),
    ];
  }

  /** A nameless role that stands alone turns out to be the first that is shown with an id. */
  private takeOver(first: Owner, at: string): void {
    const [before, second] = this.standing;
    if (before?.role === null && second === undefined) first.taken.push({ owner: before, at });
  }

  private tellGone(row: ObservationRow): void {
    for (const owner of this.standing.length > 0 ? this.standing : [this.newOwner()]) owner.rows.push(row);
  }

  private newOwner(): Owner {
    const owner: Owner = { role: null, rows: [], taken: [] };
    this.unnamed.push(owner);
    return owner;
  }

  private assign(row: ObservationRow, owner: Owner, at: string): void {
    const own = this.pieces.get(row) ?? [];
    this.pieces.set(row, own);
    const last = own.at(-1);
    if (last?.owner === owner) {
      last.last = at;
      return;
    }
    if (last !== undefined) last.last = lastBefore(this.completeTimes, at) ?? last.last;
    own.push({ owner, first: at, last: at });
  }

  /** Parts the nameless rows and gives the pieces to their owners. */
  private handOut(): void {
    for (const [row, own] of this.pieces) {
      const last = own.at(-1);
      if (last !== undefined) last.last = row.last;
      for (const { owner, first, last: end } of own) {
        const isAll = first === row.first && end === row.last;
        const place = end === row.last ? {} : { evidence: null, offset: null };
        owner.rows.push(isAll ? row : { ...row, ...place, first, last: end });
      }
    }
  }
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

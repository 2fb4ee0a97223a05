import type { ObservationRow } from '../../store/index.ts';
import type { LookTimes } from './looks.ts';
import { type KnownRole, rowsKnownBy } from './nameless.ts';

/** What was last known of a role at a moment. */
export interface LastKnown {
  /** One, unless files of one moment disagree. */
  readonly rows: readonly ObservationRow[];
  /** When it was last seen so, not after the moment. */
  readonly at: string;
}

/**
 * What is known of a role at a moment: what the latest complete capture shows, unless a later incomplete one shows
 * something else. Null when the complete capture does not show the role and nothing later does.
 */
export function lastKnownAt(
  rows: readonly ObservationRow[],
  { at, completeAt }: LookTimes,
): LastKnown | null {
  let latest: ObservationRow[] = [];
  let time: string | null = null;
  for (const row of rows) {
    const seenAt = lastSeenBy(row, at, completeAt);
    if (seenAt === null || (time !== null && seenAt < time)) continue;
    if (seenAt === time) latest.push(row);
    else {
      latest = [row];
      time = seenAt;
    }
  }
  return time === null ? null : { rows: latest, at: time };
}

function lastSeenBy(row: ObservationRow, at: string, completeAt: string | null): string | null {
  if (!row.complete)
    return row.last <= at && (completeAt === null || row.last > completeAt) ? row.last : null;
  return completeAt !== null && row.first <= completeAt && completeAt <= row.last ? completeAt : null;
}

/** A sighting of a role that was there. */
export type Sighting = ObservationRow & { readonly policy: number };

/** What files of one moment disagree on; see `DisagreementRow`. */
export type Dispute = 'policies' | 'existence' | 'ids';

/** A role that exists at the moment, under one of the identities its ARN was seen with. */
export interface CurrentRole {
  readonly role: KnownRole;
  /** When it was last seen, not after the moment. */
  readonly at: string;
  /** How it was seen then, each policy once: one, unless files of that moment disagree. See `worstOf`. */
  readonly shown: readonly [Sighting, ...Sighting[]];
  /** What they disagree on; empty when they do not. */
  readonly disputes: readonly Dispute[];
  /** All observations of this role, in no order. */
  readonly allRows: readonly ObservationRow[];
}

/**
 * The roles of one ARN that exist at the moment: one, unless evidence of one time shows several. An ARN is used again
 * when a role is deleted and made anew, so each role id is a role of its own, and whatever is seen of another one
 * later shows that it is gone. That another one is gone says nothing of it.
 */
export function currentRoles(roles: readonly KnownRole[], look: LookTimes): CurrentRole[] {
  const known = roles.flatMap((role) => {
    const last = lastKnownAt(role.observations, look);
    return last === null ? [] : [{ role, last, shown: sightingsOf(last.rows) }];
  });
  if (known.length === 0) return [];
  const latest = latestSighting(known, look);
  const current = known.flatMap(({ role, last, shown: [first, ...others] }) =>
    first === undefined || last.at !== latest ? [] : [{ role, last, shown: [first, ...others] as const }],
  );
  return current.map(({ role, last, shown }) => ({
    role,
    at: last.at,
    shown,
    disputes: disputesOf(last, shown, current.length),
    allRows: rowsKnownBy(role, roles, look.at),
  }));
}

/** When the ARN was last seen at all, under whichever id, also one that was told gone since. */
function latestSighting(
  known: readonly {
    readonly role: KnownRole;
    readonly last: LastKnown;
    readonly shown: readonly Sighting[];
  }[],
  { at, completeAt }: LookTimes,
): string | null {
  const [only] = known;
  if (known.length === 1 && only !== undefined && only.shown.length > 0) return only.last.at;
  let latest: string | null = null;
  for (const { role } of known) {
    for (const row of role.observations) {
      const seenAt = row.policy === null ? null : lastSeenBy(row, at, completeAt);
      if (seenAt !== null && (latest === null || seenAt > latest)) latest = seenAt;
    }
  }
  return latest;
}

const NO_DISPUTES: readonly Dispute[] = [];

function disputesOf({ rows }: LastKnown, shown: readonly Sighting[], roles: number): readonly Dispute[] {
  if (rows.length === 1 && roles === 1) return NO_DISPUTES;
  return [
    ...(shown.length > 1 ? (['policies'] as const) : []),
    ...(rows.some(({ policy }) => policy === null) ? (['existence'] as const) : []),
    ...(roles > 1 ? (['ids'] as const) : []),
  ];
}

/** Those that show the role, of several with the same policy the first. */
function sightingsOf(rows: readonly ObservationRow[]): readonly Sighting[] {
  const seen = new Map<number, Sighting>();
  for (const row of rows) {
    if (row.policy !== null && !seen.has(row.policy)) seen.set(row.policy, row as Sighting);
  }
  return [...seen.values()];
}

import type { Outcome } from '../audit/verdict.ts';
import type { ObservationRow } from '../store/role-reader.ts';
import type { Judge } from './judging.ts';
import type { KnownRole } from './nameless.ts';

/** The complete captures of an account that a look at it rests on. Column times, comparable as text. */
export interface Base {
  /** The moment itself; nothing after it counts. */
  readonly at: string;
  /** The latest complete capture not after `at`; null when there is none. */
  readonly completeAt: string | null;
}

/** A look at an account that also says what it does not know. */
export interface Look extends Base {
  /** The latest capture after `completeAt` that should show all roles and does not; null when there is none. */
  readonly gapAt: string | null;
  /** True when all roles are known. */
  readonly complete: boolean;
}

/** What was last known of a role at a moment. */
export interface Standing {
  /** One, unless files of one moment disagree. */
  readonly rows: readonly ObservationRow[];
  /** When it was last seen so, not after the moment. */
  readonly at: string;
}

/**
 * What is known of a role at a moment: what the latest complete capture shows, unless a later incomplete one shows
 * something else. Null when the complete capture does not show the role and nothing later does.
 */
export function standingAt(rows: readonly ObservationRow[], { at, completeAt }: Base): Standing | null {
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

/** What files of one moment disagree on; see `DisagreementRow` in store/types.ts. */
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
  readonly life: readonly ObservationRow[];
}

/**
 * The roles of one ARN that exist at the moment: one, unless evidence of one time shows several. An ARN is used again
 * when a role is deleted and made anew, so each role id is a role of its own, and whatever is seen of another one
 * later shows that it is gone. That another one is gone says nothing of it.
 */
export function currentRoles(roles: readonly KnownRole[], base: Base): CurrentRole[] {
  const known = roles.flatMap((role) => {
    const standing = standingAt(role.observations, base);
    return standing === null ? [] : [{ role, standing, shown: sightingsOf(standing.rows) }];
  });
  if (known.length === 0) return [];
  const latest = latestSighting(known, base);
  const current = known.flatMap(({ role, standing, shown: [first, ...others] }) =>
    first === undefined || standing.at !== latest
      ? []
      : [{ role, standing, shown: [first, ...others] as const }],
  );
  return current.map(({ role, standing, shown }) => ({
    role,
    at: standing.at,
    shown,
    disputes: disputesOf(standing, shown, current.length),
    life: role.nameless === undefined ? role.observations : [...role.observations, ...role.nameless],
  }));
}

/** When the ARN was last seen at all, under whichever id, also one that was told gone since. */
function latestSighting(
  known: readonly {
    readonly role: KnownRole;
    readonly standing: Standing;
    readonly shown: readonly Sighting[];
  }[],
  { at, completeAt }: Base,
): string | null {
  const [only] = known;
  if (known.length === 1 && only !== undefined && only.shown.length > 0) return only.standing.at;
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

function disputesOf({ rows }: Standing, shown: readonly Sighting[], roles: number): readonly Dispute[] {
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

/** Of what files of one moment show, what the rule judges worst. */
export function worstOf({ shown }: Pick<CurrentRole, 'shown'>, judge: Judge): Sighting {
  const [first, ...others] = shown;
  let worst: Sighting = first;
  if (others.length === 0) return worst;
  let rank = rankOf(worst.policy, judge);
  for (const one of others) {
    const its = rankOf(one.policy, judge);
    if (!isWorse(its, rank)) continue;
    worst = one;
    rank = its;
  }
  return worst;
}

/** From the most to the least weighty: the outcome; whether anyone gets in unguarded; from how many accounts. */
type Rank = readonly [outcome: number, anyone: number, accounts: number];

/** `none`: never judged, which counts as undecided. */
const OUTCOME_RANKS = { fail: 3, error: 2, none: 2, pass: 1, 'not-applicable': 0 } as const;

/** Of what a rule says of a role by the policies that files of one moment show, the worst. */
export function worstOutcome(outcomes: readonly (Outcome | 'none')[]): Outcome | 'none' {
  return outcomes.reduce((worst, one) => (OUTCOME_RANKS[one] > OUTCOME_RANKS[worst] ? one : worst));
}

function rankOf(policy: number, judge: Judge): Rank {
  const judged = judge(policy);
  if (judged === null) return [OUTCOME_RANKS.none, 0, 0];
  const open = judged.paths.filter(({ guards }) => guards.length === 0).map(({ account }) => account);
  return [OUTCOME_RANKS[judged.verdict], Number(open.includes('*')), new Set(open).size];
}

function isWorse(a: Rank, b: Rank): boolean {
  const index = a.findIndex((part, place) => part !== b[place]);
  return index >= 0 && Number(a[index]) > Number(b[index]);
}

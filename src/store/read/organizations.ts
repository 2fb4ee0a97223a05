import type { Database } from 'better-sqlite3';
import {
  type Assembled,
  assembleOrganizations,
  organizationWith,
} from '../../model/organizations/assemble.ts';
import type { DatedFact } from '../../model/organizations/fact.ts';
import type { Organization, OrganizationMember } from '../../model/organizations/organization.ts';
import { BoundedMap } from '../../text/bounded-map.ts';
import { openStoreState } from '../schema/quiet-changes.ts';

/** Moments of which organisations are kept put together: reports look at few. */
const REMEMBERED = 8;

/** What organisation evidence comes to at moments in evidence time: column times, null for all there is. */
export interface Organizations {
  at(time: string | null): Assembled;
  /** The organisation that an account is a member of; null when none is known, or two of one moment claim it. */
  of(account: string, time: string | null): Organization | null;
  /**
   * The newest evidence that goes with a capture at `at` that another one follows at `next`: of that day (UTC) or before it.
   * Where there is none, the day of the first that follows; null when that is not before `next`.
   */
  around(at: string, next: string): string | null;
  /** When the newest evidence is of that runs before this one had read; null when they had read none. */
  newestBefore(run: number): string | null;
}

/** @param latest column time after which the reader knows nothing; null for the present */
export function openOrganizations(db: Database, latest: string | null): Organizations {
  const newest = db
    .prepare<[{ time: string | null }], string | null>(
      'SELECT max(captured_at) FROM organization_fact WHERE captured_at <= coalesce($time, captured_at)',
    )
    .pluck();
  const facts = db.prepare<[{ moment: string }], DatedFact>(
    `SELECT organization, kind, key, captured_at AS at, value FROM organization_fact WHERE captured_at <= $moment`,
  );
  const state = openStoreState(db);
  const known = new BoundedMap<string, Assembled>(REMEMBERED);
  const at = (asked: string | null): Assembled => {
    const time = asked === null || (latest !== null && latest < asked) ? latest : asked;
    // Nothing changes between two captures.
    const moment = newest.get({ time }) ?? '';
    const key = `${moment} ${state()}`;
    let assembled = known.get(key);
    if (assembled === undefined) {
      assembled = assembleOrganizations(moment === '' ? [] : facts.iterate({ moment }));
      known.set(key, assembled);
    }
    return assembled;
  };
  const distinct = db
    .prepare<[{ latest: string | null }], string>(
      'SELECT DISTINCT captured_at FROM organization_fact WHERE captured_at <= coalesce($latest, captured_at) ORDER BY 1',
    )
    .pluck();
  const before = db
    .prepare<[{ run: number; latest: string | null }], string | null>(
      `SELECT max(f.captured_at) FROM organization_fact f WHERE f.captured_at <= coalesce($latest, f.captured_at)
      AND EXISTS (SELECT 1 FROM run_evidence r WHERE r.evidence_id = f.evidence_id AND r.run_id < $run)`,
    )
    .pluck();
  let moments: { readonly state: string; readonly times: readonly string[] } | null = null;
  const times = (): readonly string[] => {
    const now = state();
    if (moments === null || moments.state !== now) moments = { state: now, times: distinct.all({ latest }) };
    return moments.times;
  };
  return {
    at,
    of: (account, time) => organizationWith(at(time), account),
    around: (capture, next) => momentAround(times(), capture, next),
    newestBefore: (run) => before.get({ run, latest }) ?? null,
  };
}

/** @param moments column times in order */
function momentAround(moments: readonly string[], at: string, next: string): string | null {
  // What is collected in one go takes its time.
  const until = (day: string): string | undefined =>
    moments.findLast((moment) => moment.slice(0, DAY) <= day && moment < next);
  const first = moments.find((moment) => moment > at && moment < next);
  return until(at.slice(0, DAY)) ?? (first === undefined ? null : (until(first.slice(0, DAY)) ?? null));
}

/** Characters of a column time that say the day. */
const DAY = 10;

/** A member, and the organisation that it belongs to. */
export interface PlacedMember extends OrganizationMember {
  readonly organization: Organization;
}

/** Every account that is a member of an organisation, by account. */
export function placedMembers(assembled: Assembled): readonly PlacedMember[] {
  const accounts = new Set(assembled.organizations.flatMap(({ members }) => [...members.keys()]));
  return [...accounts].sort().flatMap((account) => {
    const organization = organizationWith(assembled, account);
    const member = organization?.members.get(account);
    return organization === null || member === undefined ? [] : [{ ...member, organization }];
  });
}

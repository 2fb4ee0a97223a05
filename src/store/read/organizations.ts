import type { Database } from 'better-sqlite3';
import type { Organization, OrganizationMember } from '../../model/organization.ts';
import { type Assembled, assembleOrganizations } from '../../model/organizations/assemble.ts';
import type { DatedFact } from '../../model/organizations/fact.ts';
import { BoundedMap } from '../../text/bounded-map.ts';
import { changesSoFar } from '../schema/quiet-changes.ts';

/** Moments of which organisations are kept put together: reports look at few. */
const REMEMBERED = 8;

/** What organisation evidence comes to at moments in evidence time: column times, null for all there is. */
export interface Organizations {
  at(time: string | null): Assembled;
  /** The organisation that an account is a member of; null when none is known, or two of one moment claim it. */
  of(account: string, time: string | null): Organization | null;
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
  // Another scan may have written meanwhile, by this connection or another.
  const others = db.prepare<[], number>('SELECT data_version FROM pragma_data_version').pluck();
  const known = new BoundedMap<string, Assembled>(REMEMBERED);
  const at = (asked: string | null): Assembled => {
    const time = asked === null || (latest !== null && latest < asked) ? latest : asked;
    // Nothing changes between two captures.
    const moment = newest.get({ time }) ?? '';
    const key = `${moment} ${changesSoFar(db)} ${others.get()}`;
    let assembled = known.get(key);
    if (assembled === undefined) {
      assembled = assembleOrganizations(moment === '' ? [] : facts.iterate({ moment }));
      known.set(key, assembled);
    }
    return assembled;
  };
  return { at, of: (account, time) => organizationWith(at(time), account) };
}

/** An account belongs to one organisation at a time: to the one whose evidence is the newest. */
function organizationWith({ organizations }: Assembled, account: string): Organization | null {
  const claiming = organizations.filter(({ members }) => members.has(account));
  const newest = claiming
    .map(({ capturedAt }) => capturedAt)
    .sort()
    .at(-1);
  const [found = null, ...others] = claiming.filter(({ capturedAt }) => capturedAt === newest);
  return others.length > 0 ? null : found;
}

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

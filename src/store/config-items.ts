import type { Database } from 'better-sqlite3';
import { toColumnTime } from './evidence-time.ts';
import type { Policies } from './policies.ts';
import type { RolePage } from './role-columns.ts';

/**
 * The states of roles that files of AWS Config tell, with their age. Regions keep copies of one role of different age, so
 * of all states that were there at a moment the newest stands, whichever file was delivered later.
 */
export interface ConfigItems {
  /**
   * Takes up the states that a file shows at a capture. Returns true when they change what was placed before, so that the
   * account has to be built anew.
   */
  add(at: string, page: RolePage): boolean;
  /** The policy (0: gone) that stands at the moment for a role that a file of AWS Config shows with `policy`. */
  standing(role: number, policy: number, at: string): number;
}

/** True for formats whose records are states with an age of their own. */
export function holdsConfigItems(format: string | null): boolean {
  return format !== null && (format.startsWith('aws-config') || format === 'antiope');
}

interface ItemRow {
  readonly since: string;
  readonly policy: number | null;
}

export function openConfigItems(db: Database, policies: Policies): ConfigItems {
  const find = db.prepare<[number, string], ItemRow>(
    'SELECT since, policy FROM config_item WHERE role = ? AND version = ?',
  );
  const put = db.prepare(
    'INSERT OR REPLACE INTO config_item (role, version, since, policy) VALUES (?, ?, ?, ?)',
  );
  const older = db
    .prepare<[number, string], number>('SELECT 1 FROM config_item WHERE role = ? AND version < ? LIMIT 1')
    .pluck();
  const until = db
    .prepare<[number, string], string | null>(
      'SELECT min(since) FROM config_item WHERE role = ? AND version > ?',
    )
    .pluck();
  const placed = db
    .prepare<[{ role: number; since: string; until: string | null; policy: number | null }], number>(
      `SELECT 1 FROM observation WHERE role = $role AND last_seen >= $since
         AND ($until IS NULL OR first_seen < $until) AND policy IS NOT $policy LIMIT 1`,
    )
    .pluck();
  const isItem = db
    .prepare<[number, string, number | null], number>(
      'SELECT 1 FROM config_item WHERE role = ? AND since <= ? AND policy IS ? LIMIT 1',
    )
    .pluck();
  const newest = db
    .prepare<[number, string], number | null>(
      'SELECT policy FROM config_item WHERE role = ? AND since <= ? ORDER BY version DESC LIMIT 1',
    )
    .pluck();

  function addOne(role: number, version: string, shownAt: string, shown: number): boolean {
    const told = sinceOf(version);
    const known = find.get(role, version);
    const since = [told ?? shownAt, shownAt, known?.since ?? shownAt].sort()[0] as string;
    const keeps = known !== undefined && !policies.outranks(shown, known.policy ?? 0);
    const policy = keeps ? known.policy : stored(shown);
    if (known?.since === since && known.policy === policy) return false;
    put.run(role, version, since, policy);
    if (known === undefined && older.get(role, version) === undefined) return false;
    const next = until.get(role, version) ?? null;
    return placed.get({ role, since, until: next, policy }) !== undefined;
  }

  return {
    add(at, { length, roles, policies: shown, versions }) {
      let changes = false;
      for (let index = 0; versions !== null && index < length; index++) {
        const version = versions[index] ?? '';
        if (version === '') continue;
        if (addOne(roles[index] as number, version, at, shown[index] as number)) changes = true;
      }
      return changes;
    },
    standing(role, policy, at) {
      if (isItem.get(role, at, stored(policy)) === undefined) return policy;
      return newest.get(role, at) ?? 0;
    },
  };
}

function stored(policy: number): number | null {
  return policy === 0 ? null : policy;
}

/** When the state began, from the version that formats/config-item.ts writes; null when it has no time. */
function sinceOf(version: string): string | null {
  const time = version.slice(0, version.indexOf(' '));
  return time === '' ? null : toColumnTime(time);
}

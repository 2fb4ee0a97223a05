import type { Database } from 'better-sqlite3';
import { toColumnTime } from '../schema/columns.ts';
import type { RolePage } from '../write/role-columns.ts';
import type { Disagreements } from './disagreements.ts';

/** True for formats whose records are states with an age of their own. */
export function holdsConfigItems(format: string | null): boolean {
  return format !== null && (format.startsWith('aws-config') || format === 'antiope');
}

const prepareStatements = (db: Database) => {
  return {
    find: db
      .prepare<[number, string, number], string>(
        'SELECT since FROM config_item WHERE role = ? AND version = ? AND policy = ?',
      )
      .pluck(),
    put: db.prepare('INSERT OR REPLACE INTO config_item (role, version, policy, since) VALUES (?, ?, ?, ?)'),
    upTo: db
      .prepare<[number, string], number>('SELECT 1 FROM config_item WHERE role = ? AND version <= ? LIMIT 1')
      .pluck(),
    until: db
      .prepare<[number, string], string | null>(
        'SELECT min(since) FROM config_item WHERE role = ? AND version > ?',
      )
      .pluck(),
    another: db
      .prepare<[number, string, number], number>(
        'SELECT 1 FROM config_item WHERE role = ? AND version = ? AND policy <> ? LIMIT 1',
      )
      .pluck(),
    placed: db
      .prepare<[{ role: number; since: string; until: string | null; policy: number | null }], number>(
        `SELECT 1 FROM observation WHERE role = $role AND last_seen >= $since
         AND ($until IS NULL OR first_seen < $until) AND policy IS NOT $policy LIMIT 1`,
      )
      .pluck(),
    isItem: db
      .prepare<[number, string, number], number>(
        'SELECT 1 FROM config_item WHERE role = ? AND since <= ? AND policy = ? LIMIT 1',
      )
      .pluck(),
    newest: db
      .prepare<{ role: number; at: string }, number>(
        `SELECT policy FROM config_item WHERE role = $role AND since <= $at AND version =
         (SELECT max(version) FROM config_item WHERE role = $role AND since <= $at)`,
      )
      .pluck(),
  };
};

/**
 * The states of roles that files of AWS Config tell, with their age. Regions keep copies of one role of different age, so
 * of all states that were there at a moment the newest stands, whichever file was delivered later.
 */
export class ConfigItems {
  private readonly sql: ReturnType<typeof prepareStatements>;
  private readonly disagreements: Disagreements;

  constructor(db: Database, disagreements: Disagreements) {
    this.disagreements = disagreements;
    this.sql = prepareStatements(db);
  }

  /**
   * Takes up the states that a file shows at a capture. Returns true when they change what was placed before, so that the
   * account has to be built anew.
   */
  add(account: string, at: string, { length, roles, policies: shown, versions }: RolePage): boolean {
    let changes = false;
    for (let index = 0; versions !== null && index < length; index++) {
      const version = versions[index] ?? '';
      if (version === '') continue;
      const [role, policy] = [roles[index] as number, shown[index] as number];
      if (this.addOne(account, role, version, at, policy)) changes = true;
    }
    return changes;
  }

  /**
   * The policies (0: gone) that stand at the moment for a role that a file of AWS Config shows with `policy`: one, unless
   * records of the newest state disagree.
   */
  standing(role: number, policy: number, at: string): readonly number[] {
    return this.sql.isItem.get(role, at, policy) === undefined ? [policy] : this.sql.newest.all({ role, at });
  }

  /**
   * What stands at a moment of a role that a file of this format shows with a policy: that policy, unless the format's
   * records are states with an age of their own.
   */
  standingIn(format: string | null): (role: number, policy: number, at: string) => readonly number[] {
    if (!holdsConfigItems(format)) return (_, policy) => [policy];
    return (role, policy, at) => this.standing(role, policy, at);
  }

  private addOne(account: string, role: number, version: string, shownAt: string, policy: number): boolean {
    const known = this.sql.find.get(role, version, policy);
    const since = [sinceOf(version) ?? shownAt, shownAt, known ?? shownAt].sort()[0] as string;
    if (known === since) return false;
    const isFirst = this.sql.upTo.get(role, version) === undefined;
    this.sql.put.run(role, version, policy, since);
    if (isFirst) return false;
    if (this.sql.another.get(role, version, policy) !== undefined || this.disagreements.has(account, role))
      return true;
    const next = this.sql.until.get(role, version) ?? null;
    return this.sql.placed.get({ role, since, until: next, policy: stored(policy) }) !== undefined;
  }
}

function stored(policy: number): number | null {
  return policy === 0 ? null : policy;
}

/** When the state began, from the version that formats/shared/config-item.ts writes; null when it has no time. */
function sinceOf(version: string): string | null {
  const time = version.slice(0, version.indexOf(' '));
  return time === '' ? null : toColumnTime(time);
}

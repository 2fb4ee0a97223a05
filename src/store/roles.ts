import type { Database } from 'better-sqlite3';
import type { StagedRole } from './staged-role.ts';

/** The role table as the writer sees it. */
export interface Roles {
  /** The id of a role; 0 when it is not in the store. */
  find(account: string, role: StagedRole): number;
  /** True when the store has no role of this account, so that every role of a capture is a new one. */
  noneOf(account: string): boolean;
  /** The id of a role, which is added when new; with `surelyNew` it is not even looked for. */
  intern(account: string, role: StagedRole, surelyNew: boolean): number;
  /** True when the last `intern` added the role. */
  readonly added: boolean;
}

export function openRoles(db: Database): Roles {
  const find = db
    .prepare<[string, string, string], number>(
      'SELECT id FROM role WHERE account_id = ? AND arn = ? AND role_id = ?',
    )
    .pluck();
  const add = db.prepare(
    'INSERT INTO role (account_id, arn, role_name, role_id, partition) VALUES (?, ?, ?, ?, ?)',
  );
  const anyOf = db.prepare<[string], number>('SELECT 1 FROM role WHERE account_id = ? LIMIT 1').pluck();
  let added = false;
  return {
    get added() {
      return added;
    },
    find: (account, role) => find.get(account, role.arn, role.roleId) ?? 0,
    noneOf: (account) => anyOf.get(account) === undefined,
    intern(account, role, surelyNew) {
      const known = surelyNew ? undefined : find.get(account, role.arn, role.roleId);
      added = known === undefined;
      if (known !== undefined) return known;
      const row = add.run(account, role.arn, role.roleName, role.roleId, role.partition);
      return Number(row.lastInsertRowid);
    },
  };
}

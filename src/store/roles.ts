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

interface Found {
  readonly id: number;
  readonly named: number;
}

export function openRoles(db: Database): Roles {
  const find = db.prepare<[string, string, string, string, string], Found>(
    `SELECT id, role_name = ? AND partition = ? AS named FROM role
     WHERE account_id = ? AND arn = ? AND role_id = ?`,
  );
  const add = db.prepare(
    'INSERT INTO role (account_id, arn, role_name, role_id, partition) VALUES (?, ?, ?, ?, ?)',
  );
  // Files that disagree on a name must leave the same row in whatever order they come.
  const rename = db.prepare(
    `UPDATE role SET role_name = $roleName, partition = $partition
     WHERE id = $id AND ($roleName, $partition) > (role_name, partition)`,
  );
  const anyOf = db.prepare<[string], number>('SELECT 1 FROM role WHERE account_id = ? LIMIT 1').pluck();
  let added = false;
  return {
    get added() {
      return added;
    },
    find: (account, role) => find.get(role.roleName, role.partition, account, role.arn, role.roleId)?.id ?? 0,
    noneOf: (account) => anyOf.get(account) === undefined,
    intern(account, role, surelyNew) {
      const { arn, roleName, roleId, partition } = role;
      const known = surelyNew ? undefined : find.get(roleName, partition, account, arn, roleId);
      added = known === undefined;
      if (known === undefined)
        return Number(add.run(account, arn, roleName, roleId, partition).lastInsertRowid);
      if (known.named === 0) rename.run({ id: known.id, roleName, partition });
      return known.id;
    },
  };
}

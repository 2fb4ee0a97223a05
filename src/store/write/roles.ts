import type { Database } from 'better-sqlite3';
import { TrustsieveError } from '../../errors.ts';
import { BoundedMap } from '../../text/bounded-map.ts';
import { openAccounts } from './accounts.ts';
import { BulkInsert, type SqlValue } from './bulk-insert.ts';
import { KnownRoles } from './known-roles.ts';
import type { StagedRole } from './staged-role.ts';

/** Roles in one statement: it costs a third less than a statement for each. */
const AT_ONCE = 16;
const REMEMBERED = 10_000;

const prepareStatements = (db: Database) => {
  const columns = 'role (account_id, arn, role_id, id)';
  return {
    addMany: new BulkInsert(db, columns, 4, 'ON CONFLICT (account_id, arn, role_id) DO NOTHING'),
    anyOf: db.prepare<[string], number>('SELECT 1 FROM role WHERE account_id = ? LIMIT 1').pluck(),
    readLast: db.prepare<[], number>('SELECT last_role FROM setting').pluck(),
    saveLast: db.prepare('UPDATE setting SET last_role = ?'),
  };
};

/**
 * The role table as the writer sees it. The table is clustered by name, so that roles cost one B-tree and not two. Its ids therefore are not the database's:
 * they are counted up in `setting.last_role`.
 */
export class Roles {
  private readonly sql: ReturnType<typeof prepareStatements>;
  private readonly addAccount: (account: string) => void;
  /** Accounts by whether their roles are looked for before they are added. */
  private readonly lookFirst = new BoundedMap<string, boolean>(REMEMBERED);
  private readonly known: KnownRoles;
  private last = 0;

  constructor(db: Database) {
    this.sql = prepareStatements(db);
    this.addAccount = openAccounts(db);
    this.known = new KnownRoles(db);
  }

  /** To be called when a transaction has begun: another connection may have numbered roles since the last one. */
  begin(): void {
    this.last = this.sql.readLast.get() ?? 0;
  }

  /** The ids of roles of one account, in their order; those that are new are added. */
  internAll(account: string, roles: readonly StagedRole[]): Int32Array {
    const ids = new Int32Array(roles.length);
    let at = 0;
    while (roles.length - at >= AT_ONCE && !this.isKnown(account)) {
      const first = this.addAll(account, roles.slice(at, at + AT_ONCE));
      if (first === 0) {
        this.lookFirst.set(account, true);
        break;
      }
      for (let index = 0; index < AT_ONCE; index++) ids[at + index] = first + index;
      at += AT_ONCE;
    }
    if (at < roles.length) this.isKnown(account);
    for (; at < roles.length; at++) ids[at] = this.findOrAdd(account, roles[at] as StagedRole);
    return ids;
  }

  /** To be called before the transaction ends. */
  end(): void {
    this.sql.saveLast.run(this.last);
  }

  /** To be called when the transaction that added roles was rolled back. */
  forget(): void {
    this.lookFirst.clear();
    this.known.forget();
  }

  private isKnown(account: string): boolean {
    let known = this.lookFirst.get(account);
    if (known === undefined) {
      known = this.sql.anyOf.get(account) !== undefined;
      if (!known) this.addAccount(account);
      this.lookFirst.set(account, known);
    }
    return known;
  }

  private findOrAdd(account: string, role: StagedRole): number {
    const id = this.known.find(account, role) ?? this.addAll(account, [role]);
    if (id === 0) throw new TrustsieveError('internal', `the role \`${role.arn}\` is neither there nor new`);
    return id;
  }

  /** Adds roles that are most likely new; returns the id of the first, or 0 when one of them was there. */
  private addAll(account: string, roles: readonly StagedRole[]): number {
    const values = roles.flatMap(({ arn, roleId }): SqlValue[] => [account, arn, roleId, ++this.last]);
    return this.sql.addMany.runOnce(values).added === roles.length ? this.last - roles.length + 1 : 0;
  }
}

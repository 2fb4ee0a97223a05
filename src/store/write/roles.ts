import type { Database } from 'better-sqlite3';
import { BoundedMap } from '../../text/bounded-map.ts';
import { openAccounts } from './accounts.ts';
import { BulkInsert, type SqlValue } from './bulk-insert.ts';
import type { StagedRole } from './staged-role.ts';

/** Anything that names a role; it is the role that gets a number. */
export interface WithRole {
  readonly role: StagedRole;
}

/** Rows in one statement: it costs a third less than a statement for each. */
const AT_ONCE = 16;
const REMEMBERED = 10_000;
/** Roles whose numbers are remembered: exports of every day show the same ones again. About 10 MB. */
const REMEMBERED_ROLES = 32_768;

interface KnownRole extends StagedRole {
  readonly account: string;
  readonly id: number;
}

const prepareStatements = (db: Database) => {
  const columns = 'role (account_id, arn, role_id, id)';
  return {
    find: db.prepare<[string, string, string], KnownRole>(
      'SELECT id, account_id AS account, arn, role_id AS roleId FROM role WHERE account_id = ? AND arn = ? AND role_id = ?',
    ),
    add: db.prepare(`INSERT INTO ${columns} VALUES (?, ?, ?, ?)`),
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
  /** Roles that were found in the table, by ARN. */
  private readonly known = new BoundedMap<string, KnownRole>(REMEMBERED_ROLES);
  private last = 0;

  constructor(db: Database) {
    this.sql = prepareStatements(db);
    this.addAccount = openAccounts(db);
  }

  /** To be called when a transaction has begun: another connection may have numbered roles since the last one. */
  begin(): void {
    this.last = this.sql.readLast.get() ?? 0;
  }

  /** Gives the ids of roles of one account, from index `from` to before `end`, in order; the new ones are added. */
  internAll(
    account: string,
    rows: readonly WithRole[],
    from: number,
    end: number,
    visit: (index: number, id: number) => void,
  ): void {
    let at = from;
    while (end - at >= AT_ONCE && !this.isKnown(account)) {
      const first = this.addAll(account, rows, at);
      if (first === 0) {
        this.lookFirst.set(account, true);
        break;
      }
      for (let index = 0; index < AT_ONCE; index++) visit(at + index, first + index);
      at += AT_ONCE;
    }
    if (at < end) this.isKnown(account);
    for (; at < end; at++) visit(at, this.intern(account, (rows[at] as WithRole).role));
  }

  /** To be called before the transaction ends. */
  end(): void {
    this.sql.saveLast.run(this.last);
  }

  /** To be called when the transaction that added roles was rolled back. */
  forget(): void {
    this.lookFirst.clear();
    this.known.clear();
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

  private intern(account: string, { arn, roleId }: StagedRole): number {
    const known = this.known.get(arn);
    if (known !== undefined && known.roleId === roleId && known.account === account) return known.id;
    const found = this.sql.find.get(account, arn, roleId);
    if (found !== undefined) {
      // Its texts are the database's: those of the evidence may keep a whole batch in memory.
      this.known.set(found.arn, found);
      return found.id;
    }
    this.sql.add.run(account, arn, roleId, ++this.last);
    return this.last;
  }

  /** Adds roles that are most likely new; returns the id of the first, or 0 when one of them was there. */
  private addAll(account: string, rows: readonly WithRole[], from: number): number {
    const values: SqlValue[] = [];
    for (let at = from; at < from + AT_ONCE; at++) {
      const { arn, roleId } = (rows[at] as WithRole).role;
      values.push(account, arn, roleId, ++this.last);
    }
    return this.sql.addMany.runOnce(values).added === AT_ONCE ? this.last - AT_ONCE + 1 : 0;
  }
}

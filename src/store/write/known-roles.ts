import type { Database } from 'better-sqlite3';
import { BoundedMap } from '../../text/bounded-map.ts';
import type { StagedRole } from './staged-role.ts';

/** Roles held in memory, about 10 MB. */
const MOST_HELD = 32_768;
const ACCOUNTS_COUNTED = 10_000;
/** How many roles of an account are looked for before its roles are counted. */
const FEW = 16;
/** Reading a role along with all of its account costs about half of what looking for it costs. */
const WORTH_READING = 0.25;

interface Looked {
  times: number;
  /** After so many times the whole account is read. */
  worth: number;
}

interface KnownRole {
  readonly arn: string;
  readonly roleId: string;
  readonly id: number;
}

/** Finds roles in the table. Exports show the same accounts again, so all roles of an account that is asked for often are read at once. */
export class KnownRoles {
  private readonly findOne;
  private readonly countOf;
  private readonly allOf;
  /** By account, then ARN: of several roles of one ARN the last. */
  private readonly held = new Map<string, ReadonlyMap<string, KnownRole>>();
  private heldRoles = 0;
  /** Accounts whose roles were looked for one by one. */
  private readonly looked = new BoundedMap<string, Looked>(ACCOUNTS_COUNTED);

  constructor(db: Database) {
    this.findOne = db
      .prepare<[string, string, string], number>(
        'SELECT id FROM role WHERE account_id = ? AND arn = ? AND role_id = ?',
      )
      .pluck();
    this.countOf = db.prepare<[string], number>('SELECT count(*) FROM role WHERE account_id = ?').pluck();
    this.allOf = db.prepare<[string], KnownRole>(
      'SELECT arn, role_id AS roleId, id FROM role WHERE account_id = ?',
    );
  }

  /** The role's id; undefined when it is not in the table. */
  find(account: string, { arn, roleId }: StagedRole): number | undefined {
    const known = (this.held.get(account) ?? this.read(account))?.get(arn);
    return known?.roleId === roleId ? known.id : this.findOne.get(account, arn, roleId);
  }

  forget(): void {
    this.held.clear();
    this.heldRoles = 0;
    this.looked.clear();
  }

  /** Reads the account when that is worth it. */
  private read(account: string): ReadonlyMap<string, KnownRole> | undefined {
    let looked = this.looked.get(account);
    if (looked === undefined) {
      looked = { times: 0, worth: FEW };
      this.looked.set(account, looked);
    }
    if (++looked.times < looked.worth) return undefined;
    const count = this.countOf.get(account) ?? 0;
    const worth = count > MOST_HELD ? Number.POSITIVE_INFINITY : count * WORTH_READING;
    if (looked.times < worth) {
      looked.worth = worth;
      return undefined;
    }
    if (this.heldRoles + count > MOST_HELD) this.forget();
    const roles = new Map(this.allOf.all(account).map((role) => [role.arn, role]));
    this.held.set(account, roles);
    this.heldRoles += count;
    return roles;
  }
}

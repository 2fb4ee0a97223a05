import type { Database, Statement } from 'better-sqlite3';
import { changesSoFar } from '../schema/quiet-changes.ts';
import type { AccountLook } from './looks.ts';
import type { PolicyCount } from './role-reader.ts';

/** The policies of one account or ledger, as one reading of its roles tells them. */
interface Uses {
  /** Column time. */
  readonly at: string;
  /** All that were ever seen, with the number of roles that have it at the time: none of those that are no more. */
  readonly policies: readonly PolicyCount[];
  readonly current: readonly PolicyCount[];
}

/** Policies that are remembered together; about 50 bytes each. */
const REMEMBERED = 200_000;

/**
 * Counts the roles of accounts by policy in the database, each account once as far as memory allows, because that reads
 * every role and every observation of it.
 */
export class PolicyUses {
  private readonly db: Database;
  private readonly disputed: Statement<[string, string], number>;
  private readonly everDisputed: Statement<[string], number>;
  private readonly idless: Statement<[string], { readonly some: number; readonly all: number }>;
  private readonly latest: Statement<[Record<string, string | null>], string | null>;
  private readonly counted: Statement<[Record<string, string | null>], PolicyCount>;

  private readonly until: string | null;
  private readonly known = new Map<string, Uses>();
  private readonly mixed = new Map<string, boolean>();
  private held = 0;
  /** Rows that this connection had written when it was counted. */
  private written = 0;

  /** @param until column time; what was seen only later does not count; null for all */
  constructor(db: Database, until: string | null) {
    this.until = until;
    this.disputed = db
      .prepare<[string, string], number>(
        'SELECT 1 FROM disagreement WHERE account_id = ? AND captured_at = ? LIMIT 1',
      )
      .pluck();
    this.everDisputed = db
      .prepare<[string], number>('SELECT 1 FROM disagreement WHERE account_id = ? LIMIT 1')
      .pluck();
    this.idless = db.prepare(
      `SELECT coalesce(max(role_id = ''), 0) AS some, coalesce(min(role_id = ''), 1) AS "all"
       FROM role WHERE account_id = ?`,
    );
    this.latest = db
      .prepare<[Record<string, string | null>], string | null>(
        `SELECT max(captured_at) FROM capture
         WHERE account_id = $account AND captured_at <= coalesce($until, captured_at)`,
      )
      .pluck();
    this.db = db;
    // LIMIT keeps SQLite from sorting the times along with the policies.
    this.counted = db.prepare(
      `SELECT policy, sum(present) AS count FROM (
         SELECT o.policy, o.complete = 1 AND o.first_seen <= $at AND o.last_seen >= $at AS present
         FROM role r CROSS JOIN observation o ON o.role = r.id
         WHERE r.account_id = $account AND o.policy IS NOT NULL AND o.first_seen <= coalesce($until, o.first_seen)
         LIMIT -1
       ) GROUP BY policy`,
    );
  }

  /**
   * The policies of the roles that exist at a moment. Null where roles have to be looked at one by one: after a capture
   * that is not complete or on which files disagree, and where exports with and without role ids meet.
   */
  current(look: AccountLook): readonly PolicyCount[] | null {
    return this.isCountable(look) ? this.usesOf(look.account, look.at).current : null;
  }

  /** False where that is null; known much sooner. */
  isCountable({ account, at, completeAt }: AccountLook): boolean {
    this.forgetWhatIsOld();
    return completeAt === at && this.disputed.get(account, at) === undefined && !this.mixesIds(account);
  }

  /** All policies that observations of an account or a ledger show, whether or not a role has them now. */
  seen(account: string): readonly PolicyCount[] {
    this.forgetWhatIsOld();
    const { until } = this;
    const uses = this.known.get(account);
    return (uses ?? this.usesOf(account, this.latest.get({ account, until }) ?? '')).policies;
  }

  /** Files ever disagreed on a role, so that observations do not show all its policies. */
  hasDisputed(account: string): boolean {
    return this.everDisputed.get(account) !== undefined;
  }

  private forgetWhatIsOld(): void {
    const written = changesSoFar(this.db);
    if (written === this.written) return;
    this.written = written;
    this.known.clear();
    this.mixed.clear();
    this.held = 0;
  }

  private mixesIds(account: string): boolean {
    let mixed = this.mixed.get(account);
    if (mixed === undefined) {
      const idless = this.idless.get(account);
      mixed = idless?.some === 1 && idless.all === 0;
      this.mixed.set(account, mixed);
    }
    return mixed;
  }

  private usesOf(account: string, at: string): Uses {
    const known = this.known.get(account);
    if (known?.at === at) return known;
    const policies = this.counted.all({ account, at, until: this.until });
    const isCurrent = ({ count }: PolicyCount): boolean => count > 0;
    const uses = { at, policies, current: policies.every(isCurrent) ? policies : policies.filter(isCurrent) };
    if (known === undefined && this.held + policies.length > REMEMBERED) return uses;
    this.held += policies.length - (known?.policies.length ?? 0);
    this.known.set(account, uses);
    return uses;
  }
}

import type { Database } from 'better-sqlite3';
import { openStoreState } from '../schema/quiet-changes.ts';

/** What one file shows of a role at one time. */
export interface DetailRow {
  readonly at: string;
  readonly text: string | null;
  readonly lastUsed: string;
}

/** Roles read by one statement, and characters of what is shown of them. */
const BLOCK = 256;
const MOST_CHARACTERS = 4 * 1024 * 1024;

interface BlockRow extends DetailRow {
  readonly role: number;
}

/** What files of one time show of a role. */
interface Shown {
  readonly rows: readonly DetailRow[];
  /** There are tables of policies of the account and the time. */
  readonly hasTables: boolean;
}

/** What was read of some roles of an account, of one time. */
interface Block {
  readonly account: string;
  readonly at: string;
  /** Of the store, when it was read. */
  readonly state: string;
  readonly shown: ReadonlyMap<number, Shown>;
}

/**
 * Details of failing roles that will be asked for soon. The first that is asked for is read together with others, because a statement
 * for each takes twenty times as long.
 */
export class ExpectedDetails {
  private readonly query;
  private readonly tables;
  private readonly stateOfStore: () => string;
  private expected: { readonly account: string; readonly roles: readonly number[] } | null = null;
  private block: Block | null = null;

  constructor(db: Database) {
    this.stateOfStore = openStoreState(db);
    this.tables = db
      .prepare<[string, string], number>(
        `SELECT EXISTS (SELECT 1 FROM role_policy_source
           WHERE captured_at = ? AND account_id = ?)`,
      )
      .pluck();
    this.query = db.prepare<[Record<string, string>], BlockRow>(
      `SELECT j.value AS role, s.captured_at AS at, d.detail AS text, f.last_used AS lastUsed
       FROM json_each($roles) j CROSS JOIN capture_source s CROSS JOIN role_detail_seen f
       LEFT JOIN role_detail d ON d.id = f.detail
       WHERE s.account_id = $account AND s.captured_at = $at
         AND f.evidence_id = s.evidence_id AND f.role = j.value AND f.captured_at = s.captured_at
       ORDER BY j.key`,
    );
  }

  expect(account: string, roles: readonly number[]): void {
    this.expected = { account, roles };
  }

  /** What files of the very time show of a role; null where that has to be looked up. */
  shownAt(account: string, role: number, at: string): Shown | null {
    const { block, expected } = this;
    if (expected?.account !== account) return null;
    const state = this.stateOfStore();
    const isSame = block?.account === account && block.at === at && block.state === state;
    const known = isSame ? block.shown.get(role) : undefined;
    if (known !== undefined) return known;
    const place = expected.roles.indexOf(role);
    if (place < 0) return null;
    const roles = expected.roles.slice(place, place + BLOCK);
    this.expected = { account, roles: expected.roles.slice(place + 1) };
    const shown = this.read(account, roles, at);
    this.block = { account, at, state, shown };
    return shown.get(role) ?? null;
  }

  private read(account: string, roles: readonly number[], at: string): Block['shown'] {
    const rows = new Map<number, DetailRow[]>();
    let characters = 0;
    for (const { role, ...row } of this.query.iterate({ account, at, roles: JSON.stringify(roles) })) {
      characters += row.text?.length ?? 0;
      const known = rows.get(role);
      if (known !== undefined) known.push(row);
      // A role has all of its rows, or none.
      else if (characters > MOST_CHARACTERS && rows.size > 0) break;
      else rows.set(role, [row]);
    }
    const hasTables = this.tables.get(at, account) === 1;
    return new Map([...rows].map(([role, own]) => [role, { rows: own, hasTables }]));
  }
}

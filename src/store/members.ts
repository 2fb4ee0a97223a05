import type { Database } from 'better-sqlite3';

/** An account of the own organisation, as a member list names it. */
export interface Member {
  /** 12 digits. */
  readonly account: string;
  readonly name: string | null;
  /** As AWS Organizations writes it, `ACTIVE` where the list says nothing. */
  readonly status: string;
}

export interface MemberList {
  /** By account, each once. */
  readonly members: readonly Member[];
  /** False when the list says that a further page follows, so that more accounts should be there than it names. */
  readonly whole: boolean;
}

/**
 * States in which nothing can be exported from an account any more
 * (https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html).
 */
export const CLOSED_STATUSES: ReadonlySet<string> = new Set(['SUSPENDED', 'PENDING_CLOSURE', 'CLOSED']);

/** Replaces the member list. */
export function saveMembers(db: Database, { members, whole }: MemberList): void {
  const add = db.prepare('INSERT INTO member (account_id, name, status) VALUES (?, ?, ?)');
  db.transaction(() => {
    db.prepare('DELETE FROM member').run();
    for (const { account, name, status } of members) add.run(account, name, status);
    db.prepare('UPDATE setting SET members = ? WHERE id = 1').run(whole ? 'whole' : 'cut');
  }).immediate();
}

/** The list that was given last; null when none ever was. */
export function loadMembers(db: Database): MemberList | null {
  const known = db.prepare<[], string>('SELECT members FROM setting').pluck().get();
  if (known === undefined || known === 'unknown') return null;
  const members = db
    .prepare<[], Member>('SELECT account_id AS account, name, status FROM member ORDER BY account_id')
    .all();
  return { members, whole: known === 'whole' };
}

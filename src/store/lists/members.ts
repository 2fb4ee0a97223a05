import type { Database } from 'better-sqlite3';
import type { Member, MemberList } from '../../model/account-lists.ts';

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

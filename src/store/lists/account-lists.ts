import type { Database } from 'better-sqlite3';
import type { Member, MemberList } from '../../model/account-lists.ts';
import type { AccountRelations, KnownAccount } from '../../model/relations.ts';
import { writing } from '../schema/seal-rows.ts';
import { unsettling } from '../schema/settled.ts';

/** Replaces the member list. */
export function saveMembers(db: Database, { members, whole }: MemberList): void {
  const add = db.prepare('INSERT INTO member (account_id, name, status) VALUES (?, ?, ?)');
  writing(db, () => {
    db.prepare('DELETE FROM member').run();
    unsettling(db).all();
    for (const { account, name, status } of members) add.run(account, name, status);
    db.prepare('UPDATE setting SET members = ? WHERE id = 1').run(whole ? 'whole' : 'cut');
  });
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

const KNOWN = 'relation IS NOT NULL OR name IS NOT NULL';

/** Replaces all that is known of accounts apart from the evidence. Of AWS's own accounts the name alone is kept. */
export function saveRelations(db: Database, relations: AccountRelations): void {
  const clear = db.prepare(`UPDATE account SET name = NULL, relation = NULL WHERE ${KNOWN}`);
  const upsert = db.prepare(
    `INSERT INTO account (id, name, relation) VALUES (?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, relation = excluded.relation`,
  );
  const setting = db.prepare('UPDATE setting SET organisation_known = ? WHERE id = 1');
  writing(db, () => {
    clear.run();
    unsettling(db).all();
    for (const [id, { name, relation }] of relations.accounts)
      upsert.run(id, name, relation === 'unknown' ? null : relation);
    setting.run(relations.organisationKnown ? 1 : 0);
  });
}

/** What `saveRelations` saved last. */
export function loadRelations(db: Database): AccountRelations {
  const rows = db
    .prepare<[], KnownAccount & { readonly id: string }>(
      `SELECT id, name, coalesce(relation, 'unknown') AS relation FROM account WHERE ${KNOWN} ORDER BY id`,
    )
    .all();
  const known = db.prepare<[], number>('SELECT organisation_known FROM setting').pluck().get();
  return {
    accounts: new Map(rows.map(({ id, name, relation }) => [id, { name, relation }])),
    organisationKnown: known === 1,
  };
}

/** All that lists of accounts say, as one scan knew them. */
export interface AccountListsThen {
  /** Null when none had been given. */
  readonly members: MemberList | null;
  readonly relations: AccountRelations;
}

/** How `list` of the table has them; in an order that depends on nothing but what they say. */
interface Kept {
  readonly members: MemberList | null;
  readonly accounts: readonly (readonly [id: string, known: KnownAccount])[];
  readonly organisationKnown: boolean;
}

/** @param relations by account, in ascending order */
export function keptText({ members, relations: { accounts, organisationKnown } }: AccountListsThen): string {
  const kept: Kept = { members, accounts: [...accounts], organisationKnown };
  return JSON.stringify(kept);
}

/** The inverse of `keptText`. */
export function keptLists(text: string): AccountListsThen {
  const { members, accounts, organisationKnown } = JSON.parse(text) as Kept;
  return { members, relations: { accounts: new Map(accounts), organisationKnown } };
}

/** Keeps the lists that the store has now as those of a run, unless they are those of the runs before. */
export function keepLists(db: Database, run: number): void {
  const list = keptText({ members: loadMembers(db), relations: loadRelations(db) });
  const last = db
    .prepare<[], string>('SELECT list FROM account_list ORDER BY run_id DESC LIMIT 1')
    .pluck()
    .get();
  if (last !== list) db.prepare('INSERT INTO account_list (run_id, list) VALUES (?, ?)').run(run, list);
}

/** Before lists are replaced: in a store from before there was the table, what it has are the lists of its last run. */
export function keepFirstLists(db: Database): void {
  if (db.prepare('SELECT 1 FROM account_list').get() !== undefined) return;
  const last = db.prepare<[], number | null>('SELECT max(id) FROM run').pluck().get();
  if (last != null) writing(db, () => keepLists(db, last));
}

/** The lists as a run knew them, or the oldest kept when that is unknown; null when none were kept. */
export function listsOf(db: Database, run: number): AccountListsThen | null {
  const list = db
    .prepare<[{ run: number }], string>(
      `SELECT list FROM account_list
       WHERE run_id = coalesce((SELECT max(run_id) FROM account_list WHERE run_id <= $run), (SELECT min(run_id) FROM account_list))`,
    )
    .pluck()
    .get({ run });
  return list === undefined ? null : keptLists(list);
}

/** Accounts that lists named up to a run, those since replaced included. */
export function accountsListedBy(db: Database, run: number): ReadonlySet<string> {
  const lists = db
    .prepare<[number], string>('SELECT list FROM account_list WHERE run_id <= ?')
    .pluck()
    .iterate(run);
  const named = new Set<string>();
  for (const list of lists) for (const [id] of (JSON.parse(list) as Kept).accounts) named.add(id);
  return named;
}

/** Takes a run back: its lists are those of the run after it, as far as that one knew no others. */
export function forgetLists(db: Database, run: number): void {
  db.prepare(
    `UPDATE OR IGNORE account_list SET run_id = (SELECT min(id) FROM run WHERE id > $run)
     WHERE run_id = $run AND EXISTS (SELECT 1 FROM run WHERE id > $run)`,
  ).run({ run });
  db.prepare('DELETE FROM account_list WHERE run_id = ?').run(run);
}

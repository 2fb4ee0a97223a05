import type { Database } from 'better-sqlite3';
import type { AccountRelations, KnownAccount } from '../audit/relations.ts';

/** Replaces all that is known of accounts apart from the evidence. */
export function saveRelations(db: Database, relations: AccountRelations): void {
  const clear = db.prepare('UPDATE account SET name = NULL, relation = NULL WHERE relation IS NOT NULL');
  const upsert = db.prepare(
    `INSERT INTO account (id, name, relation) VALUES (?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, relation = excluded.relation`,
  );
  const setting = db.prepare('UPDATE setting SET organisation_known = ? WHERE id = 1');
  db.transaction(() => {
    clear.run();
    for (const [id, { name, relation }] of relations.accounts) upsert.run(id, name, relation);
    setting.run(relations.organisationKnown ? 1 : 0);
  }).immediate();
}

/** What `saveRelations` saved last. */
export function loadRelations(db: Database): AccountRelations {
  const rows = db
    .prepare<[], KnownAccount & { readonly id: string }>(
      'SELECT id, name, relation FROM account WHERE relation IS NOT NULL ORDER BY id',
    )
    .all();
  const known = db.prepare<[], number>('SELECT organisation_known FROM setting').pluck().get();
  return {
    accounts: new Map(rows.map(({ id, name, relation }) => [id, { name, relation }])),
    organisationKnown: known === 1,
  };
}

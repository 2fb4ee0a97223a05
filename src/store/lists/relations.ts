import type { Database } from 'better-sqlite3';
import type { AccountRelations, KnownAccount } from '../../model/relations.ts';

const KNOWN = 'relation IS NOT NULL OR name IS NOT NULL';

/** Replaces all that is known of accounts apart from the evidence. Of AWS's own accounts the name alone is kept. */
export function saveRelations(db: Database, relations: AccountRelations): void {
  const clear = db.prepare(`UPDATE account SET name = NULL, relation = NULL WHERE ${KNOWN}`);
  const upsert = db.prepare(
    `INSERT INTO account (id, name, relation) VALUES (?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, relation = excluded.relation`,
  );
  const setting = db.prepare('UPDATE setting SET organisation_known = ? WHERE id = 1');
  db.transaction(() => {
    clear.run();
    for (const [id, { name, relation }] of relations.accounts)
      upsert.run(id, name, relation === 'unknown' ? null : relation);
    setting.run(relations.organisationKnown ? 1 : 0);
  }).immediate();
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

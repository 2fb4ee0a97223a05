import type { Database } from 'better-sqlite3';
import type { OrganizationCapture } from '../../model/organizations/fact.ts';
import { openOrganizations, placedMembers } from '../read/organizations.ts';
import { toColumnTime } from '../schema/columns.ts';
import { unsettling } from '../schema/settled.ts';

/** Keeps what files say of organisations. */
export interface FoldedOrganizations {
  /** What the file says now, in place of what it said when it was read before; null: nothing. */
  replace(evidence: number, capture: OrganizationCapture | null): void;
  /** Brings the table of members up to date; to be called at the end of a run, and within a transaction. */
  settle(): void;
}

export function foldOrganizations(db: Database): FoldedOrganizations {
  const any = db
    .prepare<[number], number>('SELECT 1 FROM organization_fact WHERE evidence_id = ? LIMIT 1')
    .pluck();
  const drop = db.prepare('DELETE FROM organization_fact WHERE evidence_id = ?');
  const add = db.prepare(
    'INSERT INTO organization_fact (evidence_id, organization, kind, key, captured_at, value) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const unsettle = unsettling(db);
  /** True at first, because a scan before may have been killed. */
  let changed = true;
  return {
    replace(evidence, capture) {
      const hadFacts = any.get(evidence) !== undefined;
      if (hadFacts) drop.run(evidence);
      for (const { organization, kind, key, value } of capture?.facts ?? [])
        add.run(evidence, organization, kind, key, toColumnTime(capture?.capturedAt ?? ''), value);
      if (!hadFacts && capture === null) return;
      changed = true;
      unsettle.all();
    },
    settle() {
      if (changed) writeMembers(db);
      changed = false;
    },
  };
}

/** Works the table of members out anew; within a transaction of the caller. */
export function writeMembers(db: Database): void {
  db.prepare('DELETE FROM organization_member').run();
  const add = db.prepare(
    'INSERT INTO organization_member (account_id, organization, name, status, whole) VALUES (?, ?, ?, ?, ?)',
  );
  for (const { account, name, status, organization } of placedMembers(openOrganizations(db, null).at(null)))
    add.run(account, organization.id, name, status, organization.membersWhole ? 1 : 0);
}

import type { Database } from 'better-sqlite3';
import type { FactKind, OrganizationCapture } from '../../model/organizations/fact.ts';
import { openOrganizations, placedMembers } from '../read/organizations.ts';
import { toColumnTime } from '../schema/columns.ts';

/** Keeps what files say of organisations. */
export interface FoldedOrganizations {
  /** What the file says now, in place of what it said when it was read before; null: nothing. */
  replace(evidence: number, capture: OrganizationCapture | null): void;
}

/** Facts that make nobody a member; they may only decide to which of several organisations an account belongs. */
const OF_POLICIES: ReadonlySet<string> = new Set<FactKind>(['policy-name', 'policy-text']);

export function foldOrganizations(db: Database): FoldedOrganizations {
  const several = db
    .prepare<[], number>(
      `SELECT 1 FROM organization_fact WHERE organization > (SELECT min(organization) FROM organization_fact) LIMIT 1`,
    )
    .pluck();
  const kinds = db
    .prepare<[number], string>('SELECT DISTINCT kind FROM organization_fact WHERE evidence_id = ?')
    .pluck();
  const drop = db.prepare('DELETE FROM organization_fact WHERE evidence_id = ?');
  const add = db.prepare(
    'INSERT INTO organization_fact (evidence_id, organization, kind, key, captured_at, value) VALUES (?, ?, ?, ?, ?, ?)',
  );
  return {
    replace(evidence, capture) {
      const before = kinds.all(evidence);
      const hadFacts = before.length > 0;
      if (hadFacts) drop.run(evidence);
      for (const { organization, kind, key, value } of capture?.facts ?? [])
        add.run(evidence, organization, kind, key, toColumnTime(capture?.capturedAt ?? ''), value);
      const touched = new Set([...before, ...(capture?.facts ?? []).map(({ kind }) => kind)]);
      // A folder may hold hundreds of policies, each in a file of its own.
      const isOfPolicies = [...touched].every((kind) => OF_POLICIES.has(kind)) && several.get() === undefined;
      if (touched.size > 0 && !isOfPolicies) writeMembers(db);
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
